"""Calls for speakers."""

from rest_framework.serializers import ValidationError

from events.models import SpeakersCall
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class SpeakersCallSerializer(ResourceSerializer):
    class Meta:
        model = SpeakersCall
        fields = ("announcement", "starts_at", "soft_ends_at", "ends_at", "hash", "privacy", "event")
        private_fields = ("hash",)

    def validate(self, values):
        starts, ends = (values.get(name, getattr(self.instance, name, None)) for name in ("starts_at", "ends_at"))
        if ends <= starts and self.is_changed(values, "starts_at", "ends_at"):
            raise ValidationError({"ends_at": "The end must be after the start."})
        return values


class SpeakersCallViewSet(ResourceViewSet):
    """A private call is there for its team, and for whoever comes with `?hash=…` from its link."""

    serializer_class = SpeakersCallSerializer

    def rows(self):
        if known := self.request.GET.get("hash", "").replace("\x00", ""):
            self.request.user.known_hashes = (known,)
        return super().rows()
