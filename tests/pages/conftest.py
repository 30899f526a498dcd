"""The same world as for the API's contract, with what only pages show yet."""

import pytest
from django.test import Client

from events.models import CustomForm, Faq, FaqType
from notifications.models import Job
from tests.contract.conftest import built_world
from tests.contract.conftest import world as world_of_the_api

__all__ = ["built_world", "world_of_the_api"]


@pytest.fixture(scope="package")
def browsers(built_world):
    """{person: a browser in which they are signed in}."""
    found = {"anonymous": Client()}
    for who, user in built_world.people.items():
        found[who] = Client()
        found[who].force_login(user, backend="accounts.backends.EmailBackend")
    return found


@pytest.fixture
def world(world_of_the_api):
    for name, rows in world_of_the_api.rows.items():
        here = {"event": rows["event"]}
        rows["faq-type"] = FaqType.objects.create(name=f"{name} topic", **here)
        rows["faq"] = Faq.objects.create(question=f"{name} question", answer="<p>Yes</p>", **here)
        rows["custom-form"] = CustomForm.objects.create(
            form="attendee", field_identifier="meal", name=f"{name} meal", is_included=True, is_complex=True, **here
        )
        rows["job"] = Job.objects.create(user=world_of_the_api.people["eve"], kind="attendees", title="Attendees")
    return world_of_the_api
