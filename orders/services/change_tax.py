"""The tax of an event: whether there is one, and which."""

from accounts.services.log import record
from events.models import Event
from events.services.change_event import change_event
from openevent.core.atomic import atomic
from orders.models import Tax


def change_tax(event: Event, *, by, enabled: bool, **values) -> Tax | None:
    """Say whether prices are taxed, and how; one row an event. Orders that are made already keep their sums.

    Switched off, the row stays for the day when it is switched on again, and nothing else of it changes.
    """
    with atomic():
        change_event(event, by=by, is_tax_enabled=enabled)
        tax = Tax.objects.select_for_update(no_key=True).filter(event=event, deleted_at=None).first()
        if not enabled:
            return tax
        tax = tax or Tax(event=event)
        changed = sorted(name for name, value in values.items() if tax.pk is None or getattr(tax, name) != value)
        for name in changed:
            setattr(tax, name, values[name])
        if changed:
            tax.save()
            record("tax.changed", by=by, about=tax, event_id=event.pk, fields=changed)
    return tax
