"""Tests of what puts the house together."""
