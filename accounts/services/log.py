"""Writing down who did what."""

from accounts.models import Activity


def record(action, *, by, about=None, event_id=None, **detail):
    """Add a line to the log: `record("order.paid", by=user, about=order, event_id=7, amount="9.00")`.

    `by` is a user, or a word for those without an account ("guest", "worker"). The detail is JSON, without
    secrets and with no more of a person than the line needs.
    """
    known = bool(getattr(by, "pk", None))
    return Activity.objects.create(
        actor=by if known else None,
        actor_name=by.name if known else by if isinstance(by, str) else "anonymous",
        action=action,
        subject_type=about._meta.model_name if about is not None else "",
        subject_id=str(about.pk) if about is not None else "",
        event_id=event_id,
        detail=detail,
    )
