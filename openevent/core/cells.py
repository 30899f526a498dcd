"""Cells of spreadsheets: what people wrote stays text, and never becomes a formula in somebody's office program."""

import re
from decimal import Decimal

# What a formula begins with, at the beginning of a cell. Where a file's commas are not taken for separators, a cell
# also begins after a semicolon, a tab or a line's end.
BEGINS = r"(?:^|(?<=[;\t\r\n]))"
FORMULA = r"""(?=['" ]*[=+\-@＝＋－＠]|'*[\t\r\0])"""
UNSAFE, MADE_SAFE = re.compile(BEGINS + FORMULA), re.compile(BEGINS + "'" + FORMULA)


def safe_cell(value):
    """A value for a cell: a text that a spreadsheet would run gets a ' in front; a number stays one; None is empty."""
    if value is None or isinstance(value, int | float | Decimal):
        return "" if value is None else value
    return UNSAFE.sub("'", str(value))


def read_cell(text):
    """The text that `safe_cell` was given."""
    return MADE_SAFE.sub("", text)
