"""The holder of one seat."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.part import EventPart
from openevent.core.columns import Sought, flag, long_text, moment, text, url
from openevent.core.tokens import derive_secret, hash_token, new_token
from orders.rules import ATTENDEES

AGE_GROUPS = (
    *("Under 18", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+"),
    "I prefer not to say",
)


def new_attendee_identifier():
    return secrets.token_hex(6)


def ticket_code(seed):
    """What the QR code says: 128 bits that only this server can derive, so a copy of the database prints no ticket."""
    return derive_secret("ticket", seed)


class CodeHash(models.CharField):
    """What the door looks a ticket up by; made once, when the row is first written or its code was voided."""

    def pre_save(self, row, add):
        if not row.code_hash:
            row.code_hash = hash_token(row.code)
        return row.code_hash


class Attendee(EventPart):
    """Without an order it holds no seat, belongs to its creator, and goes after order-expiry-time."""

    policy = ATTENDEES

    event = models.ForeignKey("events.Event", models.PROTECT, related_name="attendees")
    ticket = models.ForeignKey("orders.Ticket", models.PROTECT, related_name="attendees")
    order = models.ForeignKey("orders.Order", models.CASCADE, null=True, blank=True, related_name="attendees")
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="made_attendees"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="attendees")
    identifier = models.CharField(max_length=40, unique=True, default=new_attendee_identifier, editable=False)
    seed = models.CharField(max_length=64, default=new_token, editable=False)
    code_hash = CodeHash(max_length=64, unique=True, editable=False)

    firstname = text(200)
    lastname = text(200)
    email = models.EmailField(null=True, blank=True, db_index=True)
    address = text(1000)
    city = text(200)
    state = text(200)
    country = text(200)
    job_title = text()
    phone = text(100)
    tax_business_info = text()
    billing_address = text(1000)
    home_address = text(1000)
    shipping_address = text(1000)
    company = text()
    work_address = text(1000)
    work_phone = text(100)
    website = url()
    blog = url()
    twitter = url()
    facebook = url()
    github = url()
    instagram = url()
    linkedin = url()
    gender = text(100)
    accept_video_recording = models.BooleanField(null=True, blank=True)
    accept_share_details = models.BooleanField(null=True, blank=True)
    accept_receive_emails = models.BooleanField(null=True, blank=True)
    age_group = text(40, choices=[(group, group) for group in AGE_GROUPS])
    home_wiki = text()
    wiki_scholarship = text()
    birth_date = moment()
    native_language = text(200)
    fluent_language = text(200)
    complex_field_values = models.JSONField(null=True, blank=True)
    is_consent_form_field = models.BooleanField(null=True, default=False)
    is_consent_form_field_photo = models.BooleanField(null=True, default=False)
    is_consent_form_field_email = models.BooleanField(null=True, default=False)
    is_consent_of_refund_policy = flag()
    is_discount_applied = models.BooleanField(null=True, default=False)
    is_access_code_applied = models.BooleanField(null=True, default=False)
    attendee_notes = long_text()
    tag = models.ForeignKey("events.Tag", models.SET_NULL, null=True, blank=True, related_name="attendees")

    is_checked_in = flag()
    is_checked_out = flag()
    is_registered = flag()
    checkin_times = long_text()
    checkout_times = long_text()
    register_times = long_text()
    device_name_checkin = long_text()
    is_badge_printed = models.BooleanField(null=True, default=False)
    badge_printed_at = moment()
    pdf_url = url(editable=False)
    sought = Sought(of=("firstname", "lastname", "email"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(EventPart.Meta):
        indexes = [
            models.Index(fields=["ticket", "order"]),
            # A list by name, of those in some state or with some letters in their name, reads this index alone.
            models.Index(
                fields=["event", "sought", "id", "order", "ticket", "is_checked_in", "is_checked_out"],
                condition=Q(deleted_at=None),
                name="attendee_by_name",
            ),
        ]

    def __str__(self):
        return self.name or self.identifier

    @classmethod
    def live_rows(cls):
        """Tickets of a deleted event stay with those who bought them."""
        return Q(deleted_at=None) & (Q(order=None) | Q(order__deleted_at=None))

    @property
    def name(self):
        return " ".join(part for part in (self.firstname, self.lastname) if part)

    @property
    def code(self):
        return ticket_code(self.seed)

    @property
    def printed_code(self):
        """What a ticket says: its code, or at events that want it the form which the old Organizer app reads.

        That form is made of numbers that stay: no reissue voids it.
        """
        if self.order is not None and self.order.event.has_plain_ticket_codes:
            return f"{self.order.identifier}-{self.pk}"
        return self.code

    def reissue(self):
        """Void the code that is out there. The caller saves."""
        if self.code_hash:
            self.voided_codes.create(code_hash=self.code_hash)
        self.seed, self.code_hash = new_token(), ""


class VoidedCode(models.Model):
    """A code that was printed once and lets nobody in any more: the door knows an older copy from a stranger's."""

    attendee = models.ForeignKey(Attendee, models.CASCADE, related_name="voided_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    voided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"older ticket of {self.attendee}"
