"""Nothing that is sent to any operation of the document is a fault of the server."""

import os

import pytest

from openevent.api_document import document
from tests.fuzzing import PEOPLE, faults_of, is_of_a_relation, operations_of

OPERATIONS = [operation for each in document()["paths"].values() for operation in each.values()]
TAGS = sorted({operation["tags"][0] for operation in OPERATIONS})
REQUESTS, SEED = int(os.environ.get("FUZZ_REQUESTS", "0")), int(os.environ.get("FUZZ_SEED", "0"))


def examples_for(operation):
    """So many that all requests are sent; in the suite one for a relation, whose code is everybody's, else three."""
    if REQUESTS:
        return max(1, REQUESTS // len(OPERATIONS) // len(PEOPLE))
    return 1 if is_of_a_relation(operation) else 3


@pytest.fixture(scope="package")
def operations(built_world):
    return operations_of(built_world)


@pytest.mark.once
@pytest.mark.timeout(0 if REQUESTS else 900)
@pytest.mark.parametrize("tag", TAGS)
def test_every_operation_answers_whatever_it_is_sent(world, operations, tag, record_property):
    faults, sent = [], 0
    for each in operations[tag]:
        found, count = faults_of(each, world.api, examples=examples_for(each), number=SEED)
        faults, sent = faults + found, sent + count
    record_property("requests", sent)
    assert faults[:3] == []
