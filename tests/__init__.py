"""Tests over the real parts."""
