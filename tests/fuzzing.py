"""What the OpenAPI document allows, and what it forbids, sent to every operation by four people.

The suite sends every operation a little, always the same; `python -m benchmarks.fuzzing` as much as there is time for.
"""

import copy
import json
from collections import defaultdict

import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from openevent.api_document import document
from openevent.core.describing import component_name
from openevent.core.registry import registry

PEOPLE = ("anonymous", "eve", "organizer", "superadmin")


class Undo(Exception):
    """Nothing of this stays."""


def operations_of(world):
    """{tag: [operation]}, in which rows are named by ids of the world: what is no junk meets a row."""
    described = copy.deepcopy(document())
    for resource in registry.resources:
        rows = [tenant[resource.type] for tenant in world.rows.values()]  # ours first: what is simplest is sent most
        keys = list(dict.fromkeys(str(key) for row in rows for key in keys_of(resource, row)))
        identifier = described["components"]["schemas"][f"{component_name(resource.type)}Identifier"]
        identifier["properties"]["id"] = {"enum": keys}
        for path, operations in described["paths"].items():
            if path.split("/")[2] in (resource.path, *resource.also):
                for operation in operations.values():
                    name_rows(operation, keys)
    found = defaultdict(list)
    for each in schemathesis.openapi.from_dict(described).get_all_operations():
        operation = each.ok()
        found[operation.tags[0]].append(operation)
    return found


def is_of_a_relation(operation):
    """Related rows and links: most of all operations, and one code for all."""
    return operation.path.startswith("/v1/") and operation.path.count("/") > 3


def keys_of(resource, row):
    return row.pk, resource.viewset.key_of(row), getattr(row, "identifier", row.pk)


def name_rows(operation, keys):
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "path":
            parameter["schema"] = {"enum": keys}


def faults_of(operation, api, *, examples, number=0):
    """What went wrong where, [(person, request, answer)], of so many examples, each sent by everybody; and how many
    requests that were: less where there is not so much to choose from."""
    faults, sent = [], 0
    modes = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(modes))
    def send(case):
        nonlocal sent
        for who in PEOPLE:
            sent += 1
            answer = answer_to(case, api(who).headers)
            if fault := fault_of(answer):
                faults.append((who, case.as_curl_command(), fault))

    send()
    return faults, sent


def answer_to(case, headers):
    """What the server answers; whatever it wrote is undone."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    path, _, query = sent.path_url.partition("?")
    kind, body = sent.headers.pop("Content-Type", ""), sent.body or b""
    client = Client(raise_request_exception=False)
    try:
        with transaction.atomic():
            answer = client.generic(
                *(sent.method, path, body, kind), headers={**sent.headers, **headers}, QUERY_STRING=query
            )
            raise Undo
    except Undo:
        return answer


def fault_of(answer):
    """None for an answer as it should be."""
    if answer.status_code >= 500:
        return answer.status_code, answer.content[:300]
    if answer.status_code < 400:
        return None
    try:
        body = json.loads(answer.content)
    except ValueError:
        return answer.status_code, "not JSON", answer.content[:300]
    errors = body.get("errors")
    if errors is None and isinstance(body.get("error"), str):
        return None  # the oldest endpoints
    if not errors or any(not {"status", "source", "title", "detail"} <= each.keys() for each in errors):
        return answer.status_code, "not in the shape of errors", answer.content[:300]
    return None
