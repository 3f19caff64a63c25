"""Custom fields over HTTP: their definitions, and their values in "fields" of clients."""

from __future__ import annotations

import pytest

from crm_app.core.actor import Actor
from tests import make
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.cards.fields import field
from tests.deals import make as deals
from tests.leads import make as leads

COLOUR = {"card": "client", "kind": "choice", "name_ru": "Цвет", "name_en": "Colour", "options": [{"ru": "Синий"}]}


def test_a_field_is_defined_changed_removed_and_brought_back(program: Program, adam: Actor) -> None:
    client = program(adam)
    answer = client.post("/fields", json=COLOUR)
    made = answer.json()
    assert answer.status_code == 201 and made["key"] == "tsvet" and made["required"] == "never"
    assert made["options"] == [{"key": "siniy", "ru": "Синий", "en": "", "is_hidden": False}]
    changed = client.patch(f"/fields/{made['id']}", json={"required": "creation", "default": "Синий"}).json()
    assert changed == {**made, "required": "creation", "default": "siniy"}
    assert client.get("/fields", params={"card": "client"}).json()["items"] == [changed]
    assert client.delete(f"/fields/{made['id']}").status_code == 204
    assert client.get("/fields", params={"card": "client"}).json()["items"] == []
    assert client.post(f"/fields/{made['id']}/restore").json() == changed
    assert client.post(f"/fields/{made['id']}/move", json={"place": 0}).json()["position"] == 1


def test_a_wrong_definition_names_what_is_wrong(program: Program, adam: Actor) -> None:
    client = program(adam)
    told = check_problem(client.post("/fields", json={**COLOUR, "options": []}), 422)
    assert [reason["field"] for reason in told["reasons"]] == ["options"]  # type: ignore[attr-defined]
    assert client.post("/fields", json={**COLOUR, "kind": "colour"}).status_code == 422


def test_who_may_not_define_fields_reads_them(program: Program, ann: Actor) -> None:
    made = field()
    client = program(ann)
    assert client.get(f"/fields/{made.id}").json()["key"] == "razmer"
    check_problem(client.post("/fields", json=COLOUR), 403)
    check_problem(client.patch(f"/fields/{made.id}", json={"name_ru": "Иное"}), 403)
    check_problem(client.delete(f"/fields/{made.id}"), 403)


def test_values_go_in_and_out_under_fields(program: Program, ann: Actor) -> None:
    (
        field("money", "Бюджет", currency="USD"),
        field("choices", "Цвета"),
        field("formula", "Вдвое", formula="byudzhet * 2"),
    )
    client = program(ann)
    told = {"byudzhet": {"amount": "12.50", "currency": "USD"}, "tsveta": ["siniy"]}
    made = client.post("/clients", json={"name": "Икс", "fields": told}).json()
    assert made["fields"] == {**told, "vdvoe": 25}
    changed = client.patch(f"/clients/{made['id']}", json={"fields": {"tsveta": None}}).json()
    assert changed["fields"] == {"byudzhet": told["byudzhet"], "tsveta": None, "vdvoe": 25}
    where = {"filter": '{"field": "fields.byudzhet", "op": "gt", "value": 10}', "sort": "-fields.byudzhet"}
    (found,) = client.get("/clients", params=where).json()["items"]
    assert found["fields"] == {"byudzhet": told["byudzhet"], "tsveta": None}
    refused = client.post("/clients", json={"name": "Игрек", "fields": {"byudzhet": "5 EUR", "vdvoe": 1, "net": 1}})
    reasons = check_problem(refused, 422)["reasons"]
    assert [reason["field"] for reason in reasons] == ["fields.byudzhet", "fields.vdvoe", "fields.net"]  # type: ignore[attr-defined]


def test_a_trial_tells_what_would_change_and_changes_nothing(program: Program, ann: Actor) -> None:
    field("number")
    card = make.client(ann, fields={"razmer": 7})
    client = program(ann)
    tried = client.patch(f"/clients/{card.id}?dry_run=true", json={"fields": {"razmer": 8}}).json()
    assert tried["fields"] == {"razmer": 8}
    assert tried["dry_run"]["facts"][0]["details"]["changes"] == {"fields.razmer": [7, 8]}
    assert client.get(f"/clients/{card.id}").json()["fields"] == {"razmer": 7}


@pytest.mark.parametrize("card", ["deal", "lead"])
def test_what_a_stage_needs_is_told_and_taken_with_the_move(
    adam: Actor, ann: Actor, program: Program, card: str
) -> None:
    way = deals.pipeline() if card == "deal" else leads.way(adam)
    second = way.stages[1].id
    field("text", card=card, required="stage", stages=[second])
    made = deals.deal(ann, way) if card == "deal" else leads.lead(ann, pipeline_id=way.id)
    theirs, place = program(ann), f"/{card}s/{made.id}"
    needs = next(row for row in theirs.get(f"{place}/moves").json()["items"] if row["stage_id"] == second)
    assert needs["drop"] == "needs"
    assert [(each["code"], each["field"]) for each in needs["reasons"]] == [("field_required", "fields.razmer")]
    refused = theirs.post(f"{place}/move", json={"stage_id": second})
    assert (refused.status_code, refused.json()["reasons"][0]["field"]) == (409, "fields.razmer")
    fields = {"fields": {"razmer": "S"}} if card == "deal" else {"razmer": "S"}
    moved = theirs.post(f"{place}/move", json={"stage_id": second, "fields": fields})
    assert (moved.status_code, moved.json()["fields"]) == (200, {"razmer": "S"})


NEW = {
    "client": {"name": "Вектор", "kind": "company"}, "contact": {"name": "Лукин Пров"}, "lead": {"name": "Насосы"},
    "deal": {"name": "Насосы"},
}  # fmt: skip


@pytest.mark.parametrize("card", list(NEW))
def test_what_is_not_sent_gets_its_default_and_null_stays_empty(
    adam: Actor, ann: Actor, program: Program, card: str
) -> None:
    leads.way(adam)
    place, way = f"/{card}s", deals.pipeline()
    field("number", card=card, default="7"), field("choice", "Цвет", card=card, default="Синий")
    body: dict[str, object] = {**NEW[card], **({"pipeline_id": way.id} if card == "deal" else {})}
    plain = program(ann).post(place, json=body)
    assert (plain.status_code, plain.json()["fields"]) == (201, {"razmer": 7, "tsvet": "siniy"})
    told = (
        {**body, "fields": {"razmer": None}} if card == "deal" else {**body, "force": True, "fields": {"razmer": None}}
    )
    assert program(ann).post(place, json=told).json()["fields"] == {"razmer": None, "tsvet": "siniy"}
