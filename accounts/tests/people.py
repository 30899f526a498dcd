"""The same people everywhere: ada organizes, cora helps her, bob buys, eve is a stranger, root is superadmin."""

import pytest
from django.core.cache import cache

from accounts.models import User

PASSWORD = "correct horse battery"


def make_person(name, **attributes):
    attributes = {"first_name": name.capitalize(), "public_name": name, "is_verified": True, **attributes}
    return User.objects.create_user(f"{name}@example.org", PASSWORD, **attributes)


@pytest.fixture
def ada(db):
    return make_person("ada")


@pytest.fixture
def cora(db):
    return make_person("cora")


@pytest.fixture
def bob(db):
    return make_person("bob")


@pytest.fixture
def eve(db):
    return make_person("eve")


@pytest.fixture
def root(db):
    return make_person("root", is_super_admin=True, is_admin=True)


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    """Rate limits live in the cache, which would outlive a test."""
    cache.clear()
