"""How badges look: a form, and the fields that are printed on it."""

from django.db import models

from events.models.part import PlainEventPart
from events.rules import BADGES
from openevent.core.columns import Line, flag, long_text, text
from openevent.core.rows import Row


class BadgeForm(PlainEventPart):
    """Clients name it by `badge-id`, a text of their own, and tickets say by that which badge they get."""

    policy = BADGES

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="badge_forms")
    identifier = Line(max_length=200)
    badge_size = text(100)
    badge_color = text(100)
    badge_image_url = text(2000)
    badge_orientation = text(100)

    class Meta(PlainEventPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["event", "identifier"], name="one_badge_per_identifier_and_event")
        ]

    def __str__(self):
        return self.identifier


class BadgeFieldForm(Row):
    policy = BADGES
    event_path = "badge_form__event__"

    badge_form = models.ForeignKey(BadgeForm, models.CASCADE, related_name="badge_field_forms")
    field_identifier = text(200)
    custom_field = text()
    sample_text = long_text()
    font_size = models.IntegerField(null=True, blank=True)
    font_name = text(200)
    font_weight = models.JSONField(null=True, blank=True)
    font_color = text(100)
    text_rotation = models.IntegerField(null=True, blank=True)
    text_alignment = text(100)
    text_type = text(100)
    is_deleted = flag()  # kept, and not printed
    margin_top = models.IntegerField(null=True, blank=True)
    margin_bottom = models.IntegerField(null=True, blank=True)
    margin_left = models.IntegerField(null=True, blank=True)
    margin_right = models.IntegerField(null=True, blank=True)
    qr_custom_field = models.JSONField(null=True, blank=True)
    is_field_expanded = flag()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.custom_field or self.field_identifier or str(self.pk)

    @property
    def badge_id(self) -> str:
        return self.badge_form.identifier

    @classmethod
    def live_rows(cls):
        return models.Q(badge_form__event__deleted_at=None)

    def event_key(self):
        return self.badge_form.event_id
