"""How badges look."""

from django.db.models import F
from rest_framework import serializers
from rest_framework.decorators import action

from events.api.parts import Parts, PartSerializer, SerializerWithParts
from events.models import BadgeFieldForm, BadgeForm
from openevent.core.describing import Document, says
from openevent.core.serializers import ResourceSerializer, fields_of
from openevent.core.viewsets import ResourceViewSet

COLUMNS = (
    *("field_identifier", "custom_field", "sample_text", "font_size", "font_name", "font_weight", "font_color"),
    *("text_rotation", "text_alignment", "text_type", "is_deleted", "margin_top", "margin_bottom", "margin_left"),
    *("margin_right", "qr_custom_field", "is_field_expanded"),
)


class ListsInThem:
    """Two of the columns hold lists."""

    def validate_font_weight(self, value):
        return check_list(value)

    validate_qr_custom_field = validate_font_weight


def check_list(value):
    if value is not None and not isinstance(value, list):
        raise serializers.ValidationError("This is a list.")
    return value


class BadgeFieldSerializer(ListsInThem, PartSerializer):
    class Meta:
        model = BadgeFieldForm
        fields = ("badge_id", *COLUMNS)


class BadgeFormSerializer(SerializerWithParts):
    badge_id = serializers.CharField(source="identifier", max_length=200)
    badge_fields = Parts(BadgeFieldSerializer, source="badge_field_forms", key="badge_field_id", gone="is_deleted")

    class Meta:
        model = BadgeForm
        fields = (
            *("badge_id", "badge_size", "badge_color", "badge_image_url", "badge_orientation", "badge_fields"),
            *("event", "badge_field_forms"),
        )
        parts = ("badge_field_forms",)


def fields_of_badge(badge):
    """What is printed on it, as a badge form says it."""
    return fields_of(BadgeFormSerializer)["badge_fields"].to_representation(badge.badge_field_forms)


class BadgeFormViewSet(ResourceViewSet):
    serializer_class = BadgeFormSerializer

    @says(answers=Document("badge-field-form", many=True))
    @action(detail=True, methods=["get", "post"], url_path="badge-field-forms/(?P<badge_id>[^/]+)")
    def fields_called(self, request, key, badge_id):
        """The fields, said with both names of their badge."""
        return self.related(request, key, "badge-field-forms", badge_form__identifier=badge_id)


class BadgeFieldFormSerializer(ListsInThem, ResourceSerializer):
    badge_field_id = serializers.IntegerField(source="pk", read_only=True)

    class Meta:
        model = BadgeFieldForm
        fields = ("badge_field_id", "badge_id", *COLUMNS, "badge_form")
        fixed = ("badge_form",)
        needs = ("badge_form",)
        computed = {"badge_id": lambda: F("badge_form__identifier")}


class BadgeFieldFormViewSet(ResourceViewSet):
    serializer_class = BadgeFieldFormSerializer
