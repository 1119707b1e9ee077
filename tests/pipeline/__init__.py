"""Tests of build, publish, rollback, export and what is around them."""
