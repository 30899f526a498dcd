"""Sessions."""

from rest_framework import serializers

from events.api.answers import WithAnswers
from events.models import Exhibitor, Feedback, Session, SpeakerInvite, UserFavouriteSession
from events.models.programme import check_times
from events.rules import organizes_tracks
from events.services.questions import check_answered
from events.services.session_mails import tell_new_state, tell_of_submission
from events.services.session_states import (
    change_state,
    first_state,
    left_to_the_team,
    refuse_locked,
    refuse_without_programme,
)
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class SessionSerializer(WithAnswers, ResourceSerializer):
    send_email = serializers.BooleanField(write_only=True, required=False, allow_null=True)

    class Meta:
        model = Session
        fields = (
            *("title", "subtitle", "level", "short_abstract", "long_abstract", "comments", "starts_at", "ends_at"),
            *("language", "slides_url", "slides", "website", "twitter", "facebook", "github", "linkedin"),
            *("instagram", "gitlab", "mastodon", "video_url", "audio_url", "signup_url", "state", "created_at"),
            *("submitted_at", "is_mail_sent", "is_locked", "last_modified_at", "send_email", "average_rating"),
            *("rating_count", "favourite_count", "complex_field_values", "microlocation", "track", "session_type"),
            *("event", "speakers"),
        )
        relations = {
            "creator": Relation(Session._meta.get_field("creator").related_model, many=False, column="creator_id"),
            "feedbacks": Relation(Feedback, "session"),
            "favourites": Relation(UserFavouriteSession, "session", path="user-favourite-sessions"),
            "favourite": Relation(UserFavouriteSession, "session", many=False, own="user"),
            "speaker_invites": Relation(SpeakerInvite, "session"),
            "exhibitors": Relation(Exhibitor, "sessions"),
        }
        private_fields = ("comments", "complex_field_values", "is_mail_sent")
        beside = ("microlocation", "session_type", "track")

    def validate(self, values):
        starts, ends = (values.get(name, getattr(self.instance, name, None)) for name in ("starts_at", "ends_at"))
        if self.is_changed(values, "starts_at", "ends_at"):
            check_times(starts, ends)
        return values


class SessionViewSet(ResourceViewSet):
    serializer_class = SessionSerializer

    def given(self, values):
        session = Session(event=values["event"])
        refuse_without_programme(session.event)
        values.pop("send_email", None)
        self.leave_room_to_the_team(session, values)
        values["state"] = first_state(session, values.get("state", "draft"), by=self.request.user)
        self.check_submission(session, values)
        return {"creator": self.request.user}

    def perform_create(self, serializer, given):
        session = super().perform_create(serializer, given)
        if session.state == "pending":
            tell_of_submission(session, by=self.request.user)
        return session

    def before_update(self, session, values):
        self.asked_to_mail, self.former_state = values.pop("send_email", None), session.state
        refuse_locked(session, values, by=self.request.user)
        self.leave_room_to_the_team(session, values)
        change_state(session, values, by=self.request.user)
        if session.state == "draft":
            self.check_submission(session, values)

    def check_submission(self, session, values):
        """Whoever proposes a session answers what the event asks; a draft may wait, and the team knows by itself."""
        if values.get("state") == "pending" and not organizes_tracks(self.request.user, session):
            check_answered(session.event, "session", lambda name: values.get(name, getattr(session, name, None)))

    def perform_update(self, serializer, session):
        is_first_submission = self.former_state == "draft" and session.state == "pending"
        super().perform_update(serializer, session)
        if is_first_submission:
            tell_of_submission(session, by=self.request.user)
        elif self.asked_to_mail and session.state != self.former_state:
            tell_new_state(session, by=self.request.user)

    def leave_room_to_the_team(self, session, values):
        for name in left_to_the_team(session, by=self.request.user):
            values.pop(name, None)
