"""What files are kept for: each app registers its words, with the sizes and limits that go with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Size:
    """A box in pixels into which a picture is fitted, proportions kept, never enlarged."""

    width: int
    height: int
    quality: int = 80


Sizes = Mapping[str, Size]


@dataclass(frozen=True)
class Purpose:
    word: str
    sizes: Sizes | Callable[[], Sizes] = field(default_factory=dict)
    original: Size = Size(2560, 2560, quality=88)
    max_bytes: int = 10 * MEGABYTE
    is_public: bool = True


_purposes: dict[str, Purpose] = {}


def register_purpose(word: str, *, sizes=None, **limits) -> Purpose:
    """Say once, from `AppConfig.ready`, what a purpose word means; a size is a `Size` or (width, height).

    Sizes that can change while the server runs are a function, asked for each picture that is kept. Saying the same
    again is harmless; saying something else under a taken word is a mistake.
    """
    purpose = Purpose(word, sizes=sizes if callable(sizes) else _boxes(sizes or {}), **limits)
    if _purposes.setdefault(word, purpose) != purpose:
        raise ValueError(f"The purpose {word!r} is already registered with other limits.")
    return purpose


def purpose_called(word: str) -> Purpose:
    """The purpose with the sizes that it has now."""
    purpose = _purposes[word]
    return replace(purpose, sizes=_boxes(purpose.sizes())) if callable(purpose.sizes) else purpose


def _boxes(sizes: Mapping[str, Size | tuple[int, int]]) -> Sizes:
    return {name: box if isinstance(box, Size) else Size(*box) for name, box in sizes.items()}


def is_public(word: str) -> bool:
    """Whether files kept for `word` may be served to anybody who knows their name."""
    return word in _purposes and _purposes[word].is_public
