"""Events."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.serializers import ValidationError

from events.access import admit
from events.models import (
    Event,
    EventCopyright,
    EventStatistics,
    FaqType,
    Feedback,
    RoleInvite,
    SpeakerInvite,
    SpeakersCall,
    UserFavouriteSession,
    UsersEventsRoles,
    VideoStream,
)
from events.models.event import PUBLISHED, check_dates
from events.rules import events_where
from events.services.change_event import change_event, delete_event
from events.services.create_event import create_event
from events.services.publish import publish_event, unpublish_event
from openevent.core.describing import Document, says
from openevent.core.policies import is_site_staff
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

FOR_STAFF = ("is_featured", "is_promoted", "is_demoted")  # where an event is shown is the site's choice
CHATMOSPHERE = Q(is_of_event=True, video_channel__provider="chatmosphere")


def people(role):
    """The accounts with a role at the event."""
    return Relation(
        UsersEventsRoles._meta.get_field("user").related_model,
        "events_roles__event",
        where=Q(events_roles__role__name=role),
        many=role != "owner",
    )


class EventSerializer(ResourceSerializer):
    class Meta:
        model = Event
        fields = (
            *("identifier", "name", "external_event_url", "starts_at", "ends_at", "timezone", "online"),
            *("latitude", "longitude", "logo_url", "location_name", "searchable_location_name"),
            *("public_stream_link", "stream_loop", "stream_autoplay", "description", "after_order_message"),
            *("original_image_url", "thumbnail_image_url", "large_image_url", "icon_image_url"),
            *("show_remaining_tickets", "owner_name", "is_map_shown", "is_oneclick_signup_enabled"),
            *("has_owner_info", "owner_description", "is_sessions_speakers_enabled", "privacy", "state"),
            *("ticket_url", "code_of_conduct", "schedule_published_on", "is_featured", "is_promoted", "is_demoted"),
            *("is_announced", "is_ticket_form_enabled", "is_cfs_enabled", "payment_country", "payment_currency"),
            *("paypal_email", "is_tax_enabled", "is_billing_info_mandatory", "is_donation_enabled"),
            *("is_chat_enabled", "is_videoroom_enabled", "is_document_enabled", "document_links", "chat_room_name"),
            *("can_pay_by_paypal", "can_pay_by_stripe", "can_pay_by_cheque", "can_pay_by_bank"),
            *("can_pay_by_invoice", "can_pay_onsite", "can_pay_by_omise", "can_pay_by_alipay", "can_pay_by_paytm"),
            *("cheque_details", "invoice_details", "bank_details", "onsite_details", "is_sponsors_enabled"),
            *("created_at", "pentabarf_url", "ical_url", "xcal_url", "refund_policy", "is_stripe_linked"),
            *("is_badges_enabled", "microlocations", "social_links", "tracks", "sponsors", "session_types"),
            *("sessions", "speakers", "faqs", "custom_forms", "exhibitors", "badge_forms", "tags"),
            *("event_type", "event_topic", "event_sub_topic", "group"),
        )
        relations = {
            "speakers_call": Relation(SpeakersCall, "event", many=False),
            "roles": Relation(UsersEventsRoles, "event", path="users-events-roles"),
            "role_invites": Relation(RoleInvite, "event"),
            "speaker_invites": Relation(SpeakerInvite, "event"),
            "feedbacks": Relation(Feedback, "event", where=Q(session=None)),
            "session_favourites": Relation(UserFavouriteSession, "session__event", path="user-favourite-sessions"),
            "general_statistics": Relation(EventStatistics, "pk", many=False),
            "owner": people("owner"),
            "organizers": people("organizer"),
            "coorganizers": people("coorganizer"),
            "track_organizers": people("track_organizer"),
            "registrars": people("registrar"),
            "moderators": people("moderator"),
            "video_stream": Relation(VideoStream, "event", where=Q(is_of_event=True), many=False),
            "chatmosphere": Relation(VideoStream, "event", where=CHATMOSPHERE, many=False),
            "faq_types": Relation(FaqType, "event"),
            "event_copyright": Relation(EventCopyright, "event", many=False),
        }
        always = ("identifier",)

    def validate_document_links(self, links):
        entries = links if isinstance(links, list) else [links] if links else []
        if not all(isinstance(entry, dict) and entry.get("name") and entry.get("link") for entry in entries):
            raise ValidationError("Every document needs a name and a link.")
        return links

    def validate(self, values):
        if not is_site_staff(self.context["request"].user):
            values = {name: value for name, value in values.items() if name not in FOR_STAFF}
        if self.is_changed(values, "starts_at", "ends_at"):
            check_dates(*(values.get(name, getattr(self.instance, name, None)) for name in ("starts_at", "ends_at")))
        return values


class EventViewSet(ResourceViewSet):
    serializer_class = EventSerializer

    @classmethod
    def key_of(cls, event):
        """A private event is reached by its identifier alone, so its links carry that."""
        return event.identifier if event.privacy == "private" else event.pk

    def find(self, key, **options):
        admit(self.request.user, key)
        return super().find(key, **options)

    def list(self, request):
        """Those one sees; with `withRole`, those at which one has a role."""
        if "withRole" in request.GET and request.user.is_authenticated and not is_site_staff(request.user):
            self.only = Q(pk__in=events_where(request.user))
        return super().list(request)

    @says(answers=Document("event", many=True))
    @action(detail=False)
    def upcoming(self, request):
        """Those that are not over: between two writes the clock can only take some away, so their number tells."""
        self.only = Q(ends_at__gte=timezone.now()) & Event.listed()
        self.clock_mark = QuerySet.count
        return super().list(request)

    @says(takes=Document("event", state="New"), answers=Document("event"), status=201)
    @upcoming.mapping.post
    def add_upcoming(self, request):
        return self.create(request)

    @says(answers=Document("custom-form", many=True))
    @action(detail=True, url_path="custom-forms/(?P<form_id>[^/]+)")
    def custom_forms_of_ticket(self, request, key, form_id):
        """What a ticket's own form asks."""
        return self.related(request, key, "custom-forms", form_id=form_id)

    @says(answers=Document("badge-form", many=True))
    @action(detail=True, url_path="badge-forms/(?P<badge_id>[^/]+)")
    def badge_forms_called(self, request, key, badge_id):
        return self.related(request, key, "badge-forms", identifier=badge_id)

    only = Q()

    def rows(self):
        return super().rows().filter(self.only)

    def perform_create(self, serializer, given):
        state = serializer.validated_data.pop("state", None)
        event = create_event(by=self.request.user, **serializer.validated_data)
        return self.move(event, state)

    def before_update(self, event, values):
        self.state = values.pop("state", None)

    def perform_update(self, serializer, event):
        change_event(event, by=self.request.user, **serializer.validated_data)
        return self.move(event, self.state)

    def perform_destroy(self, event):
        super().perform_destroy(event) if self.is_for_good else delete_event(event, by=self.request.user)

    def move(self, event, state):
        """Publishing is a verb with its own checks, whoever asks for it."""
        if state is None or state == event.state:
            return event
        return (publish_event if state == PUBLISHED else unpublish_event)(event, by=self.request.user)
