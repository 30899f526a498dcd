"""What a list of attendees, of orders or of money can tell: each column with its heading and where it comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from events.models import CustomForm
from openevent.core.money import round_money
from orders.badges import badge_for
from orders.models.order import EXPIRED, ON_THE_CLOCK

Cell = str | int | Decimal | datetime | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """`cell` makes the value of what was read from the `paths`; without it there is one path, told as it is."""

    key: str
    heading: str
    paths: tuple[str, ...]
    cell: Callable[..., Cell] | None = None
    is_usual: bool = False  # there unless somebody chooses

    def of(self, *values) -> Cell:
        return self.cell(*values) if self.cell else plainly(*values)


def column(key, heading, *paths, cell=None, usual=False):
    return Column(key=key, heading=heading, paths=paths or (key,), cell=cell, is_usual=usual)


def plainly(value):
    """What stands in a column of the database as it stands in a file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(plainly(one)) for one in value)
    return str(value) if isinstance(value, dict) else value


def word_of_state(status, expires_at, mode, amount):
    """The word that badges show, as the clock has it."""
    ended = status in ON_THE_CLOCK and expires_at is not None and expires_at <= timezone.now()
    return badge_for(EXPIRED if ended else status, mode, amount).word


def last_moment(times):
    """The last of the moments that a door has noted, separated by commas."""
    try:
        return parse_datetime((times or "").split(",")[-1].strip())
    except ValueError:
        return None


def came_at(is_in, times):
    return last_moment(times) if is_in else None


def answer(name, answers):
    return plainly(answers.get(name)) if isinstance(answers, dict) else None


def other_answers(known, answers):
    """What was answered to questions that the form does not ask any more."""
    if not isinstance(answers, dict):
        return None
    return "; ".join(f"{name}: {plainly(value)}" for name, value in answers.items() if name not in known) or None


def state(path=""):
    paths = (f"{path}{name}" for name in ("status", "expires_at", "payment_mode", "amount"))
    return column("status", "State", *paths, cell=word_of_state, usual=True)


ATTENDEES = (
    column("order", "Order", "order__identifier", usual=True),
    state("order__"),
    column("ticket", "Ticket", "ticket__name", usual=True),
    column("firstname", "First name", usual=True),
    column("lastname", "Last name", usual=True),
    column("email", "E-mail", usual=True),
    column("in", "Checked in", "is_checked_in", usual=True),
    column("in_at", "Checked in at", "is_checked_in", "checkin_times", cell=came_at, usual=True),
    column("out", "Gone out", "is_checked_out"),
    column("number", "Ticket number", "identifier"),
    column("ordered_at", "Ordered at", "order__created_at"),
    column(
        "buyer", "Buyer", "order__first_name", "order__last_name", cell=lambda *names: " ".join(filter(None, names))
    ),
    column("buyer_email", "Buyer’s e-mail", "order__email"),
    *(
        column(name, heading)
        for name, heading in (
            ("company", "Company"),
            ("job_title", "Job title"),
            ("phone", "Phone"),
            ("address", "Address"),
            ("city", "City"),
            ("state", "Region"),
            ("country", "Country"),
            ("billing_address", "Billing address"),
            ("home_address", "Home address"),
            ("shipping_address", "Shipping address"),
            ("work_address", "Work address"),
            ("work_phone", "Work phone"),
            ("tax_business_info", "Tax or business number"),
            ("website", "Website"),
            ("blog", "Blog"),
            ("twitter", "Twitter"),
            ("facebook", "Facebook"),
            ("github", "GitHub"),
            ("instagram", "Instagram"),
            ("linkedin", "LinkedIn"),
            ("gender", "Gender"),
            ("age_group", "Age group"),
            ("birth_date", "Birth date"),
            ("native_language", "Native language"),
            ("fluent_language", "Fluent language"),
            ("home_wiki", "Home wiki"),
            ("wiki_scholarship", "Wiki scholarship"),
            ("accept_video_recording", "Accepts recording"),
            ("accept_share_details", "Accepts sharing details"),
            ("accept_receive_emails", "Accepts e-mails"),
            ("is_consent_form_field", "Consents"),
            ("is_consent_form_field_photo", "Consents to photos"),
            ("is_consent_form_field_email", "Consents to e-mails"),
            ("is_consent_of_refund_policy", "Accepts refund policy"),
            ("attendee_notes", "Notes"),
        )
    ),
)


def amount_of(amount, currency):
    return round_money(amount, currency)


ORDERS = (
    column("code", "Order", "identifier", usual=True),
    state(),
    column("first_name", "First name", usual=True),
    column("last_name", "Last name", usual=True),
    column("email", "E-mail", usual=True),
    column("tickets", "Tickets", "seats", usual=True),
    column("amount", "Amount", "amount", "currency", cell=amount_of, usual=True),
    column("currency", "Currency", usual=True),
    column("mode", "Pays by", "payment_mode", usual=True),
    column("placed_at", "Placed at", "created_at", usual=True),
    column("completed_at", "Completed at"),
    column("discount", "Discount code", "discount_code__code"),
    column("access", "Access code", "access_code__code"),
    column("company", "Company"),
    column("tax_business_info", "Tax or business number"),
    column("address", "Address"),
    column("zipcode", "Postal code"),
    column("city", "City"),
    column("region", "Region", "state"),
    column("country", "Country"),
    column("notes", "Notes", "order_notes"),
    column("cancel_note", "Why cancelled"),
    column("paid_via", "Paid via"),
    column("transaction", "Transaction", "transaction_id"),
)

LEDGER = (
    column("time", "Time", usual=True),
    column("order", "Order", "order__identifier", usual=True),
    column("buyer", "Buyer’s e-mail", "order__email"),
    column("provider", "Provider", usual=True),
    column("amount", "Amount", "amount", "currency", cell=amount_of, usual=True),
    column("currency", "Currency", usual=True),
    column("reason", "Why given back", "refund__reason", usual=True),
    column("reference", "Provider’s reference", "reference", usual=True),
    column("by", "By", "by_name", usual=True),
)


def attendee_columns(event) -> tuple[Column, ...]:
    """Those of every event, then the questions of this one's order form."""
    asked = CustomForm.objects.filter(event=event, form="attendee", is_complex=True).order_by("position", "pk")
    questions = {form.field_identifier: str(form) for form in asked}
    own = [
        column(f"answer:{name}", words, "complex_field_values", cell=partial(answer, name), usual=True)
        for name, words in questions.items()
    ]
    others = partial(other_answers, frozenset(questions))
    return (*ATTENDEES, *own, column("other_answers", "Other answers", "complex_field_values", cell=others))


def order_columns(event) -> tuple[Column, ...]:
    return ORDERS


def ledger_columns(event) -> tuple[Column, ...]:
    return LEDGER


def chosen_columns(columns: Iterable[Column], keys: Iterable[str]) -> list[Column]:
    """Those of these names, in the order of the list; the usual ones if none is meant."""
    columns, keys = list(columns), set(keys)
    chosen = [one for one in columns if one.key in keys]
    return chosen or [one for one in columns if one.is_usual]
