"""We differ from the original where docs/api/differences.md says so, and nowhere else."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.contract.declared import PLAIN, differences
from tests.test_threats import names_in

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/api/differences.md").read_text()
DECLARED, NOT_SERVED, BEHAVIOUR = re.split(r"\n## (?:Not served|Behaviour)\n", TEXT.partition("\n## Declared")[2])
LACKING = re.findall(r"^\| `([^`]+)` \|", NOT_SERVED, re.MULTILINE)
ALLOWED = re.findall(r"^\| `([^`]+)` \|", DECLARED, re.MULTILINE)
SHOWN_BY = re.findall(r"^\| .*\| `(\S+::\w+)` \|$", BEHAVIOUR, re.MULTILINE)


def is_missing(point, there):
    return point.endswith(" missing") or there == "no such address"


def test_no_type_attribute_relationship_or_address_is_missing():
    missing = [point for point, pair in differences().items() if is_missing(point, pair[1])]
    assert [point for point in missing if not is_plain(point)] == []


def test_plain_endpoints_that_are_not_served_are_named():
    missing = [point for point, pair in differences().items() if is_plain(point) and is_missing(point, pair[1])]
    assert [point for point in missing if not any(fnmatchcase(point, line) for line in LACKING)] == []


def is_plain(point):
    return point.partition(" ")[2] in PLAIN


def test_whatever_differs_has_its_line():
    different = {point: pair for point, pair in differences().items() if not is_missing(point, pair[1])}
    assert {p: pair for p, pair in different.items() if not any(fnmatchcase(p, line) for line in ALLOWED)} == {}


@pytest.mark.parametrize("line", ALLOWED)
def test_every_line_is_still_true(line):
    assert [
        point for point, pair in differences().items() if fnmatchcase(point, line) and not is_missing(point, pair[1])
    ]


def test_every_behaviour_names_a_test_that_exists():
    rows = [row for row in BEHAVIOUR.splitlines() if row.startswith("| ")][1:]
    assert len(SHOWN_BY) == len(rows)
    missing = [test for test in SHOWN_BY if test.split("::")[1] not in names_in(ROOT / test.split("::")[0])]
    assert missing == []
