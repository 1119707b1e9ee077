"""Tests of measures, scores, rules and history."""
