"""What people write is shown and never run: on pages, in mails, on paper and in what programs read."""

import io
import subprocess
from itertools import cycle
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.urls import reverse
from pypdf import PdfReader

from events.models import (
    CustomForm,
    CustomFormOption,
    EventTopic,
    EventType,
    Faq,
    FaqType,
    Microlocation,
    Role,
    Session,
    SessionType,
    SocialLink,
    Speaker,
    Sponsor,
    Track,
)
from events.services.invites import invite
from events.tests.factories import give_role, make_event
from notifications.models import Job, Mail, Notification
from openevent.core.tests.payloads import PAYLOADS
from orders.documents.order_summary import order_summary_pdf
from orders.documents.papers import OrderLine
from orders.documents.ticket import ticket_pdf
from orders.models import Order
from orders.services.check_in import check_in
from orders.services.mails import send_ticket, tell_people
from orders.services.notes import note_order
from orders.tests.api.client import Client as API
from orders.tests.documents.papers import order as order_paper
from orders.tests.documents.papers import ticket as ticket_paper
from orders.tests.factories import make_discount, make_finished_order, make_order, make_tax, make_ticket
from tests.pages.walk import PAGES, address
from tests.threats.hostile import what_runs_in, write_everywhere

pytestmark = pytest.mark.once

MORE = [
    "javascript:alert(1)",
    "javascript&colon;alert(1)",
    "java\tscript:alert(1)",
    "JAVASCRIPT:alert(1)//https://example.org",
    "data:text/html,<script>alert(1)</script>",
    '" autofocus onfocus="alert(1)',
    "' onmouseover='alert(1)",
    "{{ 7|add:7 }}{% load look %}",
]
HOSTILE = [*PAYLOADS, *MORE]
AT_ONCE = len(HOSTILE) // 4
GROUPS = [HOSTILE[start : start + AT_ONCE] for start in range(0, len(HOSTILE), AT_ONCE)]


@pytest.fixture
def shop(ada, bob):
    """An event with as many rows of everything that its pages list as there are texts at once."""
    topic, kind = EventTopic.objects.create(name="Topic"), EventType.objects.create(name="Kind")
    event = make_event(
        owner=ada,
        event_topic=topic,
        event_type=kind,
        latitude=54.3,
        longitude=10.1,
        can_pay_by_cheque=True,
        has_owner_info=True,
    )
    make_tax(event)
    for number in range(AT_ONCE):
        make_ticket(event, name=f"Seat {number}", price="20", is_description_visible=True, position=number)
        add_to_programme(event, number)
        Sponsor.objects.create(event=event, name=f"Sponsor {number}", url="https://example.org")
        SocialLink.objects.create(event=event, name=f"Link {number}", link="https://example.org")
    make_discount(event, *event.tickets.all())
    return event


def add_to_programme(event, number):
    here = {"event": event}
    session = Session.objects.create(
        title=f"Talk {number}",
        state="accepted",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        track=Track.objects.create(name=f"Track {number}", color="#123456", **here),
        microlocation=Microlocation.objects.create(name=f"Room {number}", **here),
        session_type=SessionType.objects.create(name=f"Kind {number}", length="00:30", **here),
        **here,
    )
    session.speakers.add(Speaker.objects.create(name=f"Speaker {number}", **here))


@pytest.fixture
def orders(shop, bob, eve):
    """An order in each state that a page or a mail shows; one holder is not the buyer."""
    seats = list(shop.tickets.all())
    code = {"discount": shop.discount_codes.get()}
    shown = {
        "initializing": make_order(*seats, by=bob, **code),
        "placed": make_finished_order(*seats, by=bob, mode="bank", **code),
        "completed": make_finished_order(*seats, by=bob, mode="bank", **code),
        "cancelled": make_finished_order(seats[0], by=bob, mode="bank"),
    }
    for status, order in shown.items():
        Order.objects.filter(pk=order.pk).update(status=status, is_billing_enabled=True)
    guest = shown["completed"].attendees.last()
    type(guest).objects.filter(pk=guest.pk).update(email=eve.email)
    return shown


def pages_of(shop, orders):
    """The address of every page that shows what somebody wrote."""
    yield from ("/", "/my/tickets", "/accounts/confirm")
    for name in ("event", "programme", "speakers"):
        yield reverse(name, args=[shop.identifier])
    for status in ("placed", "completed", "cancelled"):
        yield reverse("order", args=[orders[status].identifier])
    placed = orders["placed"]
    yield reverse("details", args=[orders["initializing"].identifier])
    yield reverse("cancel-order", args=[placed.identifier])
    holder = placed.attendees.first().identifier
    yield reverse("rename-holder", kwargs={"identifier": placed.identifier, "holder": holder})


