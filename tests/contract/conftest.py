"""The world that all contract tests look at: built once, and put back after each test by its `db`."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.contract.world import World


class Undo(Exception):
    """Nothing of this stays."""


def undone(call):
    """What a call answers; nothing of it stays, not even the counts of rate limits."""
    try:
        with transaction.atomic():
            answer = call()
            raise Undo
    except Undo:
        cache.clear()
        return answer


@pytest.fixture(scope="package")
def built_world(django_db_setup, django_db_blocker):
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            yield World()
            raise Undo
    except Undo:
        pass


@pytest.fixture
def world(built_world, db):
    return built_world
