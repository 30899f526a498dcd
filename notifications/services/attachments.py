"""What a mail can carry: builders, registered by the apps that know how to make the paper."""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Attachment(NamedTuple):
    name: str
    content: bytes
    mimetype: str


Builder = Callable[..., Iterable[Attachment]]
_builders: dict[str, Builder] = {}


def register_attachment(purpose: str, builder: Builder) -> None:
    """From an AppConfig.ready(): `register_attachment("order-tickets", tickets_of_order)`.

    The builder gets what the mail was queued with, ids and words, and is called when the mail goes out.
    """
    _builders[purpose] = builder


def build_attachments(recipe: list) -> list[Attachment]:
    return [file for purpose, arguments in recipe for file in _builders[purpose](**arguments)]


def check_recipe(recipe: list) -> list:
    """The recipe as it is stored, if every purpose in it is known."""
    unknown = {purpose for purpose, _ in recipe} - set(_builders)
    if unknown:
        raise LookupError(f"No app makes the attachments {', '.join(sorted(unknown))}.")
    return [[purpose, arguments] for purpose, arguments in recipe]
