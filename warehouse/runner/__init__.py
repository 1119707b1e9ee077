"""What runs the dbt project: build, audit, publish, roll back, export, with locks and a run log."""
