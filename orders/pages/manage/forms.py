"""What the forms of events to be, ticket types and codes have in common: amounts and numbers."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from openevent.core.cleaning import plain
from openevent.core.form_fields import LocalMoment
from openevent.core.money import exponent, round_money

REQUIRED = {"required": "Fill this in."}
MOST = 1_000_000  # places, uses: more is a slip of the finger


class Amount(forms.DecimalField):
    """Money in `currency`, typed with a comma or a point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    currency = "EUR"
    default_error_messages = {"invalid": "Enter an amount like 12.50.", **REQUIRED}

    def __init__(self, **options):
        super().__init__(**{"min_value": 0, "max_digits": 13, "decimal_places": 3, **options})

    def prepare_value(self, value):
        return round_money(value, self.currency) if isinstance(value, Decimal) else value

    def to_python(self, value):
        amount = super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)
        if amount is not None and not amount.is_finite():
            raise ValidationError(self.error_messages["invalid"])
        return amount

    def clean(self, value):
        amount = super().clean(value)
        if amount is not None and amount != round_money(amount, self.currency):
            raise ValidationError(f"{self.currency} has {exponent(self.currency)} digits behind the point.")
        return amount


class Count(forms.IntegerField):
    """How many."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"invalid": "Enter a whole number.", **REQUIRED}

    def __init__(self, **options):
        super().__init__(**{"min_value": 1, "max_value": MOST, **options})


def line(label, **options):
    """A name: one line, without tags. What is nothing but tags is nothing."""
    validators = [refuse_empty] if options.get("required", True) else []
    return forms.CharField(label=label, error_messages=REQUIRED, validators=validators, **options)


def refuse_empty(value):
    if not plain(value):
        raise ValidationError(REQUIRED["required"])


def speak_of(form, event):
    """Tell a form which clocks and which money its fields are about."""
    for field in form.fields.values():
        if isinstance(field, LocalMoment):
            field.zone = event.zone
        if isinstance(field, Amount):
            field.currency = event.currency


def only_show(form):
    """What was typed, with no word about it yet: for a button that is not the last one."""
    form._errors = ErrorDict()
    return form
