"""A cheap password hasher that counts how often it works."""

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    algorithm = "counting"
    calls = 0

    def encode(self, password, salt):
        type(self).calls += 1
        return super().encode(password, salt)


def hashes_made_by(deed):
    """How many passwords a deed hashed."""
    before = CountingHasher.calls
    deed()
    return CountingHasher.calls - before
