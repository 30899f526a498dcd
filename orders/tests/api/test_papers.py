"""Papers through the API: a link for five minutes, which names who asked for it."""

import pytest

from orders.services import paper_links
from orders.tests.factories import make_finished_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(bob, paid_ticket):
    return make_finished_order((paid_ticket, 2), by=bob, mode="bank")


def listed(api, who, order):
    return {
        paper["name"]: paper["url"] for paper in api(who).get(f"/v1/orders/{order.identifier}/papers").json()["papers"]
    }


def test_a_link_opens_without_a_header_and_is_kept_by_nobody(api, ada, bob, order):
    single = [f"ticket-{attendee.identifier}" for attendee in order.attendees.all()]
    for who in (ada, bob):
        links = listed(api, who, order)
        assert list(links) == ["tickets", "summary", order.invoices.get().identifier, *single]
        for url in links.values():
            answer = api().get(url.removeprefix("http://testserver"))
            assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
            assert answer["Cache-Control"] == "private, no-store"


def test_whoever_only_comes_gets_their_own_ticket(api, eve, order):
    own = order.attendees.first()
    own.user = eve
    own.save()
    assert list(listed(api, eve, order)) == [f"ticket-{own.identifier}"]


def test_it_holds_for_five_minutes_and_for_what_it_names(api, bob, order, monkeypatch):
    url = listed(api, bob, order)["summary"].removeprefix("http://testserver")
    changed = api().get(url[:-3] + "abc")
    assert (paper_links.SECONDS, changed.status_code) == (300, 403)
    monkeypatch.setattr(paper_links, "SECONDS", -1)
    assert api().get(url).status_code == 410


def test_it_opens_nothing_any_more_for_whom_the_order_is_not(api, cora, bob, event, order):
    urls = [listed(api, who, order)["summary"].removeprefix("http://testserver") for who in (cora, bob)]
    event.roles.filter(user=cora).delete()
    bob.is_blocked = True
    bob.save()
    assert [api().get(url).status_code for url in urls] == [403, 403]


def test_strangers_get_no_list(api, eve, order):
    assert [api(who).get(f"/v1/orders/{order.identifier}/papers").status_code for who in (eve, None)] == [404, 404]
