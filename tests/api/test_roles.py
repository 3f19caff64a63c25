"""Roles over REST: read, made, renamed, removed, and given rights, the administrator's never narrowed."""

from __future__ import annotations

from crm_app.core.actor import Actor
from tests.api.conftest import Program
from tests.api.test_kit import check_problem


def test_a_role_is_made_given_rights_and_removed(adam: Actor, program: Program) -> None:
    client = program(adam)
    roles = {each["key"]: each for each in client.get("/roles").json()["items"]}
    assert roles["administrator"]["is_built_in"] and roles["manager"]["people"] >= 1
    made = client.post("/roles", json={"name": "Закупщик", "copied_from": roles["manager"]["id"]}).json()
    assert made["permissions"]["client.see"] == "department"
    wanted = {
        "permissions": {"client.see": "all", "deal.see": "own"},
        "exceptions": {"client.see": {"type:supplier": "own"}},
        "fields": {"deal": {"amount": "hidden"}, "task": {"body": "read"}},
    }
    given = client.put(f"/roles/{made['id']}/rights", json=wanted).json()
    assert {name: given[name] for name in wanted} == wanted
    assert client.get(f"/roles/{made['id']}").json() == given
    emptied = client.put(f"/roles/{made['id']}/rights", json={}).json()
    assert (emptied["permissions"], emptied["exceptions"], emptied["fields"]) == ({}, {}, {})
    assert client.patch(f"/roles/{made['id']}", json={"name": "Снабженец"}).json()["name"] == "Снабженец"
    assert client.delete(f"/roles/{made['id']}").status_code == 204
    check_problem(client.get(f"/roles/{made['id']}"), 404)


def test_what_is_no_right_is_refused_and_changes_nothing(adam: Actor, program: Program) -> None:
    client = program(adam)
    roles = {each["key"]: each["id"] for each in client.get("/roles").json()["items"]}
    before = client.get(f"/roles/{roles['manager']}").json()
    for wrong in (
        {"permissions": {"client.burn": "all"}}, {"permissions": {"client.see": "everything"}},
        {"exceptions": {"deal.see": {"type:supplier": "own"}}}, {"fields": {"deal": {"password": "hidden"}}},
        {"fields": {"rocket": {"name": "read"}}}, {"fields": {"deal": {"amount": "burnt"}}},
    ):  # fmt: skip
        check_problem(client.put(f"/roles/{roles['manager']}/rights", json=wrong), 422)
    check_problem(client.put(f"/roles/{roles['administrator']}/rights", json={}), 409)
    check_problem(client.delete(f"/roles/{roles['manager']}"), 409)
    assert client.get(f"/roles/{roles['manager']}").json() == before


def test_who_does_not_set_rights_neither_reads_nor_changes_roles(ann: Actor, program: Program) -> None:
    client = program(ann)
    for answer in (
        client.get("/roles"), client.get("/roles/1"), client.post("/roles", json={"name": "Моя"}),
        client.patch("/roles/1", json={"name": "Моя"}), client.put("/roles/1/rights", json={}),
        client.delete("/roles/1"),
    ):  # fmt: skip
        check_problem(answer, 403)
