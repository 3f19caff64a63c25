"""Contacts over HTTP, and where they work."""

from __future__ import annotations

import pytest

from crm_app.core.actor import Actor
from tests import make as cards
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.contacts import make

NEW = {
    "name": "Лукин Пров Ильич", "phones": ["8 (4872) 12-34-56"], "emails": ["Luk@A.example"], "birthday": "1980-03-05",
    "links": ["t.me/lukin"],
}  # fmt: skip


def test_a_contact_is_added_read_changed_and_deleted(program: Program, ann: Actor) -> None:
    client = program(ann)
    answer = client.post("/contacts", json=NEW)
    made = answer.json()
    assert answer.status_code == 201 and made["responsible_id"] == ann.id and made["source"] == "api"
    assert (made["last_name"], made["first_name"], made["patronymic"]) == ("Лукин", "Пров", "Ильич")
    assert made["phones"] == ["+74872123456"] and made["birthday"] == "1980-03-05"
    assert client.get(f"/contacts/{made['id']}").json() == made
    changed = client.patch(f"/contacts/{made['id']}", json={"city": "Орёл", "version": made["version"]}).json()
    assert changed["city"] == "Орёл" and changed["phones"] == made["phones"] and changed["version"] == 2
    check_problem(client.patch(f"/contacts/{made['id']}", json={"city": "Х", "version": 1}), 409, "conflict")
    assert client.delete(f"/contacts/{made['id']}").status_code == 204
    check_problem(client.get(f"/contacts/{made['id']}"), 404)
    assert client.post(f"/contacts/{made['id']}/restore").json()["city"] == "Орёл"


def test_each_wrong_field_is_named_and_a_second_copy_refused(program: Program, ann: Actor) -> None:
    client = program(ann)
    told = check_problem(client.post("/contacts", json={"name": "Икс", "phones": ["1"], "links": ["нет"]}), 422)
    assert {reason["field"] for reason in told["reasons"]} == {"phones", "links"}  # type: ignore[attr-defined]
    assert client.post("/contacts", json=NEW).status_code == 201
    check_problem(client.post("/contacts", json=NEW), 409, "duplicate")
    assert client.post("/contacts", json={**NEW, "force": True}).status_code == 201


def test_a_dry_run_adds_nothing(program: Program, ann: Actor) -> None:
    client = program(ann)
    assert client.post("/contacts?dry_run=true", json=NEW).is_success
    assert client.get("/contacts?count=true").json()["total"] == 0


def test_a_list_is_filtered_sorted_and_paged(program: Program, ann: Actor) -> None:
    vector = cards.client(ann, "ООО «Вектор»", "company")
    for name in ("Авдеев Иван", "Белов Иван", "Вдовин Иван"):
        make.contact(ann, name, at=vector, position="Директор")
    client = program(ann)
    first = client.get("/contacts?limit=2&sort=-name&count=true").json()
    assert [row["name"] for row in first["items"]] == ["Вдовин Иван", "Белов Иван"] and first["total"] == 3
    rest = client.get("/contacts", params={"limit": 2, "sort": "-name", "after": first["next"]}).json()
    assert [row["name"] for row in rest["items"]] == ["Авдеев Иван"] and rest["next"] is None
    where = '{"all": [{"field": "client", "op": "has", "value": "вектор"}]}'
    found = client.get("/contacts", params={"filter": where, "q": "белов"}).json()["items"]
    assert [(row["name"], row["client"], row["client_id"]) for row in found] == [
        ("Белов Иван", "ООО «Вектор»", vector.id)
    ]


def test_work_at_a_client_is_told_changed_and_taken_back(program: Program, ann: Actor) -> None:
    vector, made = cards.client(ann, "ООО «Вектор»", "company"), make.contact(ann)
    client = program(ann)
    place = f"/contacts/{made.id}/clients/{vector.id}"
    answer = client.post(place, json={"position": "Директор", "since": "2024-02-01"})
    assert answer.status_code == 201 and answer.json()["is_main"] is True
    check_problem(client.post(place, json={}), 409, "linked_already")
    changed = client.patch(place, json={"position": "Советник"}).json()
    assert (changed["position"], changed["since"], changed["is_main"]) == ("Советник", "2024-02-01", True)
    of_contact = client.get(f"/contacts/{made.id}/clients").json()["items"]
    assert of_contact == client.get(f"/clients/{vector.id}/contacts").json()["items"] == [changed]
    assert client.delete(place).status_code == 204
    assert client.get(f"/contacts/{made.id}/clients").json()["items"] == []


@pytest.mark.parametrize("place", ["/contacts/{contact}", "/contacts/{contact}/clients", "/clients/{client}/contacts"])
def test_who_must_not_see_a_card_does_not_find_it(
    program: Program, ann: Actor, bob: Actor, mary: Actor, place: str
) -> None:
    vector = cards.client(ann, "ООО «Вектор»", "company")
    made = make.contact(ann, at=vector)
    place = place.format(contact=made.id, client=vector.id)
    check_problem(program(bob).get(place), 404)
    assert program(mary).get(place).is_success
    check_problem(program(mary).delete(f"/contacts/{made.id}"), 403)
    check_problem(program(ann, "client.see").get(f"/contacts/{made.id}"), 403)


def test_a_change_tells_of_others_that_have_what_was_sent(program: Program, ann: Actor, bob: Actor) -> None:
    known, other = make.contact(ann, "Рогов Лев", emails=["lev@rogov.ru"]), make.contact(ann, "Белов Пётр")
    make.contact(bob, "Тайный Иван", phones=["+79150000072"])
    client, one = program(ann), f"/contacts/{other.id}"
    seen = client.patch(one, json={"emails": ["LEV@rogov.ru"]}).json()["alike"]
    assert [(each["id"], each["by"]) for each in seen["items"]] == [(known.id, "email")] and seen["unseen"] == []
    unseen = client.patch(one, json={"phones": ["8 915 000-00-72"]}).json()["alike"]
    assert unseen == {"items": [], "unseen": [{"ask": "Боб"}]}
    check_problem(program(bob).patch(one, json={"emails": ["lev@rogov.ru"]}), 404)
