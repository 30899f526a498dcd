"""Pages for what goes wrong: in our look, with words that help."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/not/here", "/e/nowhere1"])
@pytest.mark.parametrize("debug", [False, True])
def test_an_unknown_page_says_that_orders_are_safe(client, settings, address, debug):
    settings.DEBUG = debug
    answer = client.get(address)
    assert (answer.status_code, "your order is safe" in answer.content.decode()) == (404, True)


def test_a_form_without_its_token_is_refused_and_says_what_to_do(event, free_ticket):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("event", args=[event.identifier]), {f"quantity-{free_ticket.pk}": 1})
    assert (answer.status_code, "load the page again" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
def test_every_error_page_can_be_drawn_when_nothing_else_works(status):
    assert f">{status}<" in render_to_string(f"{status}.html")


def test_pages_allow_no_inline_script_or_style_and_have_none(client, event, free_ticket):
    for address in ("/", reverse("event", args=[event.identifier]), reverse("account_login")):
        answer = client.get(address)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        text = answer.content.decode()
        assert all(mark not in text for mark in (" style=", "<style", " onclick=", "<script>", "javascript:"))
