"""Forms, rules and the pool over HTTP: arranged by who may, and only by them; a lead that comes twice is one."""

from __future__ import annotations

from crm_app.core.actor import Actor
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.leads import make as leads
from tests.work import work_off


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


def test_a_lead_that_comes_twice_is_one_and_goes_by_the_rules(program: Program, adam: Actor, ann: Actor) -> None:
    leads.way(adam)
    client, mine = program(adam), program(ann)
    rule = {"name": "Autumn", "employee_ids": [ann.id], "way": "load", "days": [], "place": 0}
    asks = {"conditions": {"all": [{"field": "utm_campaign", "op": "eq", "value": "autumn"}]}}
    made = client.post("/lead_rules", json={**rule, **asks})
    assert made.status_code == 201 and made.json()["way"] == "load" and "autumn" in made.json()["words"]
    check_problem(client.patch(f"/lead_rules/{made.json()['id']}", json={"employee_ids": []}), 422, "no_employees")
    check_problem(mine.get("/lead_rules"), 403)
    sent = {"person": "Luke", "source": "site", "utm_campaign": "autumn", "responsible_id": None}
    for body in (sent, {**sent, "utm_campaign": "spring"}):
        key = {"Idempotency-Key": f"lead of {body['utm_campaign']}"}
        first, second = (client.post("/leads", json=body, headers=key) for _ in range(2))
        assert first.status_code == second.status_code == 201 and first.json()["id"] == second.json()["id"]
    work_off()
    (row,) = [row for row in mine.get("/leads").json()["items"] if row["source"] == "site"]
    why = mine.get(f"/leads/{row['id']}/why").json()
    assert (why["rule"], why["employee"], why["open_leads"]) == ("Autumn", ann.name, 0)
    (waits,) = mine.get("/lead_pool").json()["items"]
    check_problem(client.get(f"/leads/{waits['id']}/why"), 404)
    assert mine.post(f"/lead_pool/{waits['id']}/take").status_code == 204
    check_problem(mine.post(f"/lead_pool/{waits['id']}/take"), 409, "taken_already")
    assert client.delete(f"/lead_rules/{made.json()['id']}").status_code == 204
