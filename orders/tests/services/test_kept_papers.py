"""Papers are drawn once for what they say, kept where nobody reads them by a name, and removed when replaced."""

import logging
from datetime import timedelta
from decimal import Decimal

import boto3
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from events.models import Event
from notifications.models import Mail
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Paper
from orders.services import papers
from orders.services.change_ticket import change_ticket
from orders.services.holders import change_holder, reissue_ticket, remove_attendee
from orders.services.invoice_papers import invoice_of_order
from orders.services.kept_papers import remove_old_papers
from orders.services.order_papers import paper_called, papers_of
from orders.services.papers import summary_of_order, ticket_of_attendee, tickets_of_order
from orders.services.receipts import receipt_of_order
from orders.services.refunding import refund_order
from orders.services.states import cancel_order, mark_paid
from orders.tests.documents.papers import words_of
from orders.tests.factories import make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def order(ada, bob, paid_ticket):
    return mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank"), by=ada)


def files():
    return sorted(default_storage.listdir("papers")[1])


def kinds():
    return [paper.kind for paper in Paper.objects.filter(superseded_at=None).order_by("pk")]


def hours_later():
    Paper.objects.exclude(superseded_at=None).update(superseded_at=timezone.now() - timedelta(hours=2))


def test_a_paper_is_drawn_once_for_what_it_says(order, monkeypatch):
    first = tickets_of_order(order)
    monkeypatch.setattr(papers, "ticket_pdf", lambda pages: pytest.fail("drawn again"))
    assert (tickets_of_order(order), len(files()), kinds()) == (first, 1, ["tickets"])


def test_each_subject_has_papers_of_its_own(order):
    for attendee in order.attendees.all():
        attendee.order = order
        ticket_of_attendee(attendee)
    made = (tickets_of_order, summary_of_order, receipt_of_order, invoice_of_order)
    assert len({make(order).content for make in made * 2}) == 4
    assert kinds() == ["tickets", "tickets", "tickets", "summary", "receipt", "invoice"]


@pytest.mark.parametrize("what", ["name", "event", "state", "reissue", "type"])
def test_it_is_drawn_anew_when_what_it_says_changes(ada, root, event, order, what):
    before, holder = tickets_of_order(order), order.attendees.first()
    if what == "name":
        change_holder(holder, by=ada, changes={"firstname": "王小明"})
    elif what == "event":
        Event.objects.filter(pk=event.pk).update(location_name="Another hall")
    elif what == "state":
        order.status = "placed"
    elif what == "reissue":
        reissue_ticket(holder, by=ada)
    else:
        change_ticket(holder, ticket=make_ticket(event, price="20", name="Dinner"), by=ada)
    order.event.refresh_from_db()
    after = tickets_of_order(order)
    assert (before != after, Paper.objects.filter(superseded_at=None).count()) == (True, 1)
    hours_later()
    assert (remove_old_papers(), len(files()), Paper.objects.count()) == (1, 1, 1)
    assert tickets_of_order(order) == after


def test_a_file_that_somebody_may_still_be_reading_stays_for_an_hour(ada, order):
    tickets_of_order(order)
    reissue_ticket(order.attendees.first(), by=ada)
    assert (remove_old_papers(), len(files())) == (0, 1)


@pytest.mark.parametrize("deed", ["remove", "cancel", "the event is long over"])
def test_tickets_that_are_of_no_more_use_go_though_nobody_asks(ada, event, order, deed):
    tickets_of_order(order)
    invoice_of_order(order)
    if deed == "remove":
        remove_attendee(order.attendees.first(), by=ada)
    elif deed == "cancel":
        cancel_order(order, by=ada)
    else:
        Event.objects.filter(pk=event.pk).update(ends_at=timezone.now() - timedelta(days=31))
    remove_old_papers()
    hours_later()
    assert (remove_old_papers(), kinds(), len(files())) == (1, ["invoice"], 1)


def test_an_invoice_looks_as_it_did_when_it_was_issued(ada, event, order):
    before = invoice_of_order(order)
    event.name, event.logo_url = "Another name", "http://testserver/media/event-logo/a.png"
    event.save()
    order.event = event
    order.company, order.is_billing_enabled = "Others", True
    order.save()
    assert invoice_of_order(order) == before


