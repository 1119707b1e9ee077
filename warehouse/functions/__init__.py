"""Python functions registered inside DuckDB."""
