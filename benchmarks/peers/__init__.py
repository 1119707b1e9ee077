"""Runners of other extractors; each is run by the interpreter of a throw-away environment."""