def test_what_is_lost_or_cannot_be_kept_is_drawn(order, settings, tmp_path, caplog):
    caplog.set_level(logging.CRITICAL)
    first = tickets_of_order(order)
    default_storage.delete(Paper.objects.get().file)
    assert words_of(tickets_of_order(order).content) == words_of(first.content)
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_bytes(b"")
    assert words_of(tickets_of_order(order).content) == words_of(first.content)


def test_nothing_is_kept_within_a_unit_of_work(order):
    with atomic(), pytest.raises(RuntimeError, match="over the network"):
        tickets_of_order(order)


def test_no_kept_file_has_an_address(client, order):
    tickets_of_order(order)
    [name] = files()
    assert client.get(f"/media/papers/{name}").status_code == 404


def test_in_a_bucket_it_is_the_same(ada, order, settings, s3_address):
    access = {"endpoint_url": s3_address, "aws_access_key_id": "a", "aws_secret_access_key": "s"}
    boto3.client("s3", region_name="us-east-1", **access).create_bucket(Bucket="papers-of-orders")
    options = {"bucket_name": "papers-of-orders", "access_key": "a", "secret_key": "s", "endpoint_url": s3_address}
    backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**options, "region_name": "us-east-1"}}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    first = tickets_of_order(order)
    assert tickets_of_order(order) == first
    reissue_ticket(order.attendees.first(), by=ada)
    assert tickets_of_order(order) != first
    hours_later()
    assert (remove_old_papers(), len(files())) == (1, 1)


# ── Which papers there are ───────────────────────────────────────────────────────────────────────────


def names(order):
    return [paper.title for paper in papers_of(order)]


def test_an_order_names_the_papers_that_there_are(ada, bob, free_ticket, paid_ticket):
    assert names(make_order(paid_ticket, by=bob)) == []
    assert names(make_finished_order(free_ticket, by=bob)) == ["Ticket", "Summary of the order"]
    order = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    invoice = str(order.invoices.get())
    assert names(order) == ["All tickets", "Summary of the order", invoice]
    mark_paid(order, by=ada)
    assert names(order) == ["All tickets", "Summary of the order", invoice, "Receipt of payment"]
    cancel_order(order, by=ada)
    assert names(order) == [invoice, str(order.invoices.last()), "Receipt of payment"]
    assert all(paper_called(order, paper.name).content[:5] == b"%PDF-" for paper in papers_of(order))


@pytest.mark.parametrize("name", ["", "tickets.pdf", "001-99999", "ticket-", "ticket-abc", "../summary"])
def test_a_paper_of_no_name_that_it_has_is_not_there(order, name):
    with pytest.raises(Refused) as refused:
        paper_called(order, name)
    assert refused.value.status == 404


def test_a_receipt_tells_what_came_and_what_went_back(ada, bob, order):
    refund_order(order, by=ada, amount=Decimal(5))
    words = words_of(receipt_of_order(order).content)
    for said in (f"Receipt for order {order.identifier}", "Bank transfer", "€40.00", "Of this, €5.00 is on its way"):
        assert said in words


def test_there_is_no_receipt_before_money_moved(bob, paid_ticket):
    with pytest.raises(Refused, match="Nothing has been paid"):
        receipt_of_order(make_finished_order(paid_ticket, by=bob, mode="bank"))


# ── Issued anew ──────────────────────────────────────────────────────────────────────────────────────


def test_a_new_code_is_mailed_to_the_holder_else_to_the_buyer(ada, bob, order):
    first, second = order.attendees.all()
    change_holder(first, by=ada, changes={"email": "gil@example.org"})
    change_holder(second, by=ada, changes={"email": None})
    Mail.objects.all().delete()
    for attendee in (first, second):
        reissue_ticket(attendee, by=bob)
    assert [mail.recipient for mail in Mail.objects.order_by("pk")] == ["gil@example.org", bob.email]


def test_only_who_may_change_the_name_issues_anew(eve, bob, event, order):
    holder = order.attendees.first()
    with pytest.raises(Refused, match="Only the buyer and the team"):
        reissue_ticket(holder, by=eve)
    Event.objects.filter(pk=event.pk).update(holders_change_until=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused):
        reissue_ticket(holder, by=bob)


def test_numbers_that_stay_are_not_issued_anew(ada, event, order):
    Event.objects.filter(pk=event.pk).update(has_plain_ticket_codes=True)
    with pytest.raises(Refused, match="no ticket out whose code could be changed"):
        reissue_ticket(order.attendees.first(), by=ada)
