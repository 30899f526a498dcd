"""What happens: an event, its dates, its place, how it sells."""

import secrets
from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from events.rules import EVENTS
from openevent.core.columns import LATITUDE, LONGITUDE, Line, degrees, flag, long_text, moment, rich_text, text, url
from openevent.core.rows import SoftDeleted

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
LETTERS = ALPHABET[:26]
LONGEST = timedelta(days=20)
DRAFT, PUBLISHED = "draft", "published"


def new_identifier():
    """Eight characters, the first a letter, so that it is never taken for a number."""
    return secrets.choice(LETTERS) + "".join(secrets.choice(ALPHABET) for _ in range(7))


def check_zone(name):
    if name not in available_timezones():
        raise ValidationError("There is no such time zone. Name one like Europe/Berlin.")


def check_dates(starts_at, ends_at):
    """What every door asks of an event's dates; ValidationError at the field that is to blame."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": "The end must be after the start."})
    if ends_at - starts_at > LONGEST:
        raise ValidationError({"ends_at": f"An event lasts {LONGEST.days} days at most."})


class Event(SoftDeleted):
    policy = EVENTS
    has_own_counter = True
    event_path = ""

    identifier = models.CharField(max_length=40, unique=True, default=new_identifier, editable=False)
    name = Line(max_length=400)
    description = rich_text()
    external_event_url = url()

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    timezone = models.CharField(max_length=60, default="UTC", validators=[check_zone])

    online = flag()
    latitude = degrees(LATITUDE)
    longitude = degrees(LONGITUDE)
    location_name = text()
    searchable_location_name = text()
    is_map_shown = flag()

    logo_url = url()
    original_image_url = url()
    thumbnail_image_url = url(editable=False)
    large_image_url = url(editable=False)
    icon_image_url = url(editable=False)

    public_stream_link = text(2000)
    stream_loop = flag()
    stream_autoplay = flag()
    is_videoroom_enabled = flag()
    is_chat_enabled = flag()
    chat_room_name = text(editable=False)

    has_owner_info = flag()
    owner_name = text()
    owner_description = rich_text()
    code_of_conduct = rich_text()
    ticket_url = url()

    event_type = models.ForeignKey("events.EventType", models.SET_NULL, null=True, blank=True, related_name="events")
    event_topic = models.ForeignKey("events.EventTopic", models.SET_NULL, null=True, blank=True, related_name="events")
    event_sub_topic = models.ForeignKey(
        "events.EventSubTopic", models.SET_NULL, null=True, blank=True, related_name="events"
    )
    group = models.ForeignKey("events.Group", models.SET_NULL, null=True, blank=True, related_name="events")

    state = models.CharField(max_length=20, default="draft", choices=[("draft", "Draft"), ("published", "Published")])
    privacy = models.CharField(max_length=20, default="public", choices=[("public", "Public"), ("private", "Private")])
    is_featured = flag()
    is_promoted = flag()
    is_demoted = flag()
    is_announced = flag(editable=False)

    is_sessions_speakers_enabled = flag()
    is_cfs_enabled = flag()
    schedule_published_on = moment()
    is_sponsors_enabled = flag()
    is_document_enabled = flag()
    document_links = models.JSONField(null=True, blank=True)
    pentabarf_url = url(editable=False)
    ical_url = url(editable=False)
    xcal_url = url(editable=False)

    is_ticket_form_enabled = flag(default=True)
    is_badges_enabled = flag()
    is_oneclick_signup_enabled = flag()
    is_donation_enabled = flag()
    show_remaining_tickets = flag()
    is_billing_info_mandatory = flag()
    is_tax_enabled = flag()
    after_order_message = rich_text()
    refund_policy = long_text()

    # What buyers may do by themselves; None means until the event starts.
    holders_change_until = moment()
    buyers_may_cancel = flag(default=True)
    buyers_cancel_until = moment()
    buyers_get_money_back = flag()  # who cancels what is paid gets it back; else the team alone cancels it
    # Tickets say `<order identifier>-<attendee id>`, which the old Organizer app reads and no reissue can void.
    has_plain_ticket_codes = flag()

    payment_country = text(100)
    payment_currency = text(3)
    paypal_email = models.EmailField(null=True, blank=True)
    can_pay_by_paypal = flag()
    can_pay_by_stripe = flag()
    can_pay_by_cheque = flag()
    can_pay_by_bank = flag()
    can_pay_by_invoice = flag()
    can_pay_onsite = flag()
    payment_term = models.PositiveSmallIntegerField(  # days that a placed order waits for its money
        default=14, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    can_pay_by_omise = flag()
    can_pay_by_alipay = flag()
    can_pay_by_paytm = flag()
    cheque_details = long_text()
    invoice_details = long_text()
    bank_details = long_text()
    onsite_details = long_text()
    is_stripe_linked = flag(editable=False)

    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "privacy", "starts_at"])]

    def __str__(self):
        return self.name

    def event_key(self):
        return self.pk

    @property
    def is_public(self):
        return self.state == "published" and self.privacy == "public" and self.deleted_at is None

    @property
    def zone(self):
        return ZoneInfo(self.timezone)

    @property
    def town(self):
        """The town, unless the venue's name says it already."""
        town = self.searchable_location_name or ""
        return "" if town in (self.location_name or "") else town

    @property
    def currency(self):
        return self.payment_currency or "USD"

    @property
    def call_is_open(self):
        """Whether a signed-in person may submit a session now."""
        moment_now = now()
        return self.speakers_calls.filter(starts_at__lte=moment_now, ends_at__gte=moment_now, deleted_at=None).exists()

    @classmethod
    def listed(cls):
        """Q: what the public sees in lists."""
        return Q(state="published", privacy="public", deleted_at=None)
