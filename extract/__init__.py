"""Extract a Salesforce org to bronze Parquet files."""
