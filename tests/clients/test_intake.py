"""Batches of an import: on their way between processes, cut in two, and held against what the person may do."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.clients.importer import BAD, DUPLICATE, NEW, REMARK
from crm_app.clients.intake import COLUMNS, Batch, Colleague, Intake, Terms
from crm_app.core.errors import BadInput

TERMS = Terms(
    {"responsible_id": 7},
    colleagues=[Colleague(8, "Анна Белова", "ann@firm.ru", True), Colleague(9, "Боб", "bob@firm.ru", False)],
    words={"type": {"поставщик": "supplier"}},
)
DRAFTS: list[tuple[int, ClientDraft, list[Problem]]] = [
    (2, ClientDraft(name="ООО «Ёлка»", inn="7707083893", type="Поставщик", first_contact=date(2025, 2, 1)), []),
    (3, ClientDraft(name=""), [Problem(3, "Название", "name", "contact.problem.name_missing")]),
    (4, ClientDraft(name="Заря", responsible="анна белова", phones=("+79151234567",)), []),
    (5, ClientDraft(name="ЕЛКА", inn="7707083893"), []),
    (6, ClientDraft(name="Луч", responsible="Боб"), []),
]


def taken(terms: Terms = TERMS) -> Batch:
    return Intake(terms).take(DRAFTS)


def over_the_wire(batch: Batch, terms: Terms = TERMS) -> Batch:
    return Batch.from_wire(json.loads(json.dumps(batch.to_wire())), terms)


def value(batch: Batch, row: int, name: str) -> Any:
    (client,) = (each for each in batch.prepared if each.row == row)
    return client.values[COLUMNS.index(name)]


def test_each_row_becomes_a_client_or_is_told() -> None:
    batch = over_the_wire(taken())
    assert [each.row for each in batch.prepared] == [2, 4, 6]
    assert [(each.row, each.outcome, each.first_row) for each in batch.told] == [
        (3, BAD, None), (5, DUPLICATE, 2), (6, REMARK, None),
    ]  # fmt: skip
    assert batch.counts == {NEW: 3, DUPLICATE: 1, BAD: 1, REMARK: 1}
    assert (value(batch, 2, "type"), value(batch, 2, "first_contact")) == ("supplier", date(2025, 2, 1))
    assert [value(batch, row, "responsible_id") for row in (2, 4, 6)] == [7, 8, 7]
    assert batch.prepared[0].text.startswith("ооо «елка»\n7707083893")


def test_terms_come_out_of_the_wire_as_they_went_in() -> None:
    assert Terms.from_wire(json.loads(json.dumps(TERMS.to_wire()))) == TERMS


def test_what_was_done_before_is_compared_and_not_done_again() -> None:
    batch = taken(Terms(TERMS.options, cursor=4, colleagues=TERMS.colleagues))
    assert ([each.row for each in batch.prepared], [each.row for each in batch.told]) == ([6], [5, 6])
    assert batch.told[0].first_row == 2
    assert not taken(Terms({}, cursor=6))


def test_halves_of_a_batch_are_the_batch() -> None:
    batch = taken()
    first, second = batch.halves()
    assert (first.last_row, second.last_row) == (3, 6)
    assert ([*first.prepared, *second.prepared], [*first.told, *second.told]) == (batch.prepared, batch.told)
    assert Intake(TERMS).take(DRAFTS[:1]).halves() == ()


def test_known_clients_are_told_and_left_out() -> None:
    batch = taken()
    batch.take_out({4: 40, 6: 60}, add_all=False)
    assert [each.row for each in batch.prepared] == [2]
    told = {each.row: each for each in batch.told}
    assert (told[4].card_id, told[6].card_id, told[6].outcome) == (40, 60, DUPLICATE)
    assert told[6].problems == taken().told[-1].problems  # its remark is not lost


def test_known_clients_are_added_all_the_same_where_that_was_asked_for() -> None:
    batch = Intake(Terms({"duplicates": True})).take(DRAFTS)
    batch.take_out({4: 40, 5: 50}, add_all=True)
    assert [each.row for each in batch.prepared] == [2, 4, 5, 6]
    copies = {each.row: (each.card_id, each.first_row) for each in batch.told if each.outcome == DUPLICATE}
    assert copies == {4: (40, None), 5: (None, 2)}


def _with(name: str, told: Any) -> list[Any]:
    wire: list[Any] = json.loads(json.dumps(taken().to_wire()))
    wire[1][0][0][COLUMNS.index(name)] = told
    return wire


@pytest.mark.parametrize(
    "wire",
    [
        _with("responsible_id", 9), _with("responsible_id", 1), _with("responsible_id", [7]), _with("fields", {"x": 1}),
        _with("fields", 5), _with("first_contact", "soon"), [1, [[1]], []], [1, 2, 3], [], {}, None, "batch",
    ],
)  # fmt: skip
def test_a_parser_that_has_been_taken_over_gives_nothing_away(wire: Any) -> None:
    with pytest.raises(BadInput) as refusal:
        Batch.from_wire(wire, TERMS)
    assert refusal.value.key == "contacts.error.broken_file"
