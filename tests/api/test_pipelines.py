"""Pipelines, their stages and plans, and the order that they keep, over HTTP."""

from __future__ import annotations

from crm_app.core.actor import Actor
from tests.api.conftest import Program
from tests.api.test_deals import new_deal, stages
from tests.api.test_kit import check_problem
from tests.work import work_off


def test_pipelines_and_stages_are_arranged_by_who_may(program: Program, adam: Actor, ann: Actor) -> None:
    client = program(adam)
    made = client.post("/pipelines", json={"preset": "basic", "name": "Сервис"}).json()
    assert made["name"] == "Сервис" and made["stages"][0]["name"] == "New"
    stage = client.patch(f"/stages/{made['stages'][0]['id']}", json={"probability": 15}).json()
    assert stage["probability"] == 15 and client.get(f"/stages/{stage['id']}").json() == stage
    assert client.patch(f"/pipelines/{made['id']}", json={"order_rule": "strict"}).json()["order_rule"] == "strict"
    assert {s["pipeline_id"] for s in client.get(f"/stages?pipeline_id={made['id']}").json()["items"]} == {made["id"]}
    assert made["id"] in {pipeline["id"] for pipeline in program(ann).get("/pipelines").json()["items"]}
    check_problem(program(ann).patch(f"/stages/{stage['id']}", json={"probability": 1}), 403)
    check_problem(client.patch(f"/stages/{stage['id']}", json={"probability": 101}), 422, "bad_probability")


def test_stages_are_added_moved_and_removed_until_deals_stand_on_them(program: Program, adam: Actor) -> None:
    client = program(adam)
    made = client.post("/pipelines", json={"preset": "basic"}).json()
    stage = client.post(f"/pipelines/{made['id']}/stages", json={"name": "Проба"}).json()
    assert client.post(f"/stages/{stage['id']}/move", json={"place": 0}).json()["position"] == 1
    assert client.get(f"/pipelines/{made['id']}").json()["stages"][0]["name"] == "Проба"
    new_deal(client, made["id"])
    check_problem(client.delete(f"/stages/{stage['id']}"), 409, "stage_in_use")
    check_problem(client.delete(f"/pipelines/{made['id']}"), 409, "has_deals")
    assert client.delete(f"/stages/{made['stages'][0]['id']}").status_code == 204
    empty = client.post("/pipelines", json={"preset": "basic"}).json()
    assert client.delete(f"/pipelines/{empty['id']}").status_code == 204
    check_problem(client.get(f"/pipelines/{empty['id']}"), 404)


def test_a_pipeline_is_planned_rolled_back_and_copied(program: Program, adam: Actor, ann: Actor) -> None:
    client = program(adam)
    made = client.post("/pipelines", json={"preset": "basic", "name": "По плану"}).json()
    address = f"/pipelines/{made['id']}"
    own = ("name", "kind", "colour", "probability", "rot_days", "required_fields")
    planned = [{"key": stage["id"], **{field: stage[field] for field in own}} for stage in made["stages"]]
    deal = new_deal(client, made["id"])
    plan = {"name": "Короче", "order_rule": "free", "stages": planned[1:]}
    touched = client.post(f"{address}/plan/touched", json=plan).json()
    assert touched["cards"] == 1 and [one["is_leaving"] for one in touched["stages"]] == [True]
    gone, there = planned[0]["key"], planned[1]["key"]
    check_problem(client.put(f"{address}/plan", json=plan), 409, "stage_in_use")
    saved = client.put(f"{address}/plan", json={**plan, "goes": {gone: there}, "version": made["version"]})
    assert saved.status_code == 200 and saved.json()["name"] == "Короче"
    check_problem(client.put(f"{address}/plan", json={**plan, "version": made["version"]}), 409, "conflict")
    check_problem(client.put(f"{address}/plan", json={**plan, "stages": []}), 422)
    work_off()
    assert client.get(f"/deals/{deal['id']}").json()["stage_id"] == there
    versions = client.get(f"{address}/versions").json()["items"]
    assert [one["plan"]["name"] for one in versions] == ["Короче", "По плану"]
    back = client.post(f"{address}/versions/{versions[1]['number']}/restore", json={})
    assert [stage["name"] for stage in back.json()["stages"]] == [stage["name"] for stage in made["stages"]]
    check_problem(client.post(f"{address}/versions/99/restore", json={}), 404)
    copy = client.post(f"{address}/copy", json={"name": "Вторая"})
    assert copy.status_code == 201 and len(copy.json()["stages"]) == len(planned)
    other = program(ann)
    for refused in (
        other.put(f"{address}/plan", json=plan), other.post(f"{address}/plan/touched", json=plan),
        other.get(f"{address}/versions"), other.post(f"{address}/copy", json={"name": "Х"}),
        other.post(f"{address}/versions/1/restore", json={}),
    ):  # fmt: skip
        check_problem(refused, 403)


def test_the_order_is_overridden_by_who_may_and_for_a_reason(
    program: Program, adam: Actor, ann: Actor, goods: int
) -> None:
    client = program(adam)
    deal, there = new_deal(client, goods), stages(client, goods)[2]["id"]
    (far,) = [one for one in client.get(f"/deals/{deal['id']}/moves").json()["items"] if one["stage_id"] == there]
    assert (far["drop"], far["may_override"]) == ("no", True)
    body = {"stage_id": there, "override": True}
    check_problem(client.post(f"/deals/{deal['id']}/move", json=body), 409)
    moved = client.post(f"/deals/{deal['id']}/move", json={**body, "reason": "Клиент ждать не может"})
    assert moved.status_code == 200 and moved.json()["stage_id"] == there
    own = new_deal(program(ann), goods)
    refused = program(ann).post(f"/deals/{own['id']}/move", json={**body, "reason": "Хочу"})
    check_problem(refused, 403)