def requests_of(client, shop, orders, texts):
    """Every page and form that says again what was sent, each field with the next of the texts."""
    event, holder = reverse("event", args=[shop.identifier]), orders["placed"].attendees.first().identifier
    name = reverse("rename-holder", kwargs={"identifier": orders["placed"].identifier, "holder": holder})
    ticket, draft = shop.tickets.first().pk, orders["initializing"]
    parts = [f"buyer-{part}" for part in ("firstname", "lastname", "email", "company", "address", "city", "country")]
    parts += [f"holder-{one.pk}-{part}" for one in draft.attendees.all() for part in ("firstname", "lastname", "email")]

    def typed(*names, **more):
        return {name: next(texts) for name in names} | more

    yield client.get("/", typed("q", "where", "topic", "when", "page"))
    yield client.get(event, typed("code", f"quantity-{ticket}"))
    yield client.get(f"{event}/programme", typed("day"))
    yield client.post(event, typed("code", f"quantity-{ticket}", verb="apply"))
    yield client.post(f"{event}/sum", typed("code", f"quantity-{ticket}"))
    yield client.post(name, typed("firstname", "lastname", "email"))
    details = reverse("details", args=[draft.identifier])
    yield client.post(details, {**typed("payment_mode", *parts, verb="finish"), "buyer-is_billing_enabled": "on"})


def test_no_page_runs_what_is_kept(client, bob, shop, orders):
    client.force_login(bob)
    for texts in GROUPS:
        write_everywhere(texts)
        for page in pages_of(shop, orders):
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert (page, list(what_runs_in(answer.content))) == (page, [])


def rows_of(shop, orders):
    """A row for each part of an organizer's addresses, as the table of those pages names them."""
    order = orders["placed"]
    rows = {"event": shop, "order": order, "attendee": order.attendees.first(), "ticket": shop.tickets.first()}
    rows |= {"session": shop.sessions.first(), "speaker": shop.speakers.first(), "track": shop.tracks.first()}
    rows |= {"microlocation": shop.microlocations.first(), "session-type": shop.session_types.first()}
    rows |= {"sponsor": shop.sponsors.first(), "social-link": shop.social_links.first(), "faq": shop.faqs.first()}
    rows |= {"discount-code": shop.discount_codes.get(), "users-events-roles": shop.roles.last()}
    return rows | {
        "faq-type": FaqType.objects.first(),
        "custom-form": CustomForm.objects.first(),
        "job": Job.objects.first(),
    }


@pytest.fixture
def backstage(shop, orders, ada, cora, eve):
    """What only the team sees: questions and answers, somebody invited, a note, a job, a scan, news."""
    for number in range(AT_ONCE):
        here = {"event": shop}
        kind = FaqType.objects.create(name=f"Topic {number}", **here)
        Faq.objects.create(question=f"Question {number}", faq_type=kind, **here)
        question = {"form": "attendee", "field_identifier": f"own{number}", "is_included": True, "is_complex": True}
        field = CustomForm.objects.create(name=f"Ask {number}", type="select", **question, **here)
        CustomFormOption.objects.create(custom_form=field, value=f"Answer {number}")
    give_role(cora, shop, "registrar")
    invite(shop, "new@example.org", Role.objects.get(name="moderator"), by=ada)
    Job.objects.create(user=ada, kind="attendees", title="Attendees", message="Done", status="done")
    Notification.objects.create(user=ada, title="News", message="<p>News</p>")
    note_order(orders["placed"], " ".join(HOSTILE)[:2000], by=ada)
    check_in(orders["completed"].attendees.first(), by=ada, gate=HOSTILE[0])


def test_no_page_of_those_who_run_the_event_runs_what_is_kept(client, ada, shop, orders, backstage):
    client.force_login(ada)
    world = SimpleNamespace(rows={"ours": rows_of(shop, orders)})
    seen = 0
    for texts in GROUPS:
        write_everywhere(texts)
        for name in [*PAGES, "notifications"]:
            answer = client.get(address(world, name) if name in PAGES else reverse(name))
            seen += answer.status_code == 200
            assert answer.status_code in (200, 302, 404, 405), name
            if answer["Content-Type"] != "application/pdf":  # where words are drawn
                assert (name, list(what_runs_in(answer.content))) == (name, [])
    assert seen > 40 * len(GROUPS)


def test_no_page_runs_what_comes_with_a_request(client, bob, shop, orders):
    client.force_login(bob)
    texts = cycle(HOSTILE)
    for _ in range(AT_ONCE):
        for answer in requests_of(client, shop, orders, texts):
            assert answer.status_code == 200
            assert list(what_runs_in(answer.content)) == []


