"""What the forms of an event ask: of attendees, and of those who propose a session."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from events.models.part import PlainEventPart
from events.rules import PROGRAMME
from openevent.core.columns import Line, flag, long_text, text
from openevent.core.rows import SoftDeleted

FORMS = ("attendee", "session", "speaker")
TYPES = (
    *("text", "checkbox", "select", "file", "image", "email", "number", "paragraph", "richtextlink", "boolean"),
    "year",
)


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
