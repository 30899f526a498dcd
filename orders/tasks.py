"""Work by the clock: what the house does when nobody is there to do it at once."""

from celery import shared_task

from orders.services.checkout import settle_waiting_orders
from orders.services.reminding import send_links
from orders.services.stock import release_expired_holds as release
from orders.services.stock import remove_loose_attendees as remove


@shared_task
def release_expired_holds():
    """Tidy up after checkouts that ended. Stock does not wait for it: buyers release what they need themselves."""
    settle_waiting_orders()
    while release():
        pass


@shared_task
def remove_loose_attendees():
    remove()


@shared_task
def send_order_links(address):
    """Without a sweeper: who waits in vain asks once more."""
    send_links(address)
