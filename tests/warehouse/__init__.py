"""Tests of the warehouse project."""
