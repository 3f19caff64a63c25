"""Duplicates over HTTP: cards made one, made two again, and the old id that answers with the new card."""

from __future__ import annotations

from crm_app.cards.queries.every_card import list_comments
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.tasks.queries import see_task
from tests import make as cards
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.contacts.make import contact
from tests.deals import make as deals
from tests.duplicates.make import merge


def test_clients_are_merged_and_split_and_the_old_id_leads_on(program: Program, ann: Actor, bob: Actor) -> None:
    one = cards.client(ann, "ООО «Вектор»", "company", phones=["+79120000001"])
    other = cards.client(ann, "Вектор", "company", phones=["+79120000002"], city="Тула")
    client = program(ann)
    body = {"kept_id": one.id, "absorbed_id": other.id, "choices": {"phones": "both", "name": "absorbed"}}
    tried = client.post("/clients/merge?dry_run=true", json=body).json()["dry_run"]["facts"]
    assert tried[0]["name"] == "CardsMerged" and tried[0]["details"]["changes"]["city"] == ["", "Тула"]
    merge = client.post("/clients/merge", json=body).json()
    assert (merge["kept_id"], merge["absorbed_id"], merge["absorbed_name"]) == (one.id, other.id, "Вектор")
    answer = client.get(f"/clients/{other.id}")
    assert answer.status_code == 301 and answer.headers["Location"] == f"/api/v1/clients/{one.id}"
    assert client.get(answer.headers["Location"].removeprefix("/api/v1")).json()["phones"] == [
        "+79120000001", "+79120000002",
    ]  # fmt: skip
    timeline = client.get(f"/cards/client/{other.id}/timeline?limit=5")
    assert timeline.headers["Location"] == f"/api/v1/cards/client/{one.id}/timeline?limit=5"
    changed = client.patch(f"/clients/{other.id}", json={"city": "Орёл"})
    assert changed.status_code == 308 and changed.headers["Location"] == f"/api/v1/clients/{one.id}"
    check_problem(program(bob).get(f"/clients/{other.id}"), 404)
    (standing,) = client.get(f"/clients/{one.id}/merges").json()["items"]
    assert standing["id"] == merge["id"] and standing["may_split"] is True and standing["merged_by"] == "Анна"
    assert client.post(f"/merges/{merge['id']}/split").json()["left"] == []
    assert client.get(f"/clients/{other.id}").json()["city"] == "Тула"
    check_problem(client.post(f"/merges/{merge['id']}/split"), 409, "split_already")


def test_programs_that_know_the_old_id_write_to_the_card_of_today(program: Program, ann: Actor) -> None:
    kept, old = (cards.client(ann, name, "company").id for name in ("Раз", "Два"))
    merge(ann, kept or 0, old or 0)
    client, way = program(ann), deals.pipeline()
    made = client.post("/deals", json={"name": "Станки", "pipeline_id": way.id, "client_id": old}).json()
    assert client.get(f"/deals/{made['id']}").json()["client_id"] == kept
    told = client.post("/tasks", json={"title": "Позвонить", "about": [{"card": "client", "card_id": old}]}).json()
    (tie,) = perform(ann, see_task, task_id=told["id"]).row.about
    assert (tie.card, tie.card_id) == ("client", kept)
    said = client.post("/comments", json={"card": "client", "card_id": old, "body": "Из программы"})
    assert said.status_code == 201
    assert [each.body for each in perform(ann, list_comments, card="client", card_id=kept)] == ["Из программы"]


def test_a_merge_is_refused_by_rule_and_by_right(program: Program, ann: Actor, bob: Actor, mary: Actor) -> None:
    one, other = contact(ann), contact(ann)
    body = {"kept_id": one.id, "absorbed_id": other.id}
    client = program(ann)
    check_problem(client.post("/contacts/merge", json={**body, "absorbed_id": one.id}), 422)
    check_problem(client.post("/contacts/merge", json={**body, "choices": {"city": "both"}}), 422, "not_both")
    check_problem(client.post("/contacts/merge", json={**body, "versions": [1, 7]}), 409, "conflict")
    check_problem(program(bob).post("/contacts/merge", json=body), 404)
    check_problem(program(mary).post("/contacts/merge", json=body), 403)
    check_problem(program(ann, "contact.see").post("/contacts/merge", json=body), 403)
    merged = client.post("/contacts/merge", json=body).json()
    check_problem(client.post("/contacts/merge", json=body), 409, "merged_already")
    check_problem(program(bob).post(f"/merges/{merged['id']}/split"), 404)
    assert client.get(f"/contacts/{other.id}").status_code == 301


def test_a_hint_tells_of_unseen_cards_only_whom_to_ask(program: Program, ann: Actor, bob: Actor) -> None:
    made = cards.client(ann, "ООО «Вектор»", "company", phones=["+79120000001"], city="Тайный")
    person = contact(ann, phones=["+79120000001"])
    asked = {"phone": "8 912 000-00-01", "name": "Вектор"}
    row = {"id": made.id, "name": "ООО «Вектор»", "responsible": "Анна", "by": "phone"}
    assert program(ann).get("/clients/duplicates", params=asked).json() == {"items": [row], "unseen": []}
    for path in ("/clients/duplicates", "/contacts/duplicates"):
        assert program(bob).get(path, params=asked).json() == {"items": [], "unseen": [{"ask": "Анна"}]}
    assert program(ann).get("/contacts/duplicates", params=asked).json()["items"][0]["id"] == person.id
    refused = program(bob, language="ru").post("/clients", json={"name": "Вектор", "phones": ["+79120000001"]})
    check_problem(refused, 409, "unseen")
    assert "Анна" in refused.text and "ООО" not in refused.text and "Тайный" not in refused.text
