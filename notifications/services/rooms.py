"""Live rooms: which kinds there are, whom a rule lets in, and how a window learns that it missed something."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import models


class Kind(NamedTuple):
    find: Callable[[str], models.Model | None]
    rule: Callable
    cursor: Callable[[models.Model], int]


_kinds: dict[str, Kind] = {}


def add(name: str, find: Callable, rule: Callable, *, cursor: Callable = lambda subject: 0) -> None:
    """From an AppConfig.ready(): `add("event", find_event, coorganizes, cursor=sales_so_far)`.

    `find` makes a subject of the last part of the address, or None; `rule` is one of (user, subject). The cursor is a
    number that is another one as soon as anything has changed that the room is told of.
    """
    _kinds[name] = Kind(find, rule, cursor)


def kind_of(name: str) -> Kind | None:
    return _kinds.get(name)


def group_of(name: str, subject_id) -> str:
    """What the channel layer calls a room: `user_7`, `event_12`."""
    return f"{name}_{subject_id}"


def windows_of(user_id) -> str:
    """The group of everything that one person has open, in whichever room."""
    return f"windows_{user_id}"
