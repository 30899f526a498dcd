"""What a provider sends by itself: checked, written down once, and followed by the worker."""

from django.utils import timezone

from openevent.core.atomic import after_commit, atomic
from orders.models import ProviderEvent
from orders.payments.base import Provider
from orders.services.reconciling import FIRST_TRY
from orders.tasks import handle_provider_event


def receive_event(provider: Provider, body: bytes, headers) -> ProviderEvent:
    """Keep an event; one that is there already changes nothing. Refused if it is not the provider's."""
    told = provider.read_event(body, headers)
    facts = {
        "type": told.type[:100],
        "references": list(told.references),
        "body": body.decode(),
        "next_try_at": timezone.now() + FIRST_TRY,
    }
    with atomic():
        event, is_new = ProviderEvent.objects.get_or_create(
            provider=provider.mode, event_id=told.event_id, defaults=facts
        )
        if is_new:
            after_commit(handle_provider_event, event.pk)
    return event
