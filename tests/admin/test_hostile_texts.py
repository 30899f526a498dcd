"""What people write is shown in the admin and never run: by the browser, or by menus that make functions of texts."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.db.models import CharField, QuerySet, TextField

from events.models import Event
from notifications.models import Mail
from openevent.core.admin import OneRowAdmin
from openevent.core.tests.payloads import PAYLOADS
from tests.admin.everything import every_row, list_of, lists, one_more_of_everything
from tests.threats.hostile import NOT_TYPED, fitted, what_runs_in

pytestmark = pytest.mark.once

MORE = [
    "javascript:alert(1)",
    "'); alert(1); ('",
    "{{ 7|add:7 }}{% load look %}",
    '" x-init="alert(1)" @click="alert(1)',
    "' x-data='{a: alert(1)}",
    "${alert(1)}",
]
HOSTILE = [*MORE, *PAYLOADS]
AT_ONCE = 5
GROUPS = [" ".join(HOSTILE[start : start + AT_ONCE]) for start in range(0, len(HOSTILE), AT_ONCE)]
ROUNDS = 2
OURS = re.compile(
    r'<script [^<>]*src="/(static|admin/jsi18n)/[^<>]*>\s*</script>$|script src=/admin/jsi18n/$|\w+ title='
)
OF_MENUS = re.compile(r"^(x-|@|:|hx-)")


def write_everywhere(start):
    """Into every text of every row that the admin shows, past all that cleans it; each column has other payloads."""
    number = start
    for model in admin.site._registry:
        changes = {}
        for column in model._meta.concrete_fields:
            typed = isinstance(column, CharField | TextField) and not column.choices
            if (
                typed
                and not NOT_TYPED.search(column.name)
                and column.name not in ("kind", "action", "type", "subject_id")
            ):
                changes[column.name] = fitted(GROUPS[number % len(GROUPS)], column)
                number += 1
        for row in QuerySet(model).values_list("pk", flat=True):
            QuerySet(model).filter(pk=row).update(**unique(model, changes, row))


def unique(model, changes, row):
    return {
        name: f"{row} {text}"[: model._meta.get_field(name).max_length]
        if model._meta.get_field(name).unique or name in ("name", "code", "country", "month", "reference", "event_id")
        else text
        for name, text in changes.items()
    }


def what_acts_in(page):
    """As on every page; and no menu is told what somebody wrote."""
    found = [one for one in what_runs_in(page.content) if not OURS.match(one)]
    for tag in BeautifulSoup(page.content, "lxml").find_all():
        found += [
            f"{name}={value}" for name, value in tag.attrs.items() if OF_MENUS.match(name) and "alert" in str(value)
        ]
    return found


@pytest.fixture
def keeper(client, root, bob):
    for number in range(2):
        one_more_of_everything(number, buyer=bob)
    client.force_login(root)
    return client


def test_no_page_of_the_admin_runs_what_is_kept(keeper):
    for number in range(ROUNDS):
        write_everywhere(number * len(GROUPS) // ROUNDS)
        for model_admin in admin.site._registry.values():
            addresses = every_row(model_admin)[:1]
            if not isinstance(model_admin, OneRowAdmin):
                addresses.append(list_of(model_admin))
            for address in addresses:
                answer = keeper.get(address)
                assert answer.status_code == 200, address
                assert (address, what_acts_in(answer)) == (address, [])
        assert what_acts_in(keeper.get("/admin/")) == []


def test_no_page_of_the_admin_runs_what_comes_with_a_request(keeper):
    orders = list_of(lists()["orders.order"])
    row = lists()["orders.order"].model.objects.first()
    for text in GROUPS:
        asked = keeper.get(orders, {"q": text, "which": text, "o": text, "e": text}, follow=True)
        verb = {"action": "cancel", "_selected_action": row.pk, "index": 0, "note": text, "from_row": text}
        for answer in (asked, keeper.post(orders, verb)):
            assert answer.status_code == 200
            assert what_acts_in(answer) == []


def test_what_a_list_does_not_show_cannot_be_found_out_by_asking_it(keeper):
    questions = {
        "accounts.user": ("password__startswith", "events_roles__role__name", "facebook_id"),
        "orders.order": ("seed__startswith", "user__password__startswith", "event__paypal_email__contains"),
        "orders.attendee": ("seed__startswith", "code_hash__startswith", "order__seed__startswith"),
        "events.roleinvite": ("token_hash__startswith",),
        "notifications.mail": ("text__contains", "html__contains"),
        "notifications.job": ("file_key__startswith", "user__password__startswith"),
    }
    for name, lookups in questions.items():
        for lookup in lookups:
            assert keeper.get(list_of(lists()[name]), {lookup: "a"}).status_code == 400, lookup


def test_a_name_full_of_markup_is_read_as_it_is(keeper):
    Event.objects.update(name="<b>Harbour</b>")
    Mail.objects.update(subject="<i>Tickets</i>")
    for model in ("events.event", "notifications.mail"):
        page = keeper.get(list_of(lists()[model])).content
        assert b"&lt;b&gt;Harbour" in page or b"&lt;i&gt;Tickets" in page
