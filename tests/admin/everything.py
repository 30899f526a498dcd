"""Rows of everything that the admin lists, and a walk through all that it shows of them."""

from datetime import timedelta

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import CustomSystemRole, Page, PanelPermission, Setting, User, UserEmail, UserPermission
from accounts.services.log import record
from accounts.tests.people import make_person
from events.models import (
    CustomPlaceholder,
    EmailNotification,
    EventLocation,
    EventRolePermission,
    EventSubTopic,
    EventTopic,
    EventType,
    Feedback,
    Role,
    RoleInvite,
    Service,
    Session,
    Speaker,
    SpeakerInvite,
    Track,
    VideoChannel,
)
from events.services.groups import create_group
from events.tests.factories import in_days, make_event
from notifications.models import Job, Mail, MessageSetting, NotificationSetting
from openevent.core.admin import OneRowAdmin
from orders.models import EventInvoice, Paper, Payment, ProviderEvent, Refund, Scan, StripeAuthorization, TicketFee
from orders.services.ledger import book_payment
from orders.tests.factories import make_access, make_discount, make_finished_order, make_order, make_tax, make_ticket


def one_more_of_everything(number, *, buyer):
    """Each with an event, an owner and an order of its own, so that a list that asks row by row is found out."""
    owner = make_person(f"owner{number}")
    kind, topic = EventType.objects.create(name=f"Kind {number}"), EventTopic.objects.create(name=f"Topic {number}")
    part = EventSubTopic.objects.create(name=f"Part {number}", event_topic=topic)
    EventLocation.objects.create(name=f"Place {number}")
    CustomPlaceholder.objects.create(
        name=f"Picture {number}", event_sub_topic=part, original_image_url="https://example.org/a.png"
    )
    event = make_event(owner=owner, name=f"Event {number}", event_type=kind, event_topic=topic)
    seat, hidden = make_ticket(event, price="20"), make_ticket(event, is_hidden=True)
    make_tax(event)
    make_discount(event, seat, code=f"LESS{number}")
    make_access(event, hidden, code=f"DOOR{number}")
    order = make_finished_order(seat, by=buyer, mode="bank")
    make_order(seat, by=buyer)
    attendee = order.attendees.get()
    Paper.objects.create(kind="tickets", order=order, attendee=attendee, version=str(number), file="papers/none.bin")
    paid = Payment.objects.create(order=order, provider="stripe", kind="token", amount=20, currency="EUR")
    book_payment(paid)
    Refund.objects.create(order=order, payment=paid, provider="stripe", amount=5, currency="EUR", by=owner)
    ProviderEvent.objects.create(provider="stripe", event_id=f"evt_{number}", body="{}", payment=paid)
    EventInvoice.objects.create(
        event=event, user=owner, identifier=f"202610U-{number:06}", month="2026-10", amount=3, due_at=in_days(-1)
    )
    StripeAuthorization.objects.create(event=event, stripe_auth_code=f"ac_{number}")
    TicketFee.objects.create(country=f"Country {number}", currency="EUR", service_fee=number)
    Scan.objects.create(event=event, attendee=attendee, verdict="in", by=owner, by_name=owner.name)
    track = Track.objects.create(event=event, name=f"Track {number}", color="#123456")
    VideoChannel.objects.create(name=f"Channel {number}", provider=f"provider{number}", url="https://video.example.org")
    create_group(by=owner, name=f"Group {number}", events=[event])
    session = Session.objects.create(event=event, title=f"Talk {number}", track=track)
    session.speakers.add(Speaker.objects.create(event=event, name=f"Speaker {number}", user=owner))
    role, _ = Role.objects.get_or_create(name=f"steward{number}")
    RoleInvite.objects.create(
        event=event, email=owner.email, role=role, invited_by=owner, token_hash=str(number), expires_at=in_days(1)
    )
    UserEmail.objects.create(user=owner, email_address=f"second{number}@example.org", type="work")
    Page.objects.create(name=f"Page {number}", url=f"/page-{number}")
    PanelPermission.objects.create(panel_name=f"panel {number}").custom_system_roles.add(
        CustomSystemRole.objects.create(name=f"Part {number}")
    )
    UserPermission.objects.create(name=f"deed {number}")
    SpeakerInvite.objects.create(event=event, session=session, email=owner.email, invited_by=owner)
    Feedback.objects.create(event=event, session=session, user=owner, rating=5)
    EmailNotification.objects.create(user=owner, event=event)
    service = Service.objects.create(name=f"service{number}")
    EventRolePermission.objects.create(role=role, service=service)
    Job.objects.create(user=owner, event_id=event.pk, kind="export", title=f"Job {number}")
    MessageSetting.objects.create(action=f"mail-{number}")
    NotificationSetting.objects.create(type=f"kind-{number}")
    record("thing.done", by=owner, about=order, event_id=event.pk, number=number)
    Mail.objects.update(asked_by=owner)
    Setting.current()
    return event


def lists():
    """The admins that show a list, by the name of their model."""
    return {
        model_admin.opts.label_lower: model_admin
        for model_admin in admin.site._registry.values()
        if not isinstance(model_admin, OneRowAdmin)
    }


def forms_of_one_row():
    return [one for one in admin.site._registry.values() if isinstance(one, OneRowAdmin)]


def list_of(model_admin):
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")


def row_of(model_admin, pk):
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_change", args=[pk])


def every_row(model_admin):
    return [row_of(model_admin, pk) for pk in model_admin.model._default_manager.values_list("pk", flat=True)]


def is_text(column):
    return isinstance(column, models.CharField | models.TextField)


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def make_auditor():
    return make_person("otto", is_auditor=True)


def make_admin():
    return User.objects.get(pk=make_person("amy", is_admin=True).pk)
