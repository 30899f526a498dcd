"""Whether words on a colour can be read (WCAG 2.2, contrast 1.4.3)."""

from events.models.programme import Track

READABLE = 4.5


def words_are_readable(colour: str) -> bool:
    """Whether what is written on a track of this colour stands out."""
    return contrast(colour, Track(color=colour).font_color) >= READABLE


def readable_near(colour: str) -> str:
    """The nearest colour, darker under white words and lighter under black ones, on which they are readable."""
    aim = 0 if Track(color=colour).font_color == "#ffffff" else 255
    for step in range(101):
        near = "#" + "".join(f"{round(part + (aim - part) * step / 100):02x}" for part in parts_of(colour))
        if words_are_readable(near):
            return near
    raise AssertionError("black and white are readable")


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _shares(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def parts_of(colour: str) -> list[int]:
    """“#f00” and “#ff0000” as [255, 0, 0]."""
    digits = colour.lstrip("#")
    width = len(digits) // 3
    return [int(digits[place : place + width] * (3 - width), 16) for place in range(0, len(digits), width)]


def _shares(colour):
    return [part / 255 for part in parts_of(colour)]
