"""No form of ours writes what its page does not ask, whatever is sent along."""

import pytest
from django import forms

import openevent.urls  # noqa: F401  loads every page, and with it every form
from events.models import Event, Session
from orders.models import Attendee

# What ties a row to somebody, or what only the server says.
NEVER_TYPED = {
    *("event", "user", "creator", "owner", "identifier", "seed", "code_hash", "token_hash", "sought"),
    *("reserved", "used", "amount", "status", "discount_uses", "access_uses", "deleted_at", "created_at"),
    *("is_admin", "is_super_admin", "is_auditor", "is_sales_admin", "is_marketer", "is_verified", "is_blocked"),
    *("is_checked_in", "checkin_times", "pdf_url", "password"),
}
# Words that mean something harmless elsewhere: a part of a country, a place in a list.
OF_ITS_MODEL = {
    Event: {"state", "is_featured", "is_promoted", "is_demoted"},
    Session: {"state"},
    Attendee: {"order"},
}


def forms_below(form):
    for found in form.__subclasses__():
        if found.__module__.split(".")[0] in ("orders", "events", "notifications", "accounts", "openevent"):
            yield found
        yield from forms_below(found)


FORMS = {
    f"{form.__module__}.{form.__name__}": form
    for form in forms_below(forms.BaseModelForm)
    if ".pages" in form.__module__ and form._meta.model is not None
}


def test_pages_have_forms():
    assert len(FORMS) > 10


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_form_names_what_it_writes_and_nothing_that_is_not_typed(form):
    assert isinstance(form._meta.fields, list | tuple), "say which fields"
    assert set(form._meta.fields) & (NEVER_TYPED | OF_ITS_MODEL.get(form._meta.model, set())) == set()
