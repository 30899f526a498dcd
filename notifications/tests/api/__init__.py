"""Tests of what the API says of messages."""
