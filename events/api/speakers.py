"""Speakers."""

from events.api.answers import WithAnswers
from events.models import Speaker
from events.rules import coorganizes, organizes
from events.services.questions import check_answered
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class SpeakerSerializer(WithAnswers, ResourceSerializer):
    class Meta:
        model = Speaker
        fields = (
            *("name", "email", "photo_url", "thumbnail_image_url", "small_image_url", "icon_image_url"),
            *("short_biography", "long_biography", "speaking_experience", "mobile", "website", "twitter", "facebook"),
            *("github", "mastodon", "linkedin", "instagram", "organisation", "is_featured", "is_email_overridden"),
            *("position", "country", "city", "address", "gender", "order", "heard_from", "sponsorship_required"),
            *("complex_field_values", "speaker_positions", "event", "user", "sessions"),
        )
        private_fields = (
            *("email", "mobile", "address", "gender", "speaking_experience", "heard_from", "sponsorship_required"),
            *("is_email_overridden", "complex_field_values"),
        )


class SpeakerViewSet(ResourceViewSet):
    serializer_class = SpeakerSerializer

    def given(self, values):
        """Whoever is not on the team makes a profile of their own, under their own address."""
        user = self.request.user
        self.check_override(Speaker(event=values["event"]), values)
        if coorganizes(user, Speaker(event=values["event"])):
            return {}
        values.pop("user", None)
        values["email"] = user.email
        check_answered(values["event"], "speaker", values.get)
        return {"user": user}

    def check_override(self, speaker, values):
        """A speaker whose address is not theirs to be written to has none; organizers say of whom that holds."""
        if values.get("is_email_overridden", speaker.is_email_overridden) == speaker.is_email_overridden:
            return
        if not organizes(self.request.user, speaker):
            pointer = "/data/attributes/is-email-overridden"
            raise Refused("not-yours-to-say", "The organizers say this.", status=403, pointer=pointer)
        if values["is_email_overridden"]:
            values["email"] = None

    def before_update(self, speaker, values):
        self.check_override(speaker, values)
        if not coorganizes(self.request.user, speaker):
            for name in ("email", "is_featured", "order"):
                values.pop(name, None)
        left = speaker.sessions.exclude(pk__in=[session.pk for session in values.get("sessions", ())])
        if "sessions" in values and any(
            session.is_locked and not organizes(self.request.user, session) for session in left
        ):
            pointer = "/data/relationships/sessions"
            raise Refused("session-locked", "This session is locked by the organizers.", status=403, pointer=pointer)
