"""What is sold: tickets, orders, attendees, payments, check-in."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from accounts.rules import KNOWN_ELSEWHERE
        from notifications.services.attachments import register_attachment
        from orders.rules import buyers_known
        from orders.services.mails import attach_summary, attach_ticket, attach_tickets

        KNOWN_ELSEWHERE.append(buyers_known)
        register_attachment("order-tickets", attach_tickets)
        register_attachment("order-summary", attach_summary)
        register_attachment("attendee-ticket", attach_ticket)
