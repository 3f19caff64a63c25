"""Clients over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_app.clients.actions.cards import add_client, remove_client
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from tests import make
from tests.api.conftest import Program
from tests.api.test_kit import check_problem

NEW = {"name": "ООО «Ромашка»", "city": "Тула", "phones": ["8 (4872) 12-34-56"], "emails": ["Info@Romashka.example"]}


def test_activities_are_found_by_okved(program: Program, ann: Actor) -> None:
    (found,) = program(ann).get("/activities", params={"q": "46.62.1"}).json()["data"]
    assert found["code"] == "46.62.1" and found["text"] == f"46.62.1 {found['name']}"
    made = program(ann).post("/clients", json={"name": "Ока", "activity": found["code"]}).json()
    assert made["activity"] == found["text"]


def test_a_client_is_added_read_changed_and_deleted(program: Program, ann: Actor) -> None:
    client = program(ann)
    answer = client.post("/clients", json={**NEW, "revenue": {"amount": "1250000.50", "currency": "USD"}})
    made = answer.json()
    assert answer.status_code == 201 and made["responsible_id"] == ann.id and made["source"] == "api"
    assert made["revenue"] == {"amount": "1250000.50", "currency": "USD"}
    assert made["phones"] == ["+74872123456"] and made["emails"] == ["info@romashka.example"]
    assert datetime.fromisoformat(made["created_at"]).tzinfo == UTC and made["created_at"].endswith("Z")
    assert client.get(f"/clients/{made['id']}").json() == made
    changed = client.patch(f"/clients/{made['id']}", json={"city": "Орёл", "version": made["version"]}).json()
    assert changed["city"] == "Орёл" and changed["phones"] == made["phones"] and changed["version"] == 2
    check_problem(client.patch(f"/clients/{made['id']}", json={"city": "Х", "version": 1}), 409, "conflict")
    assert client.delete(f"/clients/{made['id']}").status_code == 204
    check_problem(client.get(f"/clients/{made['id']}"), 404)
    assert client.post(f"/clients/{made['id']}/restore").json()["city"] == "Орёл"


def test_each_wrong_field_is_named(program: Program, ann: Actor) -> None:
    told = check_problem(program(ann).post("/clients", json={"name": "Икс", "inn": "12", "site": "нет"}), 422)
    assert {reason["field"] for reason in told["reasons"]} == {"inn", "site"}  # type: ignore[attr-defined]


def test_a_second_copy_is_refused_unless_it_is_meant(program: Program, ann: Actor) -> None:
    client = program(ann)
    assert client.post("/clients", json=NEW).status_code == 201
    check_problem(client.post("/clients", json=NEW), 409, "duplicate")
    assert client.post("/clients", json={**NEW, "force": True}).status_code == 201


def test_a_change_tells_of_others_that_have_what_was_sent(program: Program, ann: Actor, bob: Actor) -> None:
    known, other = make.client(ann, "Известная", phones=["+79150000071"], inn="7707083893"), make.client(ann, "Иная")
    make.client(bob, "Тайная", emails=["secret@weavers.ru"])
    client, one = program(ann), f"/clients/{other.id}"
    told = client.patch(f"{one}?dry_run=true", json={"phones": ["8 915 000-00-71"]}).json()["alike"]
    assert told == {
        "items": [{"id": known.id, "name": "Известная", "responsible": "Анна", "by": "phone"}],
        "unseen": [],
    }
    assert client.patch(one, json={"phones": ["8 915 000-00-71"]}).json()["phones"] == ["+79150000071"]
    assert client.patch(one, json={"city": "Орёл"}).json()["alike"] == {"items": [], "unseen": []}
    unseen = client.patch(one, json={"emails": ["secret@weavers.ru"]}).json()["alike"]
    assert unseen == {"items": [], "unseen": [{"ask": "Боб"}]}
    own_inn = client.patch(one, json={"inn": "500100732259"}).json()["alike"]  # another INN settles it: not the same
    assert own_inn == {"items": [], "unseen": []}
    assert client.patch(one, json={"phones": ["+79150000071"]}).json()["alike"] == {"items": [], "unseen": []}


def test_who_must_not_see_a_client_does_not_find_it(program: Program, ann: Actor, bob: Actor, mary: Actor) -> None:
    card = make.client(ann)
    check_problem(program(bob).get(f"/clients/{card.id}"), 404)
    check_problem(program(bob).patch(f"/clients/{card.id}", json={"city": "Х"}), 404)
    assert program(mary).get(f"/clients/{card.id}").is_success
    check_problem(program(mary).patch(f"/clients/{card.id}", json={"city": "Х"}), 403)
    check_problem(program(ann, "client.see").delete(f"/clients/{card.id}"), 403)


def test_a_list_is_filtered_searched_sorted_and_counted(program: Program, ann: Actor) -> None:
    for number, city in enumerate(["Тула", "Орёл", "Тула"]):
        perform(ann, add_client, values={"name": f"Завод {number}", "city": city}, force=True)
    client = program(ann)
    where = '{"all": [{"field": "city", "op": "eq", "value": "Тула"}]}'
    found = client.get("/clients", params={"filter": where, "count": "true", "sort": "-name", "limit": 1}).json()
    assert [row["name"] for row in found["items"]] == ["Завод 2"] and found["total"] == 2 and found["next"]
    rest = client.get("/clients", params={"filter": where, "sort": "-name", "after": found["next"]}).json()
    assert [row["name"] for row in rest["items"]] == ["Завод 0"] and rest["next"] is None and "total" not in rest
    assert len(client.get("/clients", params={"q": "орел"}).json()["items"]) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"sort": "no_such"}, {"filter": "{"}, {"filter": "[]"}, {"filter": '{"field": "no_such"}'},
        {"filter": '{"all": [{"field": "city", "op": "lt", "value": 1}]}'}, {"filter": "[" * 3000},
        {"filter": '{"all": [{"field": "responsible_id", "op": "eq", "value": 1e400}]}'},
        {"filter": '{"all": [{"field": "city", "op": "eq", "value": "\\u0000"}]}'},
    ],
)  # fmt: skip
def test_a_malformed_question_is_refused(program: Program, ann: Actor, params: dict[str, str]) -> None:
    check_problem(program(ann).get("/clients", params=params), 422)


def test_a_cursor_of_another_order_is_refused(program: Program, ann: Actor) -> None:
    for number in range(3):
        make.client(ann, f"Клиент {number}")
    client = program(ann)
    cursor = client.get("/clients?limit=1").json()["next"]
    check_problem(client.get("/clients", params={"sort": "city", "after": cursor}), 422, "bad_cursor")
    check_problem(client.get("/clients", params={"after": cursor[:-2] + "xx"}), 422, "bad_cursor")


def test_paging_is_complete_and_without_doubles_while_rows_change(program: Program, ann: Actor) -> None:
    known = {make.client(ann, f"Клиент {number:03}").id for number in range(60)}
    client, cursor, found = program(ann), "", []
    while True:
        page = client.get("/clients", params={"limit": 7, "after": cursor}).json()
        found += [row["id"] for row in page["items"]]
        make.client(ann, f"Аист {len(found)}")  # before the place of the cursor
        perform(ann, remove_client, client_id=found[0])
        perform(ann, add_client, values={"name": f"Клиент {len(found):03} ещё"}, force=True)
        cursor = page["next"]
        if not cursor:
            break
        known.discard(found.pop(0))
    assert len(found) == len(set(found)) and known <= set(found)
