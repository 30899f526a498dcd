"""What is sold: tickets, orders, attendees, payments, check-in."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from notifications.services.attachments import register_attachment
        from orders.services.mails import attach_summary, attach_ticket, attach_tickets

        register_attachment("order-tickets", attach_tickets)
        register_attachment("order-summary", attach_summary)
        register_attachment("attendee-ticket", attach_ticket)
