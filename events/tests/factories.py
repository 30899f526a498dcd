"""Events and the roles at them, as tests need them: one line each, everything else sensible."""

from datetime import timedelta

from django.utils import timezone

from events.models import Event, Role, UsersEventsRoles


def in_days(days):
    return timezone.now() + timedelta(days=days)


def give_role(user, event, name):
    """A role at an event, from now on: what the user object remembers of its roles is forgotten."""
    role, _ = Role.objects.get_or_create(name=name, defaults={"title_name": name.title()})
    vars(user).pop("roles_by_event", None)
    return UsersEventsRoles.objects.create(user=user, event=event, role=role)


def make_event(*, owner=None, coorganizer=None, **attributes):
    """A published public event in a month, in Berlin, that takes euros by bank transfer and at the door."""
    event = Event.objects.create(
        **{
            "name": "Harbour Days",
            "starts_at": in_days(30),
            "ends_at": in_days(32),
            "timezone": "Europe/Berlin",
            "location_name": "Speicher 7",
            "state": "published",
            "payment_currency": "EUR",
            "payment_country": "DE",
            "can_pay_by_bank": True,
            "bank_details": "IBAN DE02 1203 0000 0000 2020 51",
            "can_pay_onsite": True,
            "onsite_details": "Cash or card at the desk.",
            "can_pay_by_stripe": True,
            **attributes,
        }
    )
    if owner is not None:
        give_role(owner, event, "owner")
    if coorganizer is not None:
        give_role(coorganizer, event, "coorganizer")
    return event
