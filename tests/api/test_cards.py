"""Comments, tags, timelines, tasks, search and the stream of facts over HTTP."""

from __future__ import annotations

import json
import threading

import pytest

from crm_app.cards.actions.comments import add_comment
from crm_app.clients.actions.cards import add_client, change_client
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from tests import make
from tests.api.conftest import Program
from tests.api.test_kit import check_problem


def test_comments_are_said_listed_and_taken_back(program: Program, ann: Actor, bob: Actor) -> None:
    client, card = program(ann), make.client(ann)
    for number in range(3):
        body = {"card": "client", "card_id": card.id, "body": f"Слово {number}"}
        assert client.post("/comments", json=body).json()["is_internal"] is True
    page = client.get("/comments", params={"card": "client", "card_id": card.id, "limit": 2}).json()
    assert [comment["body"] for comment in page["items"]] == ["Слово 2", "Слово 1"]
    rest = client.get("/comments", params={"card": "client", "card_id": card.id, "after": page["next"]}).json()
    assert [comment["body"] for comment in rest["items"]] == ["Слово 0"] and rest["next"] is None
    assert client.delete(f"/comments/{page['items'][0]['id']}").status_code == 204
    check_problem(client.delete(f"/comments/{page['items'][0]['id']}"), 404)
    check_problem(program(bob).post("/comments", json={"card": "client", "card_id": card.id, "body": "Х"}), 404)
    check_problem(program(bob).get("/comments", params={"card": "client", "card_id": card.id}), 404)
    check_problem(client.post("/comments", json={"card": "client", "card_id": card.id, "body": " "}), 422)


def test_the_word_of_another_is_not_taken_back(program: Program, ann: Actor, olga: Actor) -> None:
    card = make.client(ann)
    said = perform(olga, add_comment, card="client", card_id=card.id, body="Моё")
    check_problem(program(ann).delete(f"/comments/{said.id}"), 403)


def test_tags_and_stars_are_set(program: Program, ann: Actor, bob: Actor) -> None:
    client, card = program(ann), make.client(ann)
    address = f"/cards/client/{card.id}"
    assert client.put(f"{address}/tags", json={"tags": ["#важный", "новый"]}).json() == {"tags": ["важный", "новый"]}
    assert client.get(f"{address}/tags").json() == {"tags": ["важный", "новый"]}
    assert {"name": "важный"} in client.get("/tags").json()["items"]
    assert client.put(f"{address}/star", json={"starred": True}).json() == {"starred": True}
    assert client.get(f"/clients/{card.id}").json()["is_starred"] is True
    check_problem(program(bob).put(f"{address}/tags", json={"tags": []}), 404)
    check_problem(client.put("/cards/nothing/1/tags", json={"tags": []}), 404)


def test_followers_are_listed_added_and_taken_away(program: Program, ann: Actor, bob: Actor, olga: Actor) -> None:
    client, card = program(ann), make.client(ann)
    address = f"/cards/client/{card.id}/followers"
    added = client.post(address, json={"employee_id": olga.id})
    assert added.status_code == 201 and [row["name"] for row in added.json()["items"]] == ["Ольга"]
    assert [row["id"] for row in client.get(address).json()["items"]] == [olga.id]
    check_problem(client.post(address, json={"employee_id": bob.id}), 409)
    check_problem(program(bob).post(address, json={"employee_id": bob.id}), 404)
    check_problem(program(bob).get(address), 404)
    assert client.delete(f"{address}/{olga.id}").status_code == 204
    assert client.get(address).json()["items"] == []


def test_links_are_made_listed_and_removed(program: Program, adam: Actor, ann: Actor, bob: Actor) -> None:
    client, one, other = program(ann), make.client(ann), make.client(ann, "Другая")
    kind = program(adam).post("/link-kinds", json={"forth_ru": "филиал", "back_ru": "головная компания"}).json()
    address = f"/cards/client/{one.id}/links"
    body = {"card": "client", "card_id": other.id, "kind_id": kind["id"], "note": "с весны"}
    made = client.post(address, json=body)
    assert made.status_code == 201 and made.json()["title"] == "Другая" and made.json()["word"] == "филиал"
    (back,) = client.get(f"/cards/client/{other.id}/links").json()["items"]
    assert back["is_back"] is True and back["word"] == "головная компания" and back["note"] == "с весны"
    check_problem(client.post(address, json=body), 409)
    check_problem(client.post(address, json={"card": "task", "card_id": 1}), 404)
    check_problem(program(bob).get(address), 404)
    check_problem(program(bob).post(address, json=body), 404)
    assert client.delete(f"{address}/{back['id']}").status_code == 204
    assert client.get(address).json()["items"] == []


