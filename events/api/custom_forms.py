"""What the forms of an event ask: the questions, what they offer to choose from, their names in other languages."""

from rest_framework import serializers

from events.api.parts import Parts, PartSerializer, SerializerWithParts
from events.models import CustomForm, CustomFormOption, CustomFormTranslate
from events.models.custom_form import BUILT_IN, key_of
from events.services.questions import refuse_too_many
from openevent.core.refusals import Refused
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer, is_other
from openevent.core.viewsets import ResourceViewSet

SET_BY_FIXED = ("is_fixed", "is_included", "is_required", "form", "field_identifier")


class TranslationSerializer(PartSerializer):
    class Meta:
        model = CustomFormTranslate
        fields = ("name", "language_code")


class CustomFormSerializer(SerializerWithParts):
    translations = Parts(TranslationSerializer, source="custom_form_translates", key="id", gone="isDeleted")

    class Meta:
        model = CustomForm
        fields = (
            *("field_identifier", "form", "type", "name", "description", "is_required", "is_included", "is_public"),
            *("position", "is_complex", "is_fixed", "form_id", "min", "max", "main_language", "is_allow_edit"),
            *("translations", "event", "custom_form_translates"),
        )
        relations = {"custom_form_options": Relation(CustomFormOption, "custom_form")}
        parts = ("custom_form_translates",)


class CustomFormViewSet(ResourceViewSet):
    serializer_class = CustomFormSerializer

    def perform_create(self, serializer, given):
        question = CustomForm(**self.columns_of(serializer.validated_data))
        if key_of(question) not in BUILT_IN[question.form]:
            refuse_too_many(question)
        return super().perform_create(serializer, given)

    def before_update(self, question, values):
        """What is always asked stays so."""
        if question.is_fixed:
            for name in SET_BY_FIXED:
                if name in values and is_other(getattr(question, name), values[name]):
                    raise always_asked(f"/data/attributes/{name.replace('_', '-')}")

    def perform_destroy(self, question):
        if question.is_fixed:
            raise always_asked("/data")
        super().perform_destroy(question)


def always_asked(pointer):
    return Refused("always-asked", "This is always asked.", pointer=pointer)


class CustomFormOptionSerializer(ResourceSerializer):
    class Meta:
        model = CustomFormOption
        fields = ("value", "custom_form")
        fixed = ("custom_form",)
        needs = ("custom_form",)


class CustomFormOptionViewSet(ResourceViewSet):
    serializer_class = CustomFormOptionSerializer


class CustomFormTranslateSerializer(ResourceSerializer):
    form_id = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Meta:
        model = CustomFormTranslate
        fields = ("name", "language_code", "form_id", "custom_form")
        fixed = ("custom_form",)
        needs = ("custom_form",)


class CustomFormTranslateViewSet(ResourceViewSet):
    serializer_class = CustomFormTranslateSerializer
