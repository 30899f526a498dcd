"""Account mails go the way of all mails: queued, tried again, recorded."""

from django.core.mail import EmailMultiAlternatives

from accounts.adapter import AccountAdapter
from notifications.services.mail import queue_message


class QueueingAccountAdapter(AccountAdapter):
    def deliver(self, kind: str, message: EmailMultiAlternatives) -> None:
        queue_message(f"account-{kind.replace('_', '-')}", message)
