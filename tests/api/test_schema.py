"""Requests made up from the description: whatever is sent, the answers are those that it promises."""

from __future__ import annotations

from collections import Counter

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as promised

from crm_app.access.actions.keys import create_key
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from tests import make
from tests.api.conftest import Program

EXAMPLES = 6
"""Of each operation: about a minute in all."""
CHECKS = [
    not_a_server_error, promised.status_code_conformance, promised.content_type_conformance,
    promised.response_schema_conformance,
]  # fmt: skip
NOT_HERE = ("/clients/import", "/mailings/{mailing_id}/start", "/mailings/{mailing_id}/test")
"""They wait for a worker, or send letters."""


def test_no_request_breaks_the_server_or_the_promise(program: Program, adam: Actor, ann: Actor, address: str) -> None:
    perform(adam, create_pipeline_from_preset, preset="goods", locale="en")
    client = program(ann)
    card = make.client(ann)
    client.post("/deals", json={"name": "Станок", "pipeline_id": 1, "client_id": card.id})
    client.post("/tasks", json={"title": "Договор", "about": [{"card": "client", "card_id": card.id}]})
    key = perform(adam, create_key, name="schema")
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    wrong: list[str] = []
    statuses: Counter[int] = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path not in NOT_HERE:
            wrong += _tried(operation, key, statuses)
    assert wrong == []
    assert statuses[200] > 30 and statuses[422] > 30, statuses


def _tried(operation: schemathesis.APIOperation, key: str, statuses: Counter[int]) -> list[str]:
    """What is wrong with the answers of one operation."""
    wrong: list[str] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=HealthCheck)
    @given(case=operation.as_strategy())
    def attempt(case: schemathesis.Case) -> None:
        known = {name: 1 for name, value in case.path_parameters.items() if isinstance(value, int) and value % 4}
        case.path_parameters = {**case.path_parameters, **known}  # else nearly all of them would be found nowhere
        answer = case.call(headers={"Authorization": f"Bearer {key}"}, timeout=20)
        statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except schemathesis.core.failures.FailureGroup as found:
            wrong.extend(f"{operation.label}: {problem}"[:400] for problem in found.exceptions)

    attempt()
    return wrong
