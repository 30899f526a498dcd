"""What a kind of mail says, with the names of what differs in braces: for those who switch it on and off."""

from functools import cache

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates

from notifications.kinds import kind_of


@cache
def engine() -> DjangoTemplates:
    folders = {"NAME": "samples", "DIRS": settings.TEMPLATES[0]["DIRS"], "APP_DIRS": True}
    return DjangoTemplates({**folders, "OPTIONS": {"string_if_invalid": "{%s}"}})


@cache
def sample_of(action: str) -> tuple[str, str] | None:
    """(subject, text), or None where the house writes no such mail."""
    kind = kind_of(action)
    if kind.startswith("account-"):
        name = "account/email/" + kind.removeprefix("account-").replace("-", "_")
        files = f"{name}_subject.txt", f"{name}_message.txt"
    else:
        files = f"mail/{kind}_subject.txt", f"mail/{kind}.txt"
    try:
        subject, text = (engine().get_template(file).render().strip() for file in files)
    except TemplateDoesNotExist:
        return None
    return subject, text
