"""Build, audit, publish and roll back the dbt warehouse."""
