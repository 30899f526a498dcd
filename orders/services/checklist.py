"""What is left to do before an event is ready for its visitors, worked out from what there is."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from events.models import Event
from events.services.publish import what_blocks
from orders.models import Tax
from orders.models.ticket import FREE
from orders.payments import PROVIDERS, payments_offered

DONE, OPEN, WARNING = "done", "open", "warning"
INSTRUCTIONS = {"bank": "by bank transfer", "cheque": "by cheque", "onsite": "at the door", "invoice": "by invoice"}
ACCOUNTS = {"stripe": "can_pay_by_stripe", "paypal": "paypal_email"}  # where a provider's own account is named
ICONS = {DONE: "circle-check", OPEN: "circle-dashed", WARNING: "alert-triangle"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing to do. `detail` says what is amiss, `address` leads to the very field that mends it."""

    key: str
    words: str
    address: str
    detail: str = ""
    state: str = DONE
    blocks: bool = False

    @property
    def is_done(self) -> bool:
        return self.state == DONE

    @property
    def icon(self) -> str:
        return ICONS[self.state]


@dataclass(frozen=True)
class Checklist:
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.count

    @property
    def is_complete(self) -> bool:
        return self.done == self.count

    @property
    def blockers(self) -> list[Line]:
        """What publishing waits for. All else is advice."""
        return [line for line in self.lines if line.blocks and not line.is_done]


def checklist_of(event: Event) -> Checklist:
    tickets = list(event.tickets.filter(deleted_at=None))
    blocked = what_blocks(event)
    lines = [
        _name(event, blocked),
        _dates(event, blocked),
        _place(event),
        _description(event),
        _tickets(event, tickets),
    ]
    if any(ticket.kind != FREE for ticket in tickets):
        lines.append(_payment(event))
    if event.is_tax_enabled:
        lines.append(_tax(event))
    return Checklist((*lines, _refunds(event), _host(event)))


def selling_checklist_of(event: Event) -> Checklist:
    """What a ticket that costs something needs before it can be sold, and what would surprise its seller later."""
    costing = [ticket for ticket in event.tickets.filter(deleted_at=None) if ticket.kind != FREE]
    new = f"{reverse('manage-ticket-new', args=[event.identifier])}#id_name"
    lines = [
        _line("costing", "A ticket that costs something", new, "" if costing else "Nothing is for sale yet."),
        _currency(event),
        _country(event),
        _payment(event),
        *(_provider(event, provider) for provider in PROVIDERS.values() if provider.is_enabled(event)),
    ]
    if event.is_tax_enabled:
        lines.append(_tax(event))
    return Checklist((*lines, _refunds(event)))


def _currency(event):
    amiss = "" if event.payment_currency else f"None is chosen, so prices are in {event.currency}."
    return _line("currency", "Currency", _field(event, "payment", "payment_currency"), amiss)


def _country(event):
    amiss = "" if (event.payment_country or "").strip() else "The site’s fee and the invoices go by it."
    return _line("country", "Country", _field(event, "payment", "payment_country"), amiss)


def _provider(event, provider):
    """Whether the site can ask it, and to whose account the money goes."""
    column, amiss, state = ACCOUNTS[provider.mode], "", OPEN
    if not provider.is_offered(event):
        amiss, state = (
            f"This site has no keys of {provider.name}, so nobody can pay with it: ask its operator.",
            WARNING,
        )
    elif not provider.account_of(event):
        amiss = "It is not linked to an account of yours: the money goes to this site’s, and its operator pays it out."
    return _line(provider.mode, provider.name, _field(event, "payment", column), amiss, state)


def _name(event, blocked):
    amiss = blocked.get("name", "")
    return _line("name", "Name", _field(event, "basics", "name"), amiss, blocks=True)


def _dates(event, blocked):
    amiss, state = blocked.get("ends_at", ""), OPEN
    if not amiss and event.ends_at < timezone.now():
        amiss, state = "It is over. Nothing can be sold any more.", WARNING
    elif not amiss and event.starts_at < timezone.now():
        amiss, state = "It has begun already.", WARNING
    return _line("dates", "Dates", _field(event, "dates", "starts_at"), amiss, state, blocks=state == OPEN)


def _place(event):
    there = event.online or (event.location_name or "").strip()
    amiss = "" if there else "Say where it is, or that it is online."
    return _line("place", "Place", _field(event, "place", "location_name"), amiss)


def _description(event):
    amiss = "" if event.description else "Say what awaits people. It is the text of the page."
    return _line("description", "Description", _field(event, "basics", "description"), amiss)


def _tickets(event, tickets):
    now = timezone.now()
    page = reverse("manage-tickets", args=[event.identifier])
    shown = [ticket for ticket in tickets if not ticket.is_hidden]
    if not tickets and event.ticket_url:
        return _line("tickets", "Tickets are sold elsewhere", page)
    if not tickets:
        new = reverse("manage-ticket-new", args=[event.identifier])
        return _line("tickets", "A ticket on sale", f"{new}#id_name", "Without a ticket nobody can come.")
    if not shown:
        amiss, column = "All are hidden: only buyers with an access code see them.", "is_hidden"
    elif not any(ticket.sales_ends_at >= now for ticket in shown):
        amiss, column = "The sale of all tickets has ended.", "sales_ends_at"
    elif not any(ticket.quantity for ticket in shown):
        amiss, column = "There are no places to sell.", "quantity"
    else:
        return _line("tickets", "A ticket on sale", page)
    first = reverse("manage-ticket", args=[event.identifier, (shown or tickets)[0].pk])
    return _line("tickets", "A ticket on sale", f"{first}#id_{column}", amiss, WARNING)


def _payment(event):
    offered = payments_offered(event)
    silent = [way.mode for way in offered if way.mode in INSTRUCTIONS and not way.instructions(event).strip()]
    column, amiss = "can_pay_by_bank", ""
    if not offered:
        amiss = "Paid tickets cannot be bought yet."
    elif silent:
        column, amiss = f"{silent[0]}_details", f"Nobody learns how to pay {INSTRUCTIONS[silent[0]]}: say it."
    return _line("payment", "A way to pay", _field(event, "payment", column), amiss, WARNING)


def _tax(event):
    tax = Tax.objects.filter(event=event, deleted_at=None).first()
    amiss = "Tax is switched on, but no rate is set." if tax is None else ""
    if tax is not None and not tax.name:
        amiss = "The tax has no name, so buyers read “tax”."
    return _line("tax", "Tax", _field(event, "taxes", "rate" if tax is None else "name"), amiss, WARNING)


def _refunds(event):
    amiss = "" if (event.refund_policy or "").strip() else "Say what happens when plans change."
    return _line("refunds", "Refund policy", _field(event, "tickets", "refund_policy"), amiss)


def _host(event):
    amiss = "" if (event.owner_name or "").strip() else "People trust an event that says who is behind it."
    return _line("host", "Organizer’s name", _field(event, "basics", "owner_name"), amiss)


def _line(key, words, address, amiss="", state=OPEN, *, blocks=False):
    return Line(key=key, words=words, address=address, detail=amiss, state=state if amiss else DONE, blocks=blocks)


def _field(event, section, column):
    """The field of this column on the settings pages."""
    return f"{reverse(f'manage-settings-{section}', args=[event.identifier])}#id_{column}"
