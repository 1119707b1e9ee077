"""The HTTP API over the published warehouse."""