@pytest.mark.parametrize("page", ["sign-in", "sign-up", "password/forgotten"])
def test_no_account_page_runs_what_comes_with_a_request(client, db, page):
    for text in HOSTILE:
        cache.clear()  # nobody tries as often
        typed = dict.fromkeys(("login", "email", "password", "password1", "next"), text)
        answer = client.post(f"/accounts/{page}?{urlencode({'next': text})}", typed)
        assert list(what_runs_in(answer.content)) == []


def test_no_mail_runs_what_somebody_wrote(client, shop, orders, settings):
    settings.DEMO = True
    for texts in GROUPS:
        write_everywhere(texts)
        Mail.objects.all().delete()
        for status in ("placed", "completed", "cancelled"):
            tell_people(Order.objects.select_related("event").get(pk=orders[status].pk), by="server")
        completed = Order.objects.select_related("event").get(pk=orders["completed"].pk)
        send_ticket(completed.attendees.select_related("ticket").last(), completed)
        mails = Mail.objects.all()
        assert {mail.kind for mail in mails} == {
            "order-placed",
            "order-completed",
            "order-cancelled",
            "ticket-for-holder",
        }
        for mail in mails:
            assert list(what_runs_in(mail.html, in_a_mail=True)) == []
            assert "\n" not in mail.subject
        assert list(what_runs_in(client.get("/outbox/").content)) == []
        frame = client.get(f"/outbox/{mails[0].pk}/body")
        assert "script-src" not in frame["Content-Security-Policy"]
        assert "default-src 'none'" in frame["Content-Security-Policy"]


def test_no_paper_runs_what_somebody_wrote():
    """Sixty tickets and one summary: what was written is printed, and no reader is asked to do anything."""
    tickets = [ticket_paper(holder=text, ticket_type=text, place=text, organizer=text) for text in HOSTILE]
    lines = tuple(OrderLine(name=text, quantity=1, amount=order_paper().total) for text in HOSTILE)
    holders = tuple((text, text) for text in HOSTILE)
    summary = order_paper(lines=lines, holders=holders, instructions="\n".join(HOSTILE), contact=HOSTILE[0])
    for pdf, count in ((ticket_pdf(tickets), len(HOSTILE)), (order_summary_pdf(summary), 1)):
        assert what_acts_in(pdf) == set()
        assert len(PdfReader(io.BytesIO(pdf)).pages) >= count
        words = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        assert "<script>alert(1)</script>" in "".join(words.split())


def what_acts_in(pdf):
    """The names in a PDF that make a reader do something by itself, or on a click."""
    acts = {"/JS", "/JavaScript", "/Launch", "/URI", "/AA", "/SubmitForm", "/GoToR", "/EmbeddedFile", "/RichMedia"}
    found, reader = set(), PdfReader(io.BytesIO(pdf))
    for number in reader.xref[0]:
        thing = reader.get_object(number)
        found |= acts & set(thing if isinstance(thing, dict) else ())
        found |= acts & ({thing.get("/S")} if isinstance(thing, dict) else set())
    return found


def test_programs_get_json_that_no_browser_takes_for_a_page(client, bob, shop, orders):
    write_everywhere(HOSTILE)
    api = API(bob)
    answers = [
        *(api.get(f"/v1/events/{shop.identifier}/{part}") for part in ("sessions", "speakers", "tickets", "sponsors")),
        api.get(f"/v1/events/{shop.identifier}"),
        api.get(f"/v1/orders/{orders['placed'].identifier}", {"include": "attendees"}),
        api.get(f"/v1/events/{PAYLOADS[0]}"),
        api.post_json("/v1/orders/calculate-amount", {"tickets": [{"id": PAYLOADS[0]}]}),
        api.post_json("/auth/session", {"email": PAYLOADS[0], "password": "x"}),
        api.get(f"/v1/{PAYLOADS[0]}"),
        client.get("/info"),
    ]
    assert {answer["Content-Type"].split(";")[0] for answer in answers} <= {
        "application/json",
        "application/vnd.api+json",
    }
    assert {answer["X-Content-Type-Options"] for answer in answers} == {"nosniff"}
    assert all("default-src 'none'" in answer["Content-Security-Policy"] for answer in answers)


def test_a_calendar_is_a_calendar(client, shop):
    for texts in GROUPS:
        write_everywhere(texts)
        answer = client.get(f"/v1/events/{shop.identifier}.ics")
        assert (answer["Content-Type"].split(";")[0], answer["X-Content-Type-Options"]) == ("text/calendar", "nosniff")
