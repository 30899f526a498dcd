"""Invoices of orders: issued when an order is placed or completed, put right by further papers, and never changed.

The papers of an order come to what it costs, less what was given back of that. Whatever happens to an order ends here:
where they come to less, an invoice is issued for the rest, and where they come to more, a credit note.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from accounts.models import User
from accounts.services.log import record
from events.models import Event
from events.rules import OWNER
from openevent.core.atomic import atomic
from openevent.core.money import ZERO, round_money
from orders.documents.papers import EventFacts
from orders.models import InvoiceSeries, Order, OrderInvoice, Tax
from orders.models.order import COMPLETED, PLACED
from orders.models.order_invoice import CREDIT_NOTE, INVOICE
from orders.models.payment import DISPUTE, UNDONE
from orders.services.ledger import sum_of
from orders.services.papers import buyer_of, day_of, event_facts, how_to_pay, present, sums_of, words_of_tax
from orders.services.pricing import share_amount

Amounts = dict[str, tuple[Decimal, Decimal]]  # {words of a tax: (what the buyer pays, the tax in it)}


def keep_invoiced(order: Order, *, by, why: str = "") -> OrderInvoice | None:
    """Issue what the papers of an order lack by now; `why` is what a credit note says that it is for.

    The caller holds the order's row lock and is done with stock: the lock of the seller's numbers is the last.
    """
    issued = list(order.invoices.all())
    due = _due(order)
    if due and not issued:
        issued = [_issue(order, INVOICE, _first(order), _amounts(order, order.amount), by=by)]
    missing = due - sum((one.total for one in issued), ZERO)
    if not missing:
        return issued[-1] if issued else None
    amounts = _difference(_amounts(order, due), issued)
    if missing > 0:
        return _issue(order, INVOICE, _one_line(why or "More than was invoiced before", missing), amounts, by=by)
    if not due and len(issued) == 1:
        parts = _mirrored(issued[0])
    else:
        parts = _one_line(why or ("Given back" if due else "The order is over"), missing)
    return _issue(order, CREDIT_NOTE, parts, amounts, by=by, corrects=issued[0])


def invoice_anew(order: Order, *, by) -> None:
    """Where the buyer's address is another than on the papers: all of them are taken back, and one is issued with it.

    The caller holds the order's row lock.
    """
    issued = list(order.invoices.all())
    due = _due(order)
    if not issued or not due or issued[-1].said["buyer"] == list(buyer_of(order)):
        return
    parts = _one_line("Issued anew with another address", -due)
    _issue(order, CREDIT_NOTE, parts, _difference({}, issued), by=by, corrects=issued[0])
    parts = _first(order) if due == order.amount else _one_line("What is left of the order", due)
    _issue(order, INVOICE, parts, _amounts(order, due), by=by)


def issue_missing(limit: int = 2000) -> int:
    """By the clock: invoices of orders that were sold before there were any, or came from elsewhere. How many."""
    sold = Order.objects.filter(status__in=(PLACED, COMPLETED), amount__gt=0, deleted_at=None, invoices=None)
    made = 0
    for order_id in list(sold.order_by("pk").values_list("pk", flat=True)[:limit]):
        with atomic():
            order = Order.objects.select_for_update(of=("self",)).select_related("event").get(pk=order_id)
            made += keep_invoiced(order, by="server") is not None
    return made


def owner_of(event: Event) -> User | None:
    role = event.roles.filter(role__name=OWNER).select_related("user").order_by("pk").first()
    return role and role.user


def _due(order: Order) -> Decimal:
    """What its papers are to come to: what it costs, less what was given back of that.

    Money that came twice and goes back is no part of it, nor what a bank took back: that is still to be paid.
    """
    if order.status not in (PLACED, COMPLETED) or order.deleted_at is not None:
        return ZERO
    came = sum_of(order.ledger.filter(refund=None))
    given = sum_of(order.refunds.exclude(state=UNDONE).exclude(source=DISPUTE))
    if order.status == PLACED or not (came or given):
        return max(ZERO, order.amount - max(ZERO, given - max(ZERO, came - order.amount)))
    return max(ZERO, min(order.amount, came - given + order.due))


def _issue(order, kind, parts, amounts: Amounts, *, by, corrects=None) -> OrderInvoice:
    total, tax = (sum((pair[place] for pair in amounts.values()), ZERO) for place in (0, 1))
    said = {
        **_facts(order, kind, total, corrects),
        **parts,
        "rates": [_rate(words, *pair) for words, pair in amounts.items()],
    }
    said = _as_text(said, order.currency)
    with atomic():
        series = _series_of(order.event)
        series.last += 1
        series.save(update_fields=["last"])
        invoice = OrderInvoice.objects.create(
            series=series,
            number=series.last,
            event=order.event,
            order=order,
            kind=kind,
            total=total,
            tax=tax,
            currency=order.currency,
            said=said,
        )
        told = {"paper": str(invoice), "amount": str(total)}
        record("order.invoiced", by=by, about=order, event_id=order.event_id, **told)
        return invoice


def _series_of(event: Event) -> InvoiceSeries:
    """The seller's, its row locked."""
    owner = owner_of(event)
    seller = {"owner": owner} if owner else {"event": event}
    series, _ = InvoiceSeries.objects.get_or_create(**seller)
    return InvoiceSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)


