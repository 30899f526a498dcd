"""The demo's chance, which repeats by its seed."""

from random import Random


def dice_for(seed, thing, number):
    """Choices for the so manieth order, event or session: the same for the same seed, whatever else is made.

    They only pick names, dates and amounts. Secrets (order links, ticket codes) are the columns' own
    defaults, made by openevent.core.tokens like everybody's, and differ each time.
    """
    return Random(f"{seed}:{thing}:{number}")  # noqa: S311
