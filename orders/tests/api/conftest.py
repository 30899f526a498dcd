"""A client of the API, as somebody."""

import pytest

from orders.tests.api.client import Client


@pytest.fixture
def api():
    """`api(bob).get("/v1/orders")`; nobody in particular without an argument."""
    return Client
