"""People who shop by the pages."""

import pytest

from orders.tests.pages.shopper import Shopper


@pytest.fixture
def guest(client):
    return Shopper(client)


@pytest.fixture
def sign_in(client):
    def signed_in(user):
        client.force_login(user)
        return Shopper(client)

    return signed_in