def test_kinds_of_links_are_the_administrators(program: Program, adam: Actor, ann: Actor) -> None:
    mine, theirs = program(adam), program(ann)
    kind = mine.post("/link-kinds", json={"forth_ru": "агент"}).json()
    assert mine.patch(f"/link-kinds/{kind['id']}", json={"forth_en": "agent", "is_removed": True}).json()["is_removed"]
    assert kind["id"] in [row["id"] for row in theirs.get("/link-kinds").json()["items"]]
    check_problem(theirs.post("/link-kinds", json={"forth_ru": "агент"}), 403)
    check_problem(theirs.patch(f"/link-kinds/{kind['id']}", json={"is_removed": False}), 403)
    check_problem(mine.patch("/link-kinds/99999", json={"forth_ru": "х"}), 404)
    check_problem(mine.post("/link-kinds", json={"forth_ru": " "}), 422)


def test_a_timeline_has_old_and_new_values(program: Program, ann: Actor, bob: Actor) -> None:
    card = perform(ann, add_client, values={"name": "Завод", "city": "Тула"})
    perform(ann, change_client, client_id=card.id, values={"city": "Орёл"})
    latest = program(ann).get(f"/cards/client/{card.id}/timeline?limit=1").json()
    (line,) = latest["items"]
    assert line["name"] == "ClientChanged" and line["details"]["changes"] == {"city": ["Тула", "Орёл"]}
    assert line["actor_id"] == ann.id and line["via"] == "screen"
    rest = program(ann).get(f"/cards/client/{card.id}/timeline", params={"after": latest["next"]}).json()
    assert [line["name"] for line in rest["items"]] == ["ClientAdded"]
    check_problem(program(bob).get(f"/cards/client/{card.id}/timeline"), 404)


def test_a_search_finds_what_one_may_see(program: Program, ann: Actor, bob: Actor) -> None:
    card = perform(ann, add_client, values={"name": "Ёлочный завод"})
    found = program(ann).get("/search?q=елочн").json()["items"]
    assert [(row["card"], row["id"], row["title"]) for row in found] == [("client", card.id, "Ёлочный завод")]
    assert program(bob).get("/search?q=елочн").json()["items"] == []
    check_problem(program(ann).get("/search"), 422)


def test_events_come_in_order_and_only_those_that_one_may_see(program: Program, ann: Actor, bob: Actor) -> None:
    client = program(ann)
    cursor = client.get("/events?limit=200").json()["next"] or ""
    added = [perform(ann, add_client, values={"name": f"Завод {n}"}, force=True).id for n in range(5)]
    perform(bob, add_client, values={"name": "Чужой"})
    page = client.get("/events", params={"after": cursor, "limit": 3}).json()
    rest = client.get("/events", params={"after": page["next"]}).json()
    assert [row["card_id"] for row in page["items"] + rest["items"]] == added
    assert client.get("/events", params={"after": rest["next"]}).json() == {"items": [], "next": None}


def test_a_reader_of_events_loses_none_while_many_write(program: Program, adam: Actor) -> None:
    client = program(adam)
    cursor = client.get("/events?limit=200").json()["next"] or ""
    written: list[int] = []
    done = threading.Event()

    def write(hand: int) -> None:
        for number in range(15):
            row = perform(adam, add_client, values={"name": f"Завод {hand}-{number}"}, force=True)
            written.append(row.id or 0)

    hands = [threading.Thread(target=write, args=(hand,)) for hand in range(4)]
    read: list[int] = []

    def follow() -> None:
        place = cursor
        while True:
            was_done = done.is_set()
            page = client.get("/events", params={"after": place, "limit": 7}).json()
            read.extend(row["card_id"] for row in page["items"])
            place = page["next"] or place
            if was_done and not page["items"]:
                return

    reader = threading.Thread(target=follow)
    for thread in (*hands, reader):
        thread.start()
    for thread in hands:
        thread.join()
    done.set()
    reader.join()
    assert len(written) == 60 and sorted(read) == sorted(written)


def test_a_task_is_given_changed_closed_and_deleted(program: Program, ann: Actor, bob: Actor, olga: Actor) -> None:
    client, card = program(ann), make.client(ann)
    about = [{"card": "client", "card_id": card.id}]
    answer = client.post("/tasks", json={"title": "Договор", "deadline": "2026-12-01T10:00:00Z", "about": about})
    made = answer.json()
    assert answer.status_code == 201 and made["about"][0]["title"] == card.name and made["responsible_id"] == ann.id
    assert client.get(f"/tasks/{made['id']}").json() == made
    changed = client.patch(f"/tasks/{made['id']}", json={"deadline": None, "responsible_id": olga.id}).json()
    assert changed["deadline"] is None and changed["responsible_id"] == olga.id and changed["title"] == "Договор"
    check_problem(program(bob).get(f"/tasks/{made['id']}"), 404)
    assert client.post(f"/tasks/{made['id']}/close", json={}).json()["status"] == "done"
    check_problem(client.patch(f"/tasks/{made['id']}", json={"title": "Х"}), 409)
    assert client.post(f"/tasks/{made['id']}/reopen").json()["status"] == "open"
    assert [row["id"] for row in client.get("/tasks", params=about[0]).json()["items"]] == [made["id"]]
    late = json.dumps({"all": [{"field": "title", "op": "contains", "value": "договор"}]})
    assert [row["id"] for row in client.get("/tasks", params={"filter": late}).json()["items"]] == [made["id"]]
    assert client.get("/tasks", params={"filter": late, "q": "счёт"}).json()["items"] == []
    assert client.delete(f"/tasks/{made['id']}").status_code == 204
    check_problem(client.get(f"/tasks/{made['id']}"), 404)
    assert client.post(f"/tasks/{made['id']}/restore").json()["title"] == "Договор"


