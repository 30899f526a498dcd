"""The world that all contract tests look at: built once, and put back after each test by its `db`."""

from copy import copy

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from orders.demo.providers.stripe import LocalStripe
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


@pytest.fixture(scope="package", autouse=True)
def _no_provider_but_ours():
    """Who links an event to Stripe asks a double of it."""
    server = LocalStripe().start()
    with override_settings(STRIPE_API=server.address, STRIPE_CONNECT=server.address):
        yield
    server.stop()


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
    """What a test does to the objects is put back like the rows of the database."""
    as_built = [(row, vars(row).copy(), copy(row._state)) for row in built_world.everything()]
    yield built_world
    for row, columns, state in as_built:
        vars(row).clear()
        vars(row).update(columns, _state=state)
