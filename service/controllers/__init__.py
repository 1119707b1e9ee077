"""The routes of the API: each with its operation id, its role and its schema."""
