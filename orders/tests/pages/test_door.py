"""The door's page: who may open it, what a scan answers with and without script, what it keeps to itself."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.tests.factories import give_role, make_event
from openevent.core.tests.payloads import PAYLOADS
from orders.models import Attendee, Scan, Ticket
from orders.services.states import cancel_order
from orders.tests.factories import make_finished_order, make_ticket


@pytest.fixture
def attendee(bob, free_ticket):
    return make_finished_order(free_ticket, by=bob).attendees.get()


@pytest.fixture
def rosa(event, eve):
    """A registrar: the door and nothing else."""
    give_role(eve, event, "registrar")
    return eve


class DoorPhone:
    """Somebody signed in at the door of an event, with a browser that has script unless told otherwise."""

    def __init__(self, client, user, event):
        self.client, self.event = client, event
        client.force_login(user)

    def address(self, name="door", *more):
        return reverse(name, args=[self.event.identifier, *more])

    def scan(self, text, **fields):
        answer = self.client.post(self.address(), {"code": text, **fields}, headers={"Accept": "application/json"})
        return answer.json()

    def press(self, attendee, verb, **fields):
        address = self.address("door-verb", attendee.pk, verb)
        return self.client.post(address, fields, headers={"Accept": "application/json"}).json()

    def find(self, words):
        return self.client.get(self.address("door-people"), {"q": words}).json()["people"]

    def counts(self, **query):
        return self.client.get(self.address("door-counts"), query).json()


@pytest.fixture
def phone(client, rosa, event):
    return DoorPhone(client, rosa, event)


def test_the_team_and_its_registrars_work_at_the_door_and_nobody_else(
    client, ada, cora, bob, eve, root, event, attendee
):
    def answers(who):
        client.force_login(who)
        gets = [reverse(name, args=[event.identifier]) for name in ("door", "door-counts", "door-people")]
        posts = [
            gets[0],
            *(reverse("door-verb", args=[event.identifier, attendee.pk, verb]) for verb in ("in", "undo")),
        ]
        return {client.get(address).status_code for address in gets} | {
            client.post(address, {"code": "x"}).status_code for address in posts
        }

    assert [answers(who) for who in (ada, cora, root)] == [{200}] * 3
    assert answers(bob) == {404}
    give_role(eve, make_event(), "registrar")
    assert answers(eve) == {404}
    give_role(eve, event, "moderator")
    assert answers(eve) == {403}
    give_role(eve, event, "registrar")
    assert answers(eve) == {200}
    client.logout()
    assert client.get(reverse("door", args=[event.identifier])).status_code == 302


def test_a_registrar_opens_the_door_and_not_the_books(client, rosa, event, attendee):
    client.force_login(rosa)
    for name in ("manage-orders", "manage-tickets", "manage-codes"):
        assert client.get(reverse(name, args=[event.identifier])).status_code == 403


def test_a_right_that_was_taken_is_gone_with_the_next_scan(phone, event, eve, attendee):
    assert phone.scan("x")["kind"] == "refused"
    event.roles.filter(user=eve).delete()
    assert phone.client.post(phone.address(), {"code": attendee.code}).status_code == 404
    assert not Attendee.objects.get().is_checked_in


def test_a_scan_answers_what_the_door_shows_and_no_more(phone, attendee):
    shown = phone.scan(attendee.code, gate="Quay gate")
    assert shown == {
        "kind": "in",
        "title": "Let in",
        "name": "Bob Example",
        "ticket": "Community",
        "detail": "",
        "number": attendee.pk,
        "waiting": 0,
        "offers": ["undo"],
        "order": "",
        "several": [],
    }
    again = phone.scan(attendee.code)
    assert (again["kind"], again["offers"]) == ("again", ["again"])
    assert " at Quay gate, just now, scanned by Eve." in again["detail"]


def test_no_answer_of_the_door_has_an_address_or_an_amount(phone, bob, paid_ticket):
    order = make_finished_order((paid_ticket, 2), by=bob, mode="onsite")
    first, second = order.attendees.all()
    texts = [
        phone.client.get(phone.address(), {"q": "example"}).content.decode(),
        json.dumps([phone.scan(first.code), phone.press(second, "order"), phone.find("bob@example.org")]),
    ]
    assert all("Bob Example" in text for text in texts)
    for private in (bob.email.partition("@")[0] + "@", "20.00", "40.00", order.secret, first.code):
        assert [private in text for text in texts] == [False, False]


def test_a_ticket_of_another_event_is_not_named(phone, bob):
    other = make_finished_order(make_ticket(make_event(name="Secret Dinner"), name="VIP"), by=bob).attendees.get()
    shown = phone.scan(other.code)
    assert (shown["kind"], shown["detail"]) == ("refused", "This is a ticket of another event.")
    assert (shown["name"], shown["ticket"], shown["number"], shown["order"]) == ("", "", None, "")
    for verb in ("in", "out", "undo", "again", "order"):
        assert phone.client.post(phone.address("door-verb", other.pk, verb)).status_code == 404
    assert phone.find("bob") == []


def test_the_team_is_shown_the_way_to_the_order_of_whoever_is_sent_away(client, ada, event, attendee):
    cancel_order(attendee.order, by=ada)
    phone = DoorPhone(client, ada, event)
    shown = phone.scan(attendee.code)
    assert shown["order"] == reverse("manage-order", args=[event.identifier, attendee.order.identifier])
    assert client.get(shown["order"]).status_code == 200


def test_somebody_found_by_name_is_checked_in_undone_let_out_and_in_again(phone, attendee):
    (person,) = phone.find("exam")
    assert (person["name"], person["ticket"], person["state"], person["may_enter"]) == (
        "Bob Example",
        "Community",
        "",
        True,
    )
    kinds = [phone.press(attendee, verb)["kind"] for verb in ("in", "in", "undo", "in", "out", "again")]
    assert kinds == ["in", "again", "undone", "in", "out", "in"]
    (person,) = phone.find("exam")
    assert (person["state"][:3], person["may_enter"], person["is_in"]) == ("In ", False, True)


def test_a_whole_order_is_offered_where_others_wait_and_said_in_one_verdict(phone, bob, free_ticket):
    order = make_finished_order((free_ticket, 3), by=bob)
    first = order.attendees.first()
    shown = phone.scan(first.code)
    assert (shown["offers"], shown["waiting"]) == (["undo", "order"], 2)
    shown = phone.press(first, "order")
    assert (shown["kind"], shown["title"]) == ("in", "2 of 3 let in")
    assert [one["title"] for one in shown["several"]] == ["Already in", "Let in", "Let in"]
    assert phone.counts() == {"in": 3, "to_come": 0, "gone": 0, "last_hour": 3, "total": 3}


def test_a_door_lets_in_the_types_on_its_list_and_counts_them(phone, bob, free_ticket, paid_ticket, attendee):
    paying = make_finished_order(paid_ticket, by=bob, mode="onsite").attendees.get()
    assert phone.scan(paying.code, ticket=[free_ticket.pk])["detail"] == "This door does not let in Standard."
    assert phone.press(paying, "in", ticket=[free_ticket.pk])["kind"] == "refused"
    assert phone.scan(attendee.code, ticket=[free_ticket.pk])["kind"] == "in"
    assert phone.scan(paying.code, ticket=[free_ticket.pk, paid_ticket.pk])["kind"] == "in"
    assert phone.counts(ticket=free_ticket.pk)["total"] == 1
    page = phone.client.get(phone.address(), {"ticket": free_ticket.pk}).content.decode()
    assert f'name="ticket" value="{free_ticket.pk}" id="ticket-{free_ticket.pk}" checked' in page


def test_a_door_whose_list_is_junk_lets_nobody_in(phone, attendee):
    assert phone.scan(attendee.code, ticket=["9" * 40])["kind"] == "refused"


def test_people_leave_by_an_exit(phone, attendee):
    assert phone.scan(attendee.code, way="out")["detail"] == "Not in, so there is nobody to let out."
    assert [phone.scan(attendee.code)["kind"], phone.scan(attendee.code, way="out")["kind"]] == ["in", "out"]


def test_without_script_a_code_is_typed_and_its_verdict_read(client, rosa, event, attendee):
    client.force_login(rosa)
    address = reverse("door", args=[event.identifier])
    page = client.post(address, {"code": attendee.code, "gate": "Quay gate"}).content.decode()
    assert "Let in" in page and "Bob Example" in page and 'value="Quay gate"' in page
    page = client.post(address, {"code": attendee.code}).content.decode()
    assert "Already in" in page and "at Quay gate, just now, scanned by Eve." in page
    answer = client.post(address, {"code": "  "})
    assert (answer.status_code, "Type the code that the ticket says." in answer.content.decode()) == (422, True)
    page = client.get(address, {"q": "exam"}).content.decode()
    undo = reverse("door-verb", args=[event.identifier, attendee.pk, "undo"])
    assert f'action="{undo}"' in page
    assert "Taken back" in client.post(undo).content.decode()


def test_junk_is_answered_and_never_fails(phone, attendee):
    for junk in ("\x00", "x" * 100_000, "🙂", "%", "9" * 400, "<script>"):
        assert phone.scan(junk, gate=junk, ticket=junk, way=junk)["kind"] == "refused"
        assert phone.client.get(phone.address(), {"q": junk, "ticket": junk, "gate": junk}).status_code == 200
        assert phone.client.get(phone.address("door-people"), {"q": junk}).status_code == 200
        assert phone.client.get(phone.address("door-counts"), {"ticket": junk}).status_code == 200
    for number, verb in ((attendee.pk, "fly"), (10**30, "in"), (0, "in")):
        assert phone.client.post(phone.address("door-verb", number, verb)).status_code == 404
    assert phone.client.get(phone.address("door-verb", attendee.pk, "in")).status_code == 405
    assert phone.client.put(phone.address()).status_code == 405


def test_hostile_names_stay_text(phone, attendee):
    """The answers are JSON, and the page's script puts them in as text."""
    hostile = " ".join(PAYLOADS)
    super(type(Attendee.objects.all()), Attendee.objects.all()).update(firstname=hostile[:200], lastname="Example")
    super(type(Ticket.objects.all()), Ticket.objects.all()).update(name=hostile[:400])
    answer = phone.client.post(phone.address(), {"code": attendee.code}, headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.json()["name"].startswith(hostile[:50])
    for page in (
        phone.client.get(phone.address(), {"q": "example"}).content.decode(),
        phone.client.post(phone.address(), {"code": attendee.code, "gate": hostile}).content.decode(),
    ):
        assert "<script>" not in page
        assert "<img" not in page


def test_the_module_that_reads_codes_may_run_at_the_door_alone(phone, ada, event):
    here = phone.client.get(phone.address())["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in here
    assert "wasm" not in phone.client.get("/")["Content-Security-Policy"]


def test_nothing_of_the_door_is_kept_by_caches(phone):
    for name in ("door", "door-counts", "door-people"):
        assert "no-store" in phone.client.get(phone.address(name))["Cache-Control"]


def test_the_page_costs_the_same_for_one_ticket_type_and_for_four(phone, event, bob, free_ticket):
    counts = []
    for _ in range(2):
        make_finished_order(*event.tickets.all(), by=bob)
        with CaptureQueriesContext(connection) as asked:
            phone.client.get(phone.address(), {"q": "example"})
        counts.append(len(asked))
        for _ in range(3):
            make_ticket(event)
    assert counts[0] == counts[1]


def test_every_scan_leaves_a_row(phone, attendee):
    for text in (attendee.code, attendee.code, "nonsense"):
        phone.scan(text, gate="Quay gate")
    assert list(Scan.objects.order_by("pk").values_list("verdict", "gate", "by_name")) == [
        ("in", "Quay gate", "Eve"),
        ("again", "Quay gate", "Eve"),
        ("refused", "Quay gate", "Eve"),
    ]
