"""Tests of account linking."""
