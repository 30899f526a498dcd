"""Money as people read it, and as providers want it."""

from decimal import Decimal

import pytest

from openevent.core.money import format_money, minor_units, round_money


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.5", "EUR", "€1,234.50"),
        ("-17.8", "EUR", "−€17.80"),
        ("1234.4", "JPY", "¥1,234"),
        ("0.0005", "KWD", "0.001 KWD"),
        ("-3", "CHF", "−3.00 CHF"),
    ],
)
def test_an_amount_is_written_with_its_currency_and_its_digits(amount, currency, text):
    assert format_money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "currency", "units"), [("12.34", "EUR", 1234), ("500", "JPY", 500), ("1.5", "KWD", 1500)]
)
def test_providers_get_whole_numbers_of_the_lowest_unit(amount, currency, units):
    assert minor_units(Decimal(amount), currency) == units


def test_halves_round_up():
    assert round_money(Decimal("0.125"), "EUR") == Decimal("0.13")
