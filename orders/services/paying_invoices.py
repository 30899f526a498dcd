"""Paying what the site has invoiced, through the same providers as orders: the money goes to the site's own account."""

from functools import partial

from openevent.core.atomic import atomic
from openevent.core.policies import is_site_staff
from openevent.core.refusals import Refused
from orders.models import EventInvoice, Payment
from orders.models.invoice import DUE, FAILED
from orders.payments import PROVIDERS
from orders.payments.base import Pages, Provider
from orders.payments.paypal import PAGE
from orders.payments.stripe import TOKEN
from orders.services.asking import PAGE_OF, ask, execute, open_payment

PAYABLE = (None, DUE, FAILED)


def ways_to_pay() -> list[Provider]:
    """Where the site has an account that money can be paid to."""
    return [provider for provider in PROVIDERS.values() if provider.has_keys()]


def may_be_paid(invoice: EventInvoice) -> bool:
    return invoice.status in PAYABLE and invoice.amount > 0 and invoice.deleted_at is None


def pay_invoice_by_page(invoice: EventInvoice, *, by, mode: str, pages: Pages) -> str:
    """Where it is paid: the provider's own page, which leads back to ours."""
    payment, found = _ask(invoice, by=by, mode=mode, kind=PAGE_OF[mode], pages=pages)
    return found.pay_url or payment.pay_url or pages.success


def pay_invoice_by_token(invoice: EventInvoice, *, by, token: str) -> Payment:
    """Charge the card that a client has made a token of."""
    payment, _ = _ask(invoice, by=by, mode="stripe", kind=TOKEN, token=token)
    return payment


def ask_paypal_for_invoice(invoice: EventInvoice, *, by, pages: Pages) -> Payment:
    """A PayPal payment for the debtor to approve: its id, and the page where they do."""
    payment, _ = _ask(invoice, by=by, mode="paypal", kind=PAGE, pages=pages)
    return payment


def execute_paypal_for_invoice(invoice: EventInvoice, *, by, payment_id: str = "", payer_id: str = "") -> EventInvoice:
    """The debtor has approved: take the money."""
    _refuse_others(invoice, by=by)
    refuse = partial(_refuse_unless_payable, invoice)
    return execute(invoice, refuse=refuse, payment_id=payment_id, payer_id=payer_id)


def _ask(invoice, *, by, mode, kind, **options):
    provider = PROVIDERS[mode]
    return ask(partial(_open, invoice, by=by, provider=provider, kind=kind), provider, **options)


def _open(invoice, *, by, provider, kind):
    rows = EventInvoice.objects.select_for_update(of=("self",)).select_related("event", "user")
    with atomic():
        invoice = rows.get(pk=invoice.pk)
        _refuse_others(invoice, by=by)
        _refuse_unless_payable(invoice)
        return open_payment(invoice, provider, kind=kind, amount=invoice.amount, account="")


def _refuse_others(invoice, *, by):
    if not (is_site_staff(by) or invoice.user_id == by.pk):
        raise Refused("not-your-invoice", "Whoever it is addressed to pays it.", status=403)


def _refuse_unless_payable(invoice):
    if not may_be_paid(invoice):
        raise Refused("invoice-not-payable", "There is nothing to pay on this invoice.", status=409)
