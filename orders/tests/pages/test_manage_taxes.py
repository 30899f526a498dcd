"""The taxes in an event's settings."""

import pytest
from django.urls import reverse

from accounts.models import Activity
from orders.models import Tax

pytestmark = pytest.mark.django_db
FILLED = {"is_tax_enabled": "on", "name": "VAT", "rate": "19", "is_tax_included_in_price": "on"}


@pytest.fixture
def taxes(client, event, ada):
    client.force_login(ada)
    address = reverse("manage-settings-taxes", args=[event.identifier])

    def send(**typed):
        seen = client.get(address).context["form"]["seen"].value()
        return client.post(address, {"seen": seen, **typed})

    return send


def test_a_tax_is_switched_on_and_off(taxes, event):
    assert taxes(**FILLED).status_code == 302
    event.refresh_from_db()
    tax = Tax.objects.get(event=event)
    assert (event.is_tax_enabled, tax.name, tax.rate, tax.is_tax_included_in_price) == (True, "VAT", 19, True)
    assert taxes().status_code == 302
    event.refresh_from_db()
    assert (event.is_tax_enabled, Tax.objects.get(event=event).name) == (False, "VAT")
    assert [line.action for line in Activity.objects.filter(event_id=event.pk).order_by("pk")] == [
        "event.changed",
        "tax.changed",
        "event.changed",
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "<b></b>"}, "name"),
        ({"rate": ""}, "rate"),
        ({"rate": "101"}, "rate"),
        ({"rate": "1e999"}, "rate"),
        ({"rate": "nan"}, "rate"),
        ({"should_send_invoice": "on", "zip": "9" * 60}, "zip"),
    ],
)
def test_bad_input_is_told_beside_its_field(taxes, event, typed, field):
    answer = taxes(**FILLED | typed)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Tax.objects.exists()


def test_the_second_organizer_is_told(taxes, client, event):
    taxes(**FILLED)
    old = client.get(reverse("manage-settings-taxes", args=[event.identifier])).context["form"]["seen"].value()
    Tax.objects.update(rate=7)
    answer = taxes(**FILLED | {"seen": old, "rate": "16"})
    assert "Rate in per cent is now “7”" in answer.content.decode()
    assert Tax.objects.get().rate == 7
