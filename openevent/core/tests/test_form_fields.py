"""Moments on an event's clocks, and rich text as people type it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from openevent.core.cleaning import clean_html
from openevent.core.form_fields import LocalMoment, Prose, as_html, as_typed


def berlin():
    field = LocalMoment()
    field.zone = ZoneInfo("Europe/Berlin")
    return field


def test_a_moment_is_typed_and_shown_on_the_clocks_of_its_zone():
    moment = berlin().clean("2027-04-24T09:30")
    assert moment == datetime(2027, 4, 24, 7, 30, tzinfo=UTC)
    assert f"{berlin().prepare_value(moment):%H:%M}" == "09:30"
    assert not berlin().has_changed(moment, "2027-04-24T09:30")


@pytest.mark.parametrize("typed", ["soon", "0001-01-01T00:00", "9999-12-31T23:59", "2027-03-28T02:30", "2027\x00"])
def test_what_is_no_moment_in_that_zone_is_refused(typed):
    with pytest.raises(ValidationError):
        berlin().clean(typed)


@pytest.mark.parametrize("typed", ["One line", "a < b & c", "One\nTwo\n\nThree", "I <3 “tea”"])
def test_words_come_back_as_they_were_typed(typed):
    kept = clean_html(Prose().clean(typed))
    assert as_typed(kept) == typed
    assert not Prose().has_changed(kept, typed.replace("\n", "\r\n"))


def test_tags_stay_tags():
    html = '<p>One <a href="https://example.org">link</a></p>'
    assert (as_html(html), as_typed(html)) == (html, html)


def test_nothing_is_nothing():
    assert [as_html(""), as_html("  \n"), as_typed(""), as_typed(None)] == ["", "", "", None]
