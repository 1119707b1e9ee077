"""The HTTP API and the dashboard over the published warehouse."""
