"""Amounts, days and hours as people read them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from openevent.core.templatetags.look import (
    clean,
    days,
    hours,
    initials,
    length_to,
    price,
    short_price,
    zone_name,
)


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "text"),
    [
        (at(2027, 4, 24, 7), at(2027, 4, 25, 16), "Europe/Berlin", "Sat 24 – Sun 25 April 2027"),
        (at(2027, 4, 24, 7), at(2027, 4, 24, 16), "Europe/Berlin", "Sat 24 April 2027"),
        (at(2027, 4, 30, 7), at(2027, 5, 1, 16), "Europe/Berlin", "Fri 30 April – Sat 1 May 2027"),
        (at(2027, 12, 31, 9), at(2028, 1, 2, 16), "UTC", "Fri 31 December 2027 – Sun 2 January 2028"),
    ],
)
def test_days_name_month_and_year_once_where_they_are_the_same(starts, ends, zone, text):
    assert days(starts, ends, zone) == text


def test_a_night_that_ends_before_six_is_one_day():
    assert days(at(2027, 4, 24, 20), at(2027, 4, 25, 3), "UTC") == "Sat 24 April 2027"


def test_days_are_those_at_the_place_of_the_event():
    assert days(at(2027, 4, 24, 18), at(2027, 4, 24, 23), "Asia/Singapore") == "Sun 25 April 2027"


def test_hours_name_the_zone_and_its_summer_time():
    assert hours(at(2027, 4, 24, 7), at(2027, 4, 24, 16), "Europe/Berlin") == "09:00 – 18:00, Berlin time (CEST)"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "UTC"),
        ("Asia/Singapore", "Singapore time (UTC+8)"),
        ("Asia/Kathmandu", "Kathmandu time (UTC+5:45)"),
        ("America/Sao_Paulo", "Sao Paulo time (UTC−3)"),
    ],
)
def test_a_zone_without_a_short_name_tells_its_distance_from_utc(zone, text):
    assert zone_name(zone, at(2027, 4, 24)) == text


def test_nothing_to_pay_is_free():
    assert (price(Decimal(0), "EUR"), price(Decimal("18.5"), "EUR"), short_price(Decimal(18), "EUR")) == (
        "Free",
        "€18.50",
        "€18",
    )


def test_a_length_is_told_in_hours_and_minutes():
    assert [length_to(at(2027, 1, 1, 9), at(2027, 1, 1, *end)) for end in ((9, 45), (10, 0), (10, 30))] == [
        "45 min",
        "1 h",
        "1 h 30 min",
    ]


def test_initials_are_of_the_first_and_the_last_name():
    assert [initials(name) for name in ("Ines Varga", "Ada", "Jean de la Fontaine", "— ?")] == [
        "IV",
        "A",
        "JF",
        "",
    ]


def test_rich_text_is_cleaned_once_more_on_its_way_out():
    assert clean('<p onclick="steal()">Hello<script>steal()</script></p>') == "<p>Hello</p>"
