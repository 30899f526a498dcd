"""Whom mails of an event go to, as far as people have said which they want."""

from accounts.models import normalise_email
from events.models import EmailNotification


def begin_with_all(user, event):
    """Whoever comes to work at an event gets all its mails, and can say no to each kind from then on."""
    wanted = dict.fromkeys(("next_event", "new_paper", "session_accept_reject", "session_schedule"), True)
    EmailNotification.objects.get_or_create(user=user, event=event, deleted_at=None, defaults=wanted)


def willing(addresses, *, event_id, to):
    """Those of these addresses, each once, whose owners have not said no to mails of this kind at this event."""
    spelled = {address: normalise_email(address) for address in addresses}
    said_no = EmailNotification.objects.filter(
        event=event_id, deleted_at=None, user__email__in=set(spelled.values()), **{to: False}
    )
    refusing = set(said_no.values_list("user__email", flat=True))
    return [address for address, spelling in spelled.items() if spelling not in refusing]
