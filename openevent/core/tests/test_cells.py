"""Cells of spreadsheets are texts and numbers, and never formulas."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openevent.core.cells import read_cell, safe_cell

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\0")
HOSTILE = [f"{trigger}cmd|' /C calc'!A0" for trigger in TRIGGERS]
SIGNS = st.text("=+-@\t\r\n\0'; ,\"aé＝")


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_a_formula_becomes_a_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Mira", "O'Neill", "'s-Hertogenbosch", "a=b", "7 - 8", "mira@example.org"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("text", ["+49 151 7", "-5", "'=1", " =1", "＝1"])
def test_what_looks_like_one_is_kept_as_text(text):
    assert safe_cell(text) == f"'{text}"


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert [safe_cell(value) for value in (-5, -0.5, 0, None)] == [-5, -0.5, 0, ""]
    assert safe_cell(Decimal("-7.50")) == Decimal("-7.50")


def as_other_programs_read(file):
    """The cells of a file whose commas are not taken for separators, where quotes in the middle stand for nothing."""
    return [cell.strip('"') for cell in re.split("[;\\t\\r\\n]", file)]


@given(SIGNS)
def test_no_cell_begins_with_a_sign_whatever_separates_cells(text):
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["Mira", safe_cell(text)])
    [row] = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert [cell for cell in row if cell.startswith(TRIGGERS)] == []
    assert [cell for cell in as_other_programs_read(file.getvalue()) if cell.startswith(("=", "+", "-", "@"))] == []


@given(SIGNS)
def test_reading_gives_back_what_was_written(text):
    assert read_cell(safe_cell(text)) == text
