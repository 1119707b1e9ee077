"""Benchmarks: each module compares one stage with a peer in the same run and prints a ratio."""
