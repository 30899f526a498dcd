"""Attendees: made without an order in the classic flow, named by the buyer, checked in at the door."""

from django.db.models import F
from rest_framework import serializers

from events.api.answers import WithAnswers
from events.models import Tag
from events.rules import registers
from openevent.core.limits import limit
from openevent.core.refusals import Refused
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.api.checkout import TRIES
from orders.api.orders import IdOfRelation, PapersUrl
from orders.models import Attendee
from orders.services.check_in import DOOR, TurnedAway
from orders.services.holders import OURS, change_holder, remove_attendee, restore_attendee


class AttendeeSerializer(WithAnswers, ResourceSerializer):
    pdf_url = PapersUrl(path="/v1/orders/attendees/{row.pk}.pdf")
    ticket_id = IdOfRelation(read_only=True)
    tag_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)

    class Meta:
        model = Attendee
        fields = (
            *("identifier", "firstname", "lastname", "email", "address", "city", "state", "country", "job_title"),
            *("phone", "tax_business_info", "billing_address", "home_address", "shipping_address", "company"),
            *("work_address", "work_phone", "website", "blog", "twitter", "facebook", "github", "instagram"),
            *("linkedin", "gender", "accept_video_recording", "accept_share_details", "accept_receive_emails"),
            *("age_group", "home_wiki", "wiki_scholarship", "birth_date", "ticket_id", "is_checked_in"),
            *("device_name_checkin", "checkin_times", "checkout_times", "attendee_notes", "is_checked_out"),
            *("is_registered", "register_times", "pdf_url", "complex_field_values", "is_consent_form_field"),
            *("is_consent_of_refund_policy", "native_language", "fluent_language", "is_consent_form_field_photo"),
            *("is_consent_form_field_email", "is_badge_printed", "badge_printed_at", "is_discount_applied"),
            *("is_access_code_applied", "tag_id", "event", "user", "ticket", "order"),
        )
        relations = {"tag": Relation(Tag, many=False, column="tag_id", path="tags")}
        computed = {"ticket_id": lambda: F("ticket_id"), "tag_id": lambda: F("tag_id")}
        fixed = ("ticket",)  # another ticket type is a service with a price difference
        needs = ("order",)

    def validate_tag_id(self, key):
        """One of the event's own. What the attendee has stays, whatever became of it; from others none is heard."""
        attendee, user = self.instance, self.context["request"].user
        if key is None or attendee is None or key == attendee.tag_id or not registers(user, attendee):
            return key
        if not Tag.objects.filter(Tag.live_rows(), pk=key, event=attendee.event_id).exists():
            raise serializers.ValidationError("The event has no such tag.")
        return key


class AttendeeViewSet(ResourceViewSet):
    serializer_class = AttendeeSerializer
    verbs = ("create", "retrieve", "partial_update", "destroy")

    def given(self, values):
        """Without an order it belongs to its creator; what the door or the server says is not theirs to send."""
        limit("attendee", self.request.user.pk, TRIES)
        if values.pop("order", None) is not None:
            pointer = "/data/relationships/order"
            raise Refused(
                "order-not-yours", "An order takes its attendees when it is made.", status=403, pointer=pointer
            )
        if values["ticket"].event_id != values["event"].pk:
            raise Refused("other-event", "The ticket is of another event.", pointer="/data/relationships/ticket")
        for name in {"user", *DOOR, *OURS} & values.keys():
            values.pop(name)
        return {"creator": self.request.user}

    def partial_update(self, request, key):
        try:
            return super().partial_update(request, key)
        except TurnedAway as refusal:
            refusal.write_down(by=request.user)
            raise

    def perform_update(self, serializer, attendee):
        relations = self.serializer_class.relations()
        changes = {name: value for name, value in serializer.validated_data.items() if name not in relations}
        change_holder(attendee, by=self.request.user, changes=changes)

    def perform_destroy(self, attendee):
        remove_attendee(attendee, by=self.request.user)

    def restore(self, attendee):
        self.ask("delete", attendee)
        restore_attendee(attendee, by=self.request.user)
