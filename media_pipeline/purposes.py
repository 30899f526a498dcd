"""What files are kept for: each app registers its words, with the sizes and limits that go with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Size:
    """A box in pixels into which a picture is fitted, proportions kept, never enlarged."""

    width: int
    height: int
    quality: int = 80


@dataclass(frozen=True)
class Purpose:
    word: str
    sizes: Mapping[str, Size] = field(default_factory=dict)
    original: Size = Size(2560, 2560, quality=88)
    max_bytes: int = 10 * MEGABYTE
    is_public: bool = True


_purposes: dict[str, Purpose] = {}


def register_purpose(word: str, *, sizes: Mapping[str, Size | tuple[int, int]] | None = None, **limits) -> Purpose:
    """Say once, from `AppConfig.ready`, what a purpose word means; a size is a `Size` or (width, height).

    Saying the same again is harmless; saying something else under a taken word is a mistake.
    """
    boxes = {name: box if isinstance(box, Size) else Size(*box) for name, box in (sizes or {}).items()}
    purpose = Purpose(word, sizes=boxes, **limits)
    if _purposes.setdefault(word, purpose) != purpose:
        raise ValueError(f"The purpose {word!r} is already registered with other limits.")
    return purpose


def purpose_called(word: str) -> Purpose:
    return _purposes[word]


def is_public(word: str) -> bool:
    """Whether files kept for `word` may be served to anybody who knows their name."""
    return word in _purposes and _purposes[word].is_public
