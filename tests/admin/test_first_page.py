"""The first page: what needs attention, and figures; each number opens the very rows that it counts."""

import re

import pytest

from accounts.models import User
from notifications.models import FAILED, Job, Mail
from orders.models import Attendee, Order, Refund
from orders.models.order import COMPLETED
from tests.admin.everything import days_ago, make_auditor, one_more_of_everything


@pytest.fixture
def troubles(bob):
    """One of everything that the first page warns of."""
    for number in range(6):
        one_more_of_everything(number, buyer=bob)
    placed = list(Order.objects.filter(status="placed"))
    Order.objects.filter(status="initializing").update(expires_at=days_ago(1))
    Order.objects.filter(pk=placed[0].pk).update(created_at=days_ago(20))
    Order.objects.filter(pk__in=[placed[1].pk, placed[2].pk]).update(status=COMPLETED)
    Attendee.objects.filter(order=placed[1]).update(deleted_at=days_ago(0))
    mails = list(Mail.objects.values_list("pk", flat=True))
    Mail.objects.filter(pk=mails[0]).update(status=FAILED)
    Mail.objects.filter(pk=mails[1]).update(status="blocked")
    Mail.objects.filter(pk=mails[2]).update(status="queued", next_attempt_at=days_ago(1))
    jobs = list(Job.objects.values_list("pk", flat=True))
    Job.objects.filter(pk=jobs[0]).update(status="failed")
    Job.objects.filter(pk=jobs[1]).update(status="running", beat_at=days_ago(1))
    refunds = list(Refund.objects.values_list("pk", flat=True))
    Refund.objects.filter(pk=refunds[0]).update(state="failed")
    Refund.objects.filter(pk=refunds[1]).update(payment=None)
    Refund.objects.filter(pk=refunds[2]).update(source="dispute", state="done")
    User.objects.filter(pk=bob.pk).update(created_at=days_ago(30))


def numbers_on(page):
    return [(one["line"].words, one["number"], one["address"]) for one in page.context["attention"]]


def test_every_number_opens_as_many_rows(client, root, troubles):
    client.force_login(root)
    page = client.get("/admin/")
    counted = numbers_on(page)
    counted += [(one["words"], one["value"], one["address"]) for one in page.context["figures"]]
    assert all(number for _, number, _ in counted)
    for words, number, address in counted:
        rows = client.get(address).context["cl"]
        if isinstance(number, int):
            assert (words, rows.result_count) == (words, number)
        else:  # money: the sum of the rows that it opens
            total = sum(row.amount for row in rows.queryset)
            assert re.sub(r"[^\d.]", "", number) == f"{total:.2f}"


def test_what_is_wrong_comes_first(client, root, troubles):
    client.force_login(root)
    found = client.get("/admin/").context["attention"]
    wrong = [bool(one["number"] and one["line"].is_bad) for one in found]
    assert wrong == sorted(wrong, reverse=True)
    assert {words: number for words, number, _ in numbers_on(client.get("/admin/"))} == {
        "mails not delivered": 1,
        "mails held back": 1,
        "mails that nobody sends": 1,
        "jobs that failed": 1,
        "jobs that nobody does": 1,
        "orders in checkout for too long": 6,
        "orders paid, without tickets": 1,
        "refunds given up": 1,
        "payments disputed by buyers": 1,
        "refunds to be given by hand": 1,
        "invoices overdue": 6,
        "orders unpaid for two weeks": 1,
        "new events in 7 days": 6,
        "new people in 7 days": 7,
    }


def test_an_auditor_reads_it_too(client, troubles):
    client.force_login(make_auditor())
    assert client.get("/admin/").status_code == 200


def test_an_empty_site_has_a_first_page(client, root):
    client.force_login(root)
    page = client.get("/admin/")
    assert [number for _, number, _ in numbers_on(page) if number] == [1]  # root