def test_a_task_is_opened_to_a_guest_and_closed_again(program: Program, ann: Actor) -> None:
    greg = make.guest(ann)
    task = make.task(ann)
    client = program(ann)
    assert client.put(f"/tasks/{task.id}/guests/{greg.id}").json()["guests"] == [
        {"guest_id": greg.id, "name": greg.name}
    ]
    assert client.delete(f"/tasks/{task.id}/guests/{greg.id}").status_code == 204
    assert client.get(f"/tasks/{task.id}").json()["is_shared"] is False


@pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": "x", "deadline": "2026-12-01T10:00:00"}, {"title": 7}])
def test_a_malformed_task_is_refused(program: Program, ann: Actor, body: dict[str, object]) -> None:
    check_problem(program(ann).post("/tasks", json=body), 422)


def test_filters_are_kept_changed_and_taken_away(program: Program, ann: Actor, olga: Actor, bob: Actor) -> None:
    client = program(ann)
    conditions = {"all": [{"field": "status", "op": "eq", "value": "regular"}]}
    made = client.post("/filters", json={"card": "client", "name": "Свои", "conditions": conditions})
    filter_id = made.json()["id"]
    (own,) = (f for f in client.get("/filters?card=client").json()["items"] if f["side"] == "own")
    assert (made.status_code, own["id"], own["conditions"]) == (201, filter_id, conditions)
    assert client.patch(f"/filters/{filter_id}", json={"name": "Мои"}).status_code == 200
    check_problem(client.patch(f"/filters/{filter_id}", json={"shared": True}), 403)
    check_problem(client.post("/filters", json={"card": "client", "name": "", "conditions": {}}), 422)
    check_problem(program(bob).delete(f"/filters/{filter_id}"), 404)
    assert client.delete(f"/filters/{filter_id}").status_code == 204


@pytest.mark.parametrize("card", ["client", "contact", "lead"])
def test_filters_and_groups_of_each_list_are_there_for_programs(program: Program, ann: Actor, card: str) -> None:
    client = program(ann)
    where = {"none": [{"field": "commented", "op": "in", "value": "last_30_days"}]}
    assert client.post("/filters", json={"card": card, "name": "Тихие", "conditions": where}).status_code == 201
    assert "Тихие" in [each["name"] for each in client.get(f"/filters?card={card}").json()["items"]]
    assert client.post("/groups", json={"card": card, "name": "Выставка"}).status_code == 201
    assert [each["name"] for each in client.get(f"/groups?card={card}").json()["items"]] == ["Выставка"]
    fields = client.get(f"/filters/fields?card={card}").json()["items"]
    assert {"commented", "tags", "group", "created_at"} <= {each["name"] for each in fields}
    asked = {"card": card, "filter": json.dumps(where)}
    told = client.get("/filters/preview", params=asked, headers={"Accept-Language": "en"}).json()
    assert told == {"words": "none of (Comment: in the last 30 days)", "count": 0}
    check_problem(client.get("/filters/preview", params={"card": card, "filter": '{"field": "shoe"}'}), 422)
    check_problem(client.get("/filters/fields?card=spaceship"), 404)


def test_groups_hold_cards(program: Program, ann: Actor, bob: Actor) -> None:
    client, card = program(ann), make.client(ann, "Раз")
    group_id = client.post("/groups", json={"card": "client", "name": "Выставка"}).json()["id"]
    address = f"/cards/client/{card.id}/groups"
    assert [g["name"] for g in client.put(address, json={"groups": [group_id]}).json()["items"]] == ["Выставка"]
    assert client.get(address).json()["items"][0]["count"] == 1
    where = json.dumps({"field": "group", "op": "has", "value": str(group_id)})
    assert [row["name"] for row in client.get("/clients", params={"filter": where}).json()["items"]] == ["Раз"]
    assert client.patch(f"/groups/{group_id}", json={"name": "Ярмарка"}).status_code == 200
    assert [g["name"] for g in client.get("/groups?card=client").json()["items"]] == ["Ярмарка"]
    check_problem(program(bob).put(address, json={"groups": []}), 404)
    check_problem(client.put(address, json={"groups": [999]}), 404)
    assert client.delete(f"/groups/{group_id}").status_code == 204
