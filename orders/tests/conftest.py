"""What the tests of orders share: an event of ada's and cora's, and its ticket types."""

import pytest

from events.tests.factories import make_event
from orders.tests.factories import make_ticket


@pytest.fixture
def event(ada, cora):
    return make_event(owner=ada, coorganizer=cora)


@pytest.fixture
def free_ticket(event):
    return make_ticket(event, name="Community")


@pytest.fixture
def paid_ticket(event):
    return make_ticket(event, name="Standard", price="20.00")
