"""Forms over HTTP: arranged by who may, and only by them."""

from __future__ import annotations

from crm_app.core.actor import Actor
from tests.api.conftest import Program
from tests.api.test_kit import check_problem


def test_a_form_is_added_changed_and_deleted_once(program: Program, olga: Actor) -> None:
    client = program(olga)
    key = {"Idempotency-Key": "one form"}
    body = {"name": "Pumps", "asks": {"emails": "required"}, "frame_origins": ["https://shop.example"]}
    made, again = (client.post("/lead_forms", json=body, headers=key) for _ in range(2))
    assert made.status_code == again.status_code == 201 and made.json() == again.json()
    one = f"/lead_forms/{made.json()['id']}"
    assert made.json()["url"].rpartition("/forms/")[2] and made.json()["asks"] == {"emails": "required"}
    assert client.patch(one, json={"is_open": False, "heading": "Ask us"}).json()["is_open"] is False
    assert [row["heading"] for row in client.get("/lead_forms").json()["items"]] == ["Ask us"]
    check_problem(client.patch(one, json={"asks": {"person": "asked"}}), 422, "no_way")
    assert client.delete(one).status_code == 204
    check_problem(client.get(one), 404)


def test_a_manager_arranges_no_forms(program: Program, ann: Actor) -> None:
    check_problem(program(ann).get("/lead_forms"), 403)
    check_problem(program(ann).post("/lead_forms", json={"name": "Mine"}), 403)
