"""Money: Decimal amounts in a currency's own unit, rounded to its own exponent (ISO 4217)."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models

ZERO = Decimal(0)
EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "BRL": "R$"}


def exponent(currency):
    """How many digits a currency has after the point: JPY 0, EUR 2, KWD 3."""
    return EXPONENTS.get(currency, 2)


def round_money(amount, currency):
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)


def minor_units(amount, currency):
    """The whole number of lowest units that payment providers want: 12.34 EUR is 1234, 500 JPY is 500."""
    return int(round_money(amount, currency).scaleb(exponent(currency)))


def format_money(amount, currency):
    """For people: €1,234.50, 1,234 CHF. Currencies without a sign of their own are named behind the amount."""
    rounded = round_money(Decimal(amount), currency)
    minus, text = "−" if rounded < 0 else "", f"{abs(rounded):,}"
    return f"{minus}{SIGNS[currency]}{text}" if currency in SIGNS else f"{minus}{text} {currency}"


class MoneyField(models.DecimalField):
    """An amount: up to ten billion, three digits behind the point, for the currency with the most."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_digits": 13, "decimal_places": 3, **kwargs})
