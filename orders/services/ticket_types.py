"""What a ticket type may be, and the verbs for it: remove, copy, put in order."""

from django.core.exceptions import ValidationError

from accounts.services.log import record
from events.models import Event
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from openevent.core.serializers import is_other
from orders.models import Order, Ticket
from orders.models.order import SEATED
from orders.models.ticket import DONATION, FREE, KINDS, PAID

WAYS_TO_PAY = [column.name for column in Event._meta.concrete_fields if column.name.startswith("can_pay_")]


def check_ticket(given: dict, *, event: Event, ticket: Ticket | None = None) -> None:
    """What every door asks of a ticket type's columns; ValidationError at the one that is to blame.

    With a ticket, `given` is what is to change of it; without one it is new. What was accepted once and is only
    sent back is not asked again.
    """

    def now(name):
        return given.get(name, getattr(ticket, name, None) or Ticket._meta.get_field(name).get_default())

    def is_changed(name):
        return ticket is None or (name in given and is_other(getattr(ticket, name), given[name]))

    kind = KINDS[now("type")]
    if now("sales_ends_at") <= now("sales_starts_at"):
        raise ValidationError({"sales_ends_at": "Sales must end after they start."})
    if is_changed("sales_ends_at") and now("sales_ends_at") > event.ends_at:
        raise ValidationError({"sales_ends_at": "Sales cannot go on after the event."})
    if now("max_order") < now("min_order"):
        raise ValidationError({"max_order": "The most in one order cannot be lower than the least."})
    if now("quantity") < max(now("min_order"), now("max_order")):
        raise ValidationError({"quantity": "There must be as many places as one order may hold."})
    if ticket and now("quantity") < ticket.reserved:
        raise ValidationError({"quantity": f"{ticket.reserved} are sold or held already."})
    if kind == PAID and not now("price"):
        raise ValidationError({"price": "A paid ticket costs more than nothing."})
    if kind == DONATION and now("max_price") and now("max_price") < now("min_price"):
        raise ValidationError({"max_price": "The highest price cannot be lower than the lowest."})
    if kind != FREE and is_changed("type") and not any(getattr(event, way) for way in WAYS_TO_PAY):
        raise ValidationError({"type": "The event has no way to pay yet. Enable one first."})


def refuse_if_sold(ticket: Ticket) -> None:
    """403 while somebody holds or has bought one: such a type can be hidden, not removed."""
    if Order.objects.filter(attendees__ticket=ticket, status__in=SEATED).exists():
        raise Refused("ticket-sold", "Tickets of this type are sold. Hide it instead.", status=403)


def remove_ticket(ticket: Ticket, *, by) -> None:
    """Off the list, for good as far as the team is concerned."""
    with atomic():
        refuse_if_sold(ticket)
        ticket.hide()
        record("ticket.removed", by=by, about=ticket, event_id=ticket.event_id, name=ticket.name)


def copy_ticket(ticket: Ticket, *, by) -> Ticket:
    """The same once more, hidden, with no place sold, so that it can be changed before anybody sees it."""
    copy = Ticket.objects.get(pk=ticket.pk)
    copy.pk, copy.reserved, copy.is_hidden, copy._state.adding = None, 0, True, True
    copy.name, copy.position = _free_name(ticket), (ticket.position or 0) + 1
    with atomic():
        copy.save()
        copy.ticket_tags.set(ticket.ticket_tags.all())
        record("ticket.copied", by=by, about=copy, event_id=copy.event_id, name=copy.name)
    return copy


def _free_name(ticket):
    """“Regular (copy)”, “Regular (copy 2)”: no two of an event are called the same."""
    taken = set(ticket.event.tickets.filter(deleted_at=None).values_list("name", flat=True))
    room = Ticket._meta.get_field("name").max_length - len(" (copy 999)")
    numbers = (f"{ticket.name[:room]} (copy{f' {number}' if number > 1 else ''})" for number in range(1, 1000))
    return next(name for name in numbers if name not in taken)


def move_ticket(ticket: Ticket, step: int) -> None:
    """One place up (-1) or down (1) in the order in which buyers see them; the others make room."""
    with atomic():
        rows = list(Ticket.objects.select_for_update().filter(event=ticket.event_id, deleted_at=None))
        place = next(n for n, row in enumerate(rows) if row.pk == ticket.pk)
        other = place + step
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        for position, row in enumerate(rows, 1):
            if row.position != position:
                row.position = position
                row.save(update_fields=["position"])
