"""Programs ask, decide and withdraw like people, with the same answers."""

from __future__ import annotations

from crm_app.core.actor import Actor
from tests import work
from tests.api.conftest import Program
from tests.deals import make
from tests.deals.approvals import guard, of, rule


def test_a_move_waits_is_listed_decided_and_done(program: Program, ann: Actor, adam: Actor, olga: Actor) -> None:
    way = make.pipeline("basic")
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    deal = make.deal(ann, way)
    anns, adams, olgas = (program(each) for each in (ann, adam, olga))
    row = next(each for each in anns.get(f"/deals/{deal.id}/moves").json()["items"] if each["stage_id"] == there)
    assert row["drop"] == "approval" and "Адам" in row["reasons"][0]["text"]
    refused = anns.post(f"/deals/{deal.id}/move", json={"stage_id": there})
    assert refused.status_code == 409 and refused.json()["reasons"][0]["code"] == "approval_asked"
    assert anns.get(f"/deals/{deal.id}").json()["waits_for"] == "Адам"
    (waiting,) = [each for each in adams.get("/approvals").json()["items"] if each["deal_id"] == deal.id]
    assert olgas.get("/approvals").json()["items"] == []
    place = f"/approvals/{waiting['id']}"
    assert olgas.post(f"{place}/decide", json={"approves": True}).status_code == 404
    assert adams.post(f"{place}/decide", json={"approves": False}).status_code == 422
    assert adams.post(f"{place}/decide", json={"approves": True, "round": 7}).status_code == 409
    decided = adams.post(f"{place}/decide", json={"approves": True, "word": "да", "round": 1})
    assert decided.status_code == 200 and decided.json()["said"][0]["word"] == "да"
    work.work_off()
    assert anns.get(f"/deals/{deal.id}").json()["stage_id"] == there
    assert adams.get(place).json()["state"] == "done"


def test_a_program_withdraws_only_what_its_own_employee_asked(program: Program, ann: Actor, adam: Actor) -> None:
    way = make.pipeline("basic")
    guard(way, rule(make.stage(way, 1).id, of(adam)))
    deal = make.deal(ann, way)
    program(ann).post(f"/deals/{deal.id}/move", json={"stage_id": make.stage(way, 1).id})
    (waiting,) = program(ann).get(f"/deals/{deal.id}/approvals").json()["items"]
    assert program(adam).post(f"/approvals/{waiting['id']}/withdraw").status_code == 403
    assert program(ann).post(f"/approvals/{waiting['id']}/withdraw").status_code in (200, 204)
    assert program(ann).get(f"/deals/{deal.id}/approvals").json()["items"] == []