# ── What is frozen ───────────────────────────────────────────────────────────────────────────────────


def _facts(order, kind, total, corrects):
    """Who, to whom, for what, and how to pay."""
    footer = Tax.objects.filter(event=order.event_id, deleted_at=None).values_list("invoice_footer", flat=True).first()
    asks = total if order.status == PLACED else min(total, order.due)
    event = EventFacts(**event_facts(order.event))
    return {
        "about": f"{event.event_name}, {' '.join(event.when)}",
        "order": order.identifier,
        "corrects": f"{corrects} of {day_of(corrects.issued_at, order.event)}" if corrects else "",
        "seller": seller_of(order.event),
        "buyer": buyer_of(order),
        "state": _state(total, asks) if kind == INVOICE else "",
        "instructions": how_to_pay(order) if kind == INVOICE and asks else "",
        "footer": footer or "",
    }


def _state(total, asks):
    return "Paid" if not asks else "To be paid" if asks == total else "Partly paid"


def seller_of(event: Event) -> tuple[str, ...]:
    """As the tax settings have it, else by the organizer's name."""
    tax = Tax.objects.filter(event=event, deleted_at=None).first()
    if tax is None:
        return present(event.owner_name or event.name)
    town = " ".join(present(tax.zip, tax.city))
    name = tax.registered_company or event.owner_name or event.name
    number = f"Tax ID {tax.tax_id}" if tax.tax_id else ""
    return present(name, tax.contact_name, tax.address, town, tax.state, tax.country, tax.email, tax.phone, number)


def _first(order):
    """The lines as they were agreed, and what stands between them and the total."""
    lines = list(order.lines.select_related("ticket"))
    return {
        "lines": [[line.ticket.name, line.quantity, line.price * line.quantity] for line in lines],
        "sums": [[words, amount] for words, amount in sums_of(order, lines, says_included=False)],
    }


def _one_line(words, amount):
    return {"lines": [[words, 1, amount]], "sums": []}


def _mirrored(invoice):
    """All that an invoice said, with a minus."""
    return {
        "lines": [[name, quantity, -Decimal(amount)] for name, quantity, amount in invoice.said["lines"]],
        "sums": [[words, -Decimal(amount)] for words, amount in invoice.said["sums"]],
    }


# ── Taxes: how much of an amount is which ────────────────────────────────────────────────────────────


def _amounts(order: Order, due: Decimal) -> Amounts:
    """So much of an order by its taxes; the parts sum to it."""
    whole: Amounts = {}
    for line in order.lines.all():
        total, tax = whole.get(words := words_of_tax(line), (ZERO, ZERO))
        whole[words] = total + line.total, tax + line.tax
    if not whole:
        return {"": (due, ZERO)}
    shares = share_amount(due, [(total, 1) for total, _ in whole.values()], order.currency)
    return {
        words: (share, round_money(tax * share / total, order.currency) if total else ZERO)
        for (words, (total, tax)), share in zip(whole.items(), shares, strict=True)
    }


def _difference(amounts: Amounts, issued: Iterable[OrderInvoice]) -> Amounts:
    """What is missing from the papers that were issued, tax by tax: so theirs sum to the order's to the last cent."""
    missing = dict(amounts)
    for one in issued:
        for rate in one.said["rates"]:
            total, tax = missing.get(rate["words"], (ZERO, ZERO))
            missing[rate["words"]] = total - Decimal(rate["gross"]), tax - Decimal(rate["tax"])
    return {words: pair for words, pair in missing.items() if any(pair)}


def _rate(words: str, gross: Decimal, tax: Decimal) -> Mapping[str, object]:
    return {"words": words, "net": gross - tax, "tax": tax, "gross": gross}


def _as_text(said, currency: str):
    """The same, as JSON keeps it: amounts are texts with as many digits as the currency has."""
    if isinstance(said, Decimal):
        return str(round_money(said, currency))
    if isinstance(said, dict):
        return {name: _as_text(value, currency) for name, value in said.items()}
    return [_as_text(one, currency) for one in said] if isinstance(said, list | tuple) else said
