"""What is sold: tickets, orders, attendees, payments, check-in."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from accounts.rules import KNOWN_ELSEWHERE
        from accounts.services.close_account import REASONS_TO_STAY
        from events.rules import ATTENDS_ELSEWHERE, MAY_JOIN
        from events.services import change_event, copy_event, move_event
        from media_pipeline.purposes import register_purpose
        from notifications.services.attachments import register_attachment
        from notifications.services.jobs import register_job
        from orders.rules import buyers_known, events_with_ticket
        from orders.search_indexes import keep_search_indexes
        from orders.services import event_ties
        from orders.services.account_ties import has_tickets_to_use
        from orders.services.bulk import KIND, run
        from orders.services.exports import export
        from orders.services.invoice_mails import attach_invoice, attach_invoice_of_order
        from orders.services.kept_papers import FILES
        from orders.services.mails import attach_summary, attach_ticket, attach_tickets

        REASONS_TO_STAY.append(has_tickets_to_use)
        KNOWN_ELSEWHERE.append(buyers_known)
        ATTENDS_ELSEWHERE.append(event_ties.holds_a_ticket)
        MAY_JOIN.append(events_with_ticket)
        move_event.PARTS.extend(event_ties.PARTS)
        copy_event.COPIED.extend(event_ties.COPIED)
        copy_event.LEFT_BEHIND.extend(event_ties.LEFT_BEHIND)
        change_event.REASONS_TO_KEEP.setdefault("payment_currency", []).append(event_ties.why_currency_stays)
        change_event.CONSEQUENCES.append(event_ties.lost_with)
        register_attachment("order-tickets", attach_tickets)
        register_attachment("order-summary", attach_summary)
        register_attachment("attendee-ticket", attach_ticket)
        register_attachment("order-invoice", attach_invoice_of_order)
        register_attachment("event-invoice", attach_invoice)
        register_purpose(FILES, is_public=False)
        register_job(KIND, run)
        register_job(export.KIND, export.export, may_have=export.may_have, is_repeatable=True)
        post_migrate.connect(keep_search_indexes, sender=self)
