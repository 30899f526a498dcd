"""What the forms of an event ask: of attendees, and of those who propose a session."""

import re

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from events.models.part import PlainEventPart
from events.rules import PROGRAMME
from openevent.core.columns import Line, flag, long_text, text
from openevent.core.rows import Row, SoftDeleted

FORMS = ("attendee", "session", "speaker")
TYPES = (
    *("text", "checkbox", "select", "file", "image", "email", "number", "paragraph", "richtextlink", "boolean"),
    "year",
)
COLUMNS = {  # what each form can ask that its table has a place for
    "attendee": """
        firstname lastname email phone company job_title gender age_group birth_date address city state country
        home_address work_address shipping_address billing_address work_phone tax_business_info website blog github
        linkedin twitter facebook instagram native_language fluent_language home_wiki wiki_scholarship
        accept_video_recording accept_share_details accept_receive_emails is_consent_form_field
        is_consent_form_field_photo is_consent_form_field_email
    """,
    "session": """
        title subtitle short_abstract long_abstract comments track session_type level language slides slides_url
        video_url audio_url website facebook twitter github linkedin instagram gitlab mastodon
    """,
    "speaker": """
        name email photo_url organisation position country city address long_biography short_biography
        speaking_experience sponsorship_required gender heard_from mobile website facebook twitter github linkedin
        instagram mastodon
    """,
}
BUILT_IN = {form: frozenset(names.split()) for form, names in COLUMNS.items()}


def key_of(question):
    """Its name among the answers. Clients write identifiers as camelCase, with-dashes or with_underscores."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", question.field_identifier)
    return apart.replace("-", "_").lower()


class CustomForm(PlainEventPart):
    """One question. `is_complex` ones are the organizer's own; the others name a column of the form's table."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="custom_forms")
    field_identifier = models.CharField(max_length=200)
    form = models.CharField(max_length=20, choices=[(form, form) for form in FORMS])
    type = models.CharField(max_length=20, default="text", choices=[(kind, kind) for kind in TYPES])
    name = Line(max_length=400, default="")
    description = long_text()
    is_required = flag()
    is_included = flag()
    is_public = flag()
    is_complex = flag(editable=False)
    is_fixed = flag()  # always asked
    is_allow_edit = flag()
    position = models.IntegerField(default=0)
    form_id = text(200)
    min = models.IntegerField(null=True, blank=True, default=0, validators=[MinValueValidator(0)])
    max = models.IntegerField(null=True, blank=True, default=10, validators=[MinValueValidator(0)])
    main_language = text(20)

    class Meta(PlainEventPart.Meta):
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "form", "field_identifier", "form_id"],
                name="one_question_per_identifier_and_form",
            ),
            models.UniqueConstraint(
                fields=["event", "form", "field_identifier"],
                condition=Q(form_id=None),
                name="one_question_per_identifier_and_event",
            ),
        ]

    def __str__(self):
        return self.name or self.field_identifier

    def save(self, **options):
        self.is_complex = key_of(self) not in BUILT_IN[self.form]
        self.form_id = self.form_id or None  # an empty text is no form either
        super().save(**options)


class CustomFormOption(SoftDeleted):
    """What a select or a group of checkboxes offers."""

    policy = PROGRAMME
    event_path = "custom_form__event__"

    custom_form = models.ForeignKey(CustomForm, models.CASCADE, related_name="options")
    value = Line(max_length=400)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.value

    def event_key(self):
        return self.custom_form.event_id

    @classmethod
    def live_rows(cls):
        return super().live_rows() & Q(custom_form__event__deleted_at=None)


class CustomFormTranslate(Row):
    """What a question is called in another language."""

    policy = PROGRAMME
    event_path = "custom_form__event__"

    custom_form = models.ForeignKey(CustomForm, models.CASCADE, related_name="custom_form_translates")
    name = Line(max_length=400)
    language_code = Line(max_length=20)
    form_id = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name} ({self.language_code})"

    @classmethod
    def live_rows(cls):
        return Q(custom_form__event__deleted_at=None)

    def event_key(self):
        return self.custom_form.event_id

    def save(self, **options):
        self.form_id = self.form_id or self.custom_form.form_id or ""
        super().save(**options)
