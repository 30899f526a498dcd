"""Linking an event to its owner's account with Stripe, on the payment page, and unlinking it."""

from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.urls import reverse

from accounts.models import Activity
from openevent.core.tokens import sign_claim
from orders.models import StripeAuthorization
from orders.payments import PROVIDERS
from orders.services.stripe_link import PURPOSE

BACK = "/payments/stripe/linked"


@pytest.fixture
def owner(client, ada, local_stripe, event):
    client.force_login(ada)
    return client


def at(event, verb):
    return reverse(f"manage-stripe-{verb}", args=[event.identifier])


def page_of(event):
    return reverse("manage-settings-payment", args=[event.identifier])


class StandStill(HTTPRedirectHandler):
    def http_error_303(self, request, answer, *rest):
        return answer


def press(address):
    """What the owner does on Stripe's page: where that leads, with what."""
    answer = build_opener(StandStill).open(Request(address, b"", method="POST"))
    parts = urlsplit(answer.headers["Location"])
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_the_owner_chooses_an_account_at_stripe_and_comes_back_linked(owner, event, local_stripe):
    page = owner.get(page_of(event))
    assert "Link an account…" in page.content.decode()
    assert local_stripe.address in page["Content-Security-Policy"]
    away = owner.post(at(event, "link"))["Location"]
    assert away.startswith(f"{local_stripe.address}/oauth/authorize?")
    assert parse_qs(urlsplit(away).query)["client_id"] == ["ca_local"]
    path, facts = press(away)
    assert path == BACK
    assert "data-go-on" in owner.get(BACK, facts).content.decode()
    assert not StripeAuthorization.objects.exists()  # no GET changes anything
    page = owner.post(BACK, facts, follow=True).content.decode()
    assert "Stripe: linked." in page
    assert "Link an account…" not in page
    event.refresh_from_db()
    assert (event.is_stripe_linked, PROVIDERS["stripe"].account_of(event)[:5]) == (True, "acct_")
    assert facts["code"] not in page
    assert "linked to an account already" in owner.post(BACK, facts, follow=True).content.decode()
    assert StripeAuthorization.objects.count() == 1
    assert "Stripe: unlinked." in owner.post(at(event, "unlink"), follow=True).content.decode()
    event.refresh_from_db()
    assert (event.is_stripe_linked, StripeAuthorization.objects.count()) == (False, 0)
    done = Activity.objects.filter(action__startswith="event.stripe").order_by("pk").values_list("action", flat=True)
    assert list(done) == ["event.stripe-linked", "event.stripe-unlinked"]


def test_who_refuses_at_stripe_or_brings_a_bad_code_has_changed_nothing(owner, ada, event, local_stripe):
    state = sign_claim({"event": event.pk, "user": ada.pk}, purpose=PURPOSE)
    page = owner.get(BACK, {"error": "access_denied", "state": state}, follow=True)
    assert "nothing has changed" in page.content.decode()
    page = owner.post(BACK, {"code": "nonsense", "state": state}, follow=True)
    assert "does not know this code" in page.content.decode()
    local_stripe.mood = "down"
    page = owner.post(BACK, {"code": "ac_1", "state": state}, follow=True)
    assert "does not answer" in page.content.decode()
    event.refresh_from_db()
    assert (event.is_stripe_linked, StripeAuthorization.objects.count()) == (False, 0)


def test_what_was_signed_for_somebody_else_links_nothing(owner, ada, cora, bob, event, client):
    mine = sign_claim({"event": event.pk, "user": ada.pk}, purpose=PURPOSE)
    for who, state in (
        (ada, sign_claim({"event": event.pk, "user": bob.pk}, purpose=PURPOSE)),
        (ada, sign_claim({"event": event.pk, "user": ada.pk}, purpose="another")),
        (ada, mine[:-1]),
        (ada, ""),
        (bob, mine),
        (bob, sign_claim({"event": event.pk, "user": bob.pk}, purpose=PURPOSE)),
        (cora, sign_claim({"event": event.pk, "user": cora.pk}, purpose=PURPOSE)),
    ):
        client.force_login(who)
        answer = client.post(BACK, {"code": "ac_1", "state": state})
        assert answer["Location"] == reverse("manage-home")
    client.logout()
    assert client.post(BACK, {"code": "ac_1", "state": mine})["Location"].startswith("/accounts/sign-in")
    assert not StripeAuthorization.objects.exists()


def test_it_cannot_be_begun_where_cards_are_switched_off_or_by_others(owner, cora, event):
    event.can_pay_by_stripe = False
    event.save()
    assert "switch that on first" in owner.get(page_of(event)).content.decode()
    assert "switch that on first" in owner.post(at(event, "link"), follow=True).content.decode()
    owner.force_login(cora)
    assert [owner.post(at(event, verb)).status_code for verb in ("link", "unlink")] == [403, 403]
    assert "can link an account of their own" not in owner.get(page_of(event)).content.decode()


def test_the_way_back_is_one_address_for_all_events(event, ada, local_stripe):
    page = PROVIDERS["stripe"].page_to_join(state="s", back="https://site.test/payments/stripe/linked")
    assert urlencode({"redirect_uri": "https://site.test/payments/stripe/linked"}) in page
