"""Mails that were written, for reports: to whom, when and what kind; their links, which open doors, are left out."""

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Replace
from rest_framework import serializers

from notifications.kinds import KNOWN_AS
from notifications.models import Mail
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


def action_column():
    """What `action_of` says, to filter and sort by."""
    known = [When(kind=kind, then=Value(action)) for kind, action in KNOWN_AS.items()]
    return Case(*known, default=Replace(F("kind"), Value("-"), Value("_")), output_field=CharField())


class MailSerializer(ResourceSerializer):
    time = serializers.DateTimeField(source="created_at", read_only=True)
    action = serializers.CharField(read_only=True)
    message = serializers.CharField(source="words", read_only=True)

    class Meta:
        model = Mail
        fields = read_only_fields = ("recipient", "time", "action", "subject", "message")
        computed = {"action": action_column}
        depends = ("accounts",)


class MailViewSet(ResourceViewSet):
    """What is shown of a mail never changes, so the newest one tells whether there are others."""

    serializer_class = MailSerializer
    verbs = ("list", "retrieve")

    @classmethod
    def readable(cls, user, *, trashed=False):
        return super().readable(user, trashed=trashed).defer("html")

    @classmethod
    def clock_mark(cls, rows):
        return rows.order_by("-pk").values_list("pk", flat=True).first()
