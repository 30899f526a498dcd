"""Deleting a part of an event, and taking that back."""

from django.core.exceptions import ValidationError

from accounts.services.log import record
from events.models.part import EventPart, PlainEventPart
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused


def throw_away(part: EventPart | PlainEventPart, *, by) -> bool:
    """Delete it. True if it can be taken back: what has no trash is gone. The caller has asked the policy."""
    with atomic():
        record(f"{part._meta.model_name}.deleted", by=by, about=part, event_id=part.event_id, name=str(part)[:200])
        if not isinstance(part, EventPart):
            part.delete()
            return False
        part.hide()
        return True


def take_back(part: EventPart, *, by) -> None:
    """Undo a deletion of one's own; 409 where another row has taken what must be unique."""
    with atomic():
        part.deleted_at = None
        try:
            part.validate_constraints()
        except ValidationError as problem:
            raise Refused("already-there", problem.messages[0], status=409) from None
        part.save(update_fields=["deleted_at"])
        record(f"{part._meta.model_name}.restored", by=by, about=part, event_id=part.event_id, name=str(part)[:200])
