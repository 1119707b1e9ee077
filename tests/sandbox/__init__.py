"""Tests of the sandbox org."""
