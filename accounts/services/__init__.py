"""The verbs of accounts: one verb family a file."""
