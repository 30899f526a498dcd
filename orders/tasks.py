"""Work by the clock: what the house does when nobody is there to do it at once."""

from celery import shared_task

from openevent.core.idempotency import forget_old_answers as forget
from orders.services.checkout import settle_waiting_orders
from orders.services.invoice_mails import send_reminders
from orders.services.invoices import issue_invoices
from orders.services.invoicing import issue_missing
from orders.services.kept_papers import remove_old_papers as remove_papers
from orders.services.outbox import due_refunds, send_refund
from orders.services.reconciling import (
    due_events,
    due_paid_payments,
    due_payments,
    handle_event,
    look_again,
    look_what_went_back,
)
from orders.services.reminding import send_links
from orders.services.stock import release_expired_holds as release
from orders.services.stock import remove_loose_attendees as remove
from orders.services.team_mails import tell_of_ending_sales, tell_of_sales
from orders.services.terms import expire_overdue, remind_of_payments


@shared_task
def release_expired_holds():
    """Tidy up after checkouts that ended. Stock does not wait for it: buyers release what they need themselves."""
    settle_waiting_orders()
    while release():
        pass


@shared_task
def watch_payment_terms():
    """End the placed orders that nobody has paid in time, and remind the buyers whose time is nearly over."""
    expire_overdue()
    remind_of_payments()


@shared_task
def remove_loose_attendees():
    remove()


@shared_task
def issue_event_invoices():
    issue_invoices()


@shared_task
def remind_of_event_invoices():
    send_reminders()


@shared_task
def send_order_links(address):
    """Without a sweeper: who waits in vain asks once more."""
    send_links(address)


@shared_task
def handle_provider_event(event_id):
    handle_event(event_id)


@shared_task
def reconcile():
    """Follow events that nobody has followed yet, ask providers about open payments, and what went back of others."""
    for event_id in due_events():
        handle_event(event_id)
    for payment_id in due_payments():
        look_again(payment_id)
    for payment_id in due_paid_payments():
        look_what_went_back(payment_id)


@shared_task
def send_waiting_refunds():
    """By the clock: further tries, and what was owed while no worker was there."""
    for refund_id in due_refunds():
        send_refund.delay(refund_id)


@shared_task
def issue_missing_invoices():
    issue_missing()


@shared_task
def remove_old_papers():
    remove_papers()


@shared_task
def forget_old_answers():
    forget()


@shared_task
def tell_teams_of_sales():
    tell_of_sales()


@shared_task
def tell_teams_of_ending_sales():
    tell_of_ending_sales()
