"""Every threat of docs/threats.md is answered by a test that exists; and what no single app can promise."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("openevent", "orders", "events", "notifications", "accounts", "media_pipeline")
LISTED = re.findall(r"^\| (T\d+) \|.*\| `([^`]+)` \|$", (ROOT / "docs/threats.md").read_text(), re.MULTILINE)
ANSWERED = {*range(1, 8), *range(14, 19), 20, 22, 23, *range(25, 29), *range(30, 34), 36, 39}


def names_in(path):
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize(("threat", "test"), LISTED)
def test_the_test_that_answers_a_threat_exists(threat, test):
    path, _, name = test.partition("::")
    assert (ROOT / path).is_file()
    assert not name or name in names_in(ROOT / path)


def test_every_threat_that_the_house_meets_is_answered():
    assert ANSWERED - {int(threat[1:]) for threat, _ in LISTED} == set()


def own_code():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"tests", "demo", "management"} & set(path.relative_to(ROOT).parts):
                yield path


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_nothing_of_ours_draws_predictable_numbers():
    """The demo repeats by its seed; everything else draws from `secrets`."""
    assert [str(path.relative_to(ROOT)) for path in own_code() if "random" in imports_of(path)] == []
