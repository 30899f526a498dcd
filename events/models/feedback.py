"""What people think of a session or an event: stars with words, and what is on their own list."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.part import EventPart
from events.rules import FAVOURITES, FEEDBACKS
from openevent.core.columns import rich_text
from openevent.core.rows import Row


class Feedback(EventPart):
    """About a session, or without one about the event as a whole."""

    policy = FEEDBACKS

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="feedbacks")
    session = models.ForeignKey("events.Session", models.CASCADE, null=True, blank=True, related_name="feedbacks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feedbacks")
    rating = models.FloatField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = rich_text()

    class Meta(EventPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"], condition=Q(deleted_at=None), name="one_feedback_per_session_and_user"
            ),
            models.UniqueConstraint(
                fields=["event", "user"],
                condition=Q(session=None, deleted_at=None),
                name="one_feedback_per_event_and_user",
            ),
        ]

    def __str__(self):
        return f"{self.rating:g} of 5 by {self.user}"


class UserFavouriteSession(Row):
    """A session on somebody's own list. How many have it there is public, who they are is not."""

    policy = FAVOURITES
    event_path = "session__event__"

    session = models.ForeignKey("events.Session", models.CASCADE, related_name="favourites")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourite_sessions")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "user favourite session"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="one_favourite_per_session_and_user")]

    def __str__(self):
        return f"{self.session} on the list of {self.user}"

    @classmethod
    def live_rows(cls):
        return Q(session__deleted_at=None, session__event__deleted_at=None)

    def event_key(self):
        return self.session.event_id
