"""Migrations of the state store, in order."""
