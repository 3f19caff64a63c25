"""Mailings over HTTP, sent to a real mail server."""

from __future__ import annotations

import json

from crm_app.core.actor import Actor
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.contacts.make import contact
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings import kit
from tests.mailings.conftest import outside

__all__ = ["outside"]


def test_a_mailing_is_drafted_sent_and_its_journal_read(
    program: Program, mary: Actor, ann: Actor, outside: ScriptedServer
) -> None:
    client = program(mary)
    for number in range(3):
        kit.client(ann, f"Анна {number}", f"anna{number}@client.example")
    values = {"title": "{{first_name|Друзья}}, станки", "body": kit.BODY, "sender_id": kit.sender(), "filter": {}}
    answer = client.post("/mailings", json={"name": "Ноябрь", **values})
    made = answer.json()
    assert answer.status_code == 201 and made["state"] == "draft" and made["title"] == values["title"]
    address = f"/mailings/{made['id']}"
    assert client.patch(address, json={"name": "Декабрь"}).json()["name"] == "Декабрь"
    assert client.get("/senders").json()["items"][0]["address"] == kit.SENDER
    assert client.post(f"{address}/start?dry_run=true", json={}).json()["total"] == 3
    assert client.get(address).json()["state"] == "draft"
    assert client.post(f"{address}/start", json={}).json()["state"] == "sending"
    assert client.post(f"{address}/pause").json()["state"] == "paused"
    assert client.post(f"{address}/resume").json()["state"] == "sending"
    kit.work()
    journal = client.get(f"{address}/deliveries?limit=2").json()
    rest = client.get(f"{address}/deliveries", params={"after": journal["next"]}).json()
    letters = journal["items"] + rest["items"]
    assert [letter["state"] for letter in letters] == ["sent"] * 3 and len(outside.letters()) == 3
    attempts = client.get(f"/deliveries/{letters[0]['id']}/attempts").json()["items"]
    assert [attempt["outcome"] for attempt in attempts] == ["accepted"]
    check_problem(client.post(f"{address}/start", json={}), 409)


def test_what_is_still_missing_is_told(program: Program, mary: Actor, outside: ScriptedServer) -> None:
    client = program(mary)
    made = client.post("/mailings", json={"name": "Пустая"}).json()
    told = check_problem(client.post(f"/mailings/{made['id']}/start", json={}), 409)
    assert len(told["reasons"]) > 1  # type: ignore[arg-type]
    check_problem(client.post(f"/mailings/{made['id']}/resend", json={"to": "everybody"}), 422)


def test_who_must_not_send_does_not(program: Program, mary: Actor, bob: Actor, outside: ScriptedServer) -> None:
    made = program(mary).post("/mailings", json={"name": "Ноябрь"}).json()
    assert program(bob).post(f"/mailings/{made['id']}/start", json={}).status_code in (403, 404)
    check_problem(program(mary, "mailing.see").post(f"/mailings/{made['id']}/start", json={}), 403)
    assert program(mary).delete(f"/mailings/{made['id']}").status_code == 204
    check_problem(program(mary).get(f"/mailings/{made['id']}"), 404)
    assert program(mary).post(f"/mailings/{made['id']}/restore").json()["name"] == "Ноябрь"


def test_mailings_are_listed_by_pages(program: Program, mary: Actor) -> None:
    client = program(mary)
    made = {client.post("/mailings", json={"name": f"М {number}"}).json()["id"] for number in range(5)}
    found, cursor = [], ""
    while True:
        page = client.get("/mailings", params={"limit": 2, "after": cursor}).json()
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert sorted(found) == sorted(made)


def test_a_mailing_goes_to_contacts_and_old_bodies_mean_clients(
    program: Program, mary: Actor, ann: Actor, outside: ScriptedServer
) -> None:
    client = program(mary)
    card = contact(ann, "Лукин Пров Ильич", emails=["luk@client.example"])
    of_client = kit.client(ann, "Анна", "anna@client.example")
    values = {"title": "{{first_name|Друзья}}, станки", "body": kit.BODY, "sender_id": kit.sender()}
    asked = {"name": "Контактам", **values, "card": "contact", "card_ids": [card.id]}
    made = client.post("/mailings", json=asked).json()
    assert (made["card"], made["card_ids"], made["client_ids"]) == ("contact", [card.id], [])
    address = f"/mailings/{made['id']}"
    assert client.patch(address, json={"filter": {}}).json()["card"] == "contact", (
        "a change that names no kind keeps it"
    )
    assert client.post(f"{address}/test", json={"card_id": card.id}).status_code == 200
    assert client.post(f"{address}/start", json={}).json()["total"] == 1
    kit.work()
    (letter,) = client.get(f"{address}/deliveries").json()["items"]
    told = (letter["card"], letter["card_id"], letter["name"], letter["client_id"])
    assert told == ("contact", card.id, "Лукин Пров Ильич", 0)
    by_card = {"all": [{"field": "contact_id", "op": "eq", "value": card.id}]}
    assert len(client.get(f"{address}/deliveries", params={"filter": json.dumps(by_card)}).json()["items"]) == 1
    old = client.post("/mailings", json={"name": "Клиентам", "client_ids": [of_client]}).json()
    assert (old["card"], old["card_ids"], old["client_ids"]) == ("client", [of_client], [of_client])


def test_recipients_of_two_kinds_at_once_are_refused(program: Program, mary: Actor) -> None:
    client = program(mary)
    check_problem(client.post("/mailings", json={"name": "М", "card": "contact", "client_ids": [1]}), 422)
    check_problem(client.post("/mailings", json={"name": "М", "card": "deal"}), 422)
    assert client.get("/mailings", params={"q": "М"}).json()["items"] == []
