"""What people think of sessions, counted: the numbers that everybody may read."""

from django.db.models import Avg, Count

from events.models import Feedback, Session, UserFavouriteSession
from openevent.core.atomic import atomic


def count_favourites(session_id: int) -> None:
    """Write down on how many lists the session is. Two who press the star at once wait for one another."""
    with atomic():
        session = _locked(session_id)
        session.favourite_count = UserFavouriteSession.objects.filter(session=session).count()
        _write(session, "favourite_count")


def count_ratings(session_id: int | None) -> None:
    """Write down how many have rated the session, and their average; nothing to do for an event's feedback."""
    if session_id is None:
        return
    with atomic():
        session = _locked(session_id)
        given = Feedback.objects.filter(session=session, deleted_at=None)
        found = given.order_by().aggregate(average=Avg("rating"), count=Count("pk"))
        session.average_rating, session.rating_count = found["average"] or 0, found["count"]
        _write(session, "average_rating", "rating_count")


def _locked(session_id):
    return Session.objects.select_for_update(no_key=True, of=("self",)).get(pk=session_id)


def _write(session, *names):
    """Not by saving it: nobody has edited the session."""
    values = {name: getattr(session, name) for name in names}
    Session.objects.filter(pk=session.pk).update_at(session.event_id, **values)
