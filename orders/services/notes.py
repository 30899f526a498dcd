"""What the team notes on an order for itself. A note is a line of the log: it is never changed and never removed."""

from accounts.services.log import record
from events.rules import coorganizes
from openevent.core.refusals import Refused
from orders.models import Order
from orders.services.timeline import NOTED

LONGEST = 2000


def note_order(order: Order, words: str, *, by) -> None:
    """Write a note that the event's team alone reads; 403 to everybody else."""
    words = words.replace("\x00", "").strip()
    if not coorganizes(by, order):
        raise Refused("not-your-order", "Only the event's team notes something on an order.", status=403)
    if not words:
        raise Refused("note-empty", "Write something.", pointer="/data/attributes/note")
    if len(words) > LONGEST:
        raise Refused("note-too-long", f"At most {LONGEST} characters.", pointer="/data/attributes/note")
    record(NOTED, by=by, about=order, event_id=order.event_id, words=words)
