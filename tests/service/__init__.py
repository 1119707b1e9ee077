"""Tests of the service, against real servers on a real published build."""
