"""Pipelines, deals and boards over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.pipelines.queries import see_pipeline
from tests import make, people
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.deals.placed import keep, right

MONEY = {"amount": "1500.00", "currency": "RUB"}


def stages(client: httpx.Client, pipeline_id: int) -> list[dict[str, Any]]:
    return client.get(f"/pipelines/{pipeline_id}").json()["stages"]


def new_deal(client: httpx.Client, pipeline_id: int, **values: Any) -> dict[str, Any]:
    answer = client.post("/deals", json={"name": "Станок", "pipeline_id": pipeline_id, **values})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_deal_is_added_read_changed_and_deleted(program: Program, ann: Actor, goods: int) -> None:
    client, card = program(ann), make.client(ann)
    made = new_deal(client, goods, amount=MONEY, client_id=card.id)
    assert made["amount"] == MONEY and made["client_id"] == card.id and made["responsible_id"] == ann.id
    assert client.get(f"/deals/{made['id']}").json() == made
    changed = client.patch(f"/deals/{made['id']}", json={"amount": None, "delivery": "сами"}).json()
    assert changed["amount"] is None and changed["delivery"] == "сами" and changed["name"] == "Станок"
    assert client.delete(f"/deals/{made['id']}").status_code == 204
    check_problem(client.get(f"/deals/{made['id']}"), 404)
    assert client.post(f"/deals/{made['id']}/restore").json()["id"] == made["id"]


def test_a_move_is_made_or_refused_with_reasons(program: Program, ann: Actor, goods: int) -> None:
    client = program(ann)
    deal, way = new_deal(client, goods), stages(client, goods)
    told = check_problem(client.post(f"/deals/{deal['id']}/move", json={"stage_id": way[1]["id"]}), 409)
    assert told["reasons"][0]["field"] == "amount" and told["reasons"][0]["code"] == "field_required"  # type: ignore[index]
    check_problem(client.post(f"/deals/{deal['id']}/move", json={"stage_id": way[2]["id"]}), 409, "strict_order")
    body = {"stage_id": way[1]["id"], "fields": {"amount": MONEY}}
    moved = client.post(f"/deals/{deal['id']}/move", json=body).json()
    assert moved["stage_id"] == way[1]["id"] and moved["amount"] == MONEY
    check_problem(client.post(f"/deals/{deal['id']}/move", json={"stage_id": 10**6}), 404)


def test_a_trial_move_says_the_same_and_moves_nothing(program: Program, ann: Actor, goods: int) -> None:
    client = program(ann)
    deal, way = new_deal(client, goods, amount=MONEY), stages(client, goods)
    told = client.post(f"/deals/{deal['id']}/move?dry_run=true", json={"stage_id": way[1]["id"]}).json()
    assert told["stage_id"] == way[1]["id"]
    assert "DealMoved" in {fact["name"] for fact in told["dry_run"]["facts"]} and told["dry_run"]["scenarios"] == []
    assert client.get(f"/deals/{deal['id']}").json()["stage_id"] == way[0]["id"]
    refused = client.post(f"/deals/{deal['id']}/move?dry_run=true", json={"stage_id": way[2]["id"]})
    check_problem(refused, 409, "strict_order")


def test_moves_tell_for_every_stage_what_a_drop_would_mean(program: Program, ann: Actor, goods: int) -> None:
    client = program(ann)
    deal, way = new_deal(client, goods), stages(client, goods)
    rows = client.get(f"/deals/{deal['id']}/moves").json()["items"]
    drops = {row["stage_id"]: row["drop"] for row in rows}
    by_kind = {stage["kind"]: stage["id"] for stage in way}
    assert [row["stage_id"] for row in rows] == [stage["id"] for stage in way]
    assert drops[way[1]["id"]] == "needs" and drops[way[2]["id"]] == "no" and drops[by_kind["hold"]] == "free"
    russian = program(ann, language="ru").get(f"/deals/{deal['id']}/moves").json()["items"]
    assert russian[2]["reasons"][0]["text"] != rows[2]["reasons"][0]["text"]


def test_who_must_not_move_a_deal_cannot(program: Program, ann: Actor, bob: Actor, mary: Actor, goods: int) -> None:
    client = program(ann)
    deal, way = new_deal(client, goods, amount=MONEY), stages(client, goods)
    body = {"stage_id": way[1]["id"]}
    check_problem(program(bob).post(f"/deals/{deal['id']}/move", json=body), 404)
    check_problem(program(mary).post(f"/deals/{deal['id']}/move", json=body), 403)
    check_problem(program(ann, "deal.see").post(f"/deals/{deal['id']}/move", json=body), 403)


def test_a_sum_that_a_stage_hides_is_no_nought(program: Program, ann: Actor, goods: int) -> None:
    client = program(ann)
    deal = new_deal(client, goods, amount=MONEY)
    way = perform(people.actor("adam"), see_pipeline, pipeline_id=goods)
    keep(way, right("amount", stage_id=deal["stage_id"]))
    first, second, *_ = program(people.actor("ann")).get(f"/boards/{goods}").json()["columns"]
    assert (first["count"], first["sum"], first["sums"]) == (1, None, [])
    assert (second["count"], second["sum"]["amount"]) == (0, "0.00")


def test_a_board_counts_all_and_shows_the_first(program: Program, ann: Actor, bob: Actor, goods: int) -> None:
    client = program(ann)
    made = [new_deal(client, goods, name=f"Сделка {number}", amount=MONEY)["id"] for number in range(7)]
    new_deal(program(bob), goods, amount=MONEY)
    board = client.get(f"/boards/{goods}?limit=3").json()
    first = board["columns"][0]
    assert first["count"] == 7 and first["sum"] == {"amount": "10500.00", "currency": "RUB"}
    assert len(first["cards"]) == 3 and len(board["columns"]) == len(stages(client, goods))
    seen, cursor = [card["id"] for card in first["cards"]], first["next"]
    while cursor:
        params = {"stage_id": first["stage_id"], "after": cursor, "limit": 3}
        (column,) = client.get(f"/boards/{goods}", params=params).json()["columns"]
        seen += [card["id"] for card in column["cards"]]
        cursor = column["next"]
    assert sorted(seen) == sorted(made) and len(set(seen)) == len(seen)
    check_problem(client.get(f"/boards/{goods + 100}"), 404)
    check_problem(client.get(f"/boards/{goods}?stage_id=99999"), 404)


def test_items_and_planned_actions_have_their_addresses(program: Program, ann: Actor, goods: int) -> None:
    client = program(ann)
    deal = new_deal(client, goods, amount_by_items=True)
    address = f"/deals/{deal['id']}"
    item = client.post(f"{address}/items", json={"name": "Станок", "quantity": "1.5", "price": "100.00"}).json()
    assert item["quantity"] == "1.5" and item["total"] == {"amount": "150.00", "currency": "RUB"}
    item = client.patch(f"{address}/items/{item['id']}", json={"discount_percent": "50"}).json()
    assert item["total"]["amount"] == "75.00" and client.get(address).json()["amount"]["amount"] == "75.00"
    copy = client.post(f"{address}/items/{item['id']}/copy").json()
    assert {**copy, "id": item["id"]} == item
    client.patch(f"{address}/items/{copy['id']}", json={"vat_percent": 20})
    totals = client.get(address).json()["items_totals"]
    assert [totals[name]["amount"] for name in ("full", "discount", "net", "total")] == [
        "300.00", "150.00", "137.50", "150.00",
    ]  # fmt: skip
    assert totals["vat"] == [{"vat_percent": 20, "vat": {"amount": "12.50", "currency": "RUB"}}]
    ordered = client.put(f"{address}/items/order", json={"item_ids": [copy["id"], item["id"]]}).json()
    assert [row["id"] for row in ordered] == [copy["id"], item["id"]]
    check_problem(client.put(f"{address}/items/order", json={"item_ids": [item["id"]]}), 409)
    assert client.delete(f"{address}/items/{copy['id']}").status_code == 204
    plan = client.post(f"{address}/plans", json={"what": "Позвонить", "at": "2026-12-01T10:00:00+03:00"}).json()
    assert plan["at"] == "2026-12-01T07:00:00Z"
    assert client.post(f"{address}/plans/{plan['id']}/done").json()["is_done"] is True
    other = new_deal(client, goods)
    check_problem(client.patch(f"/deals/{other['id']}/items/{item['id']}", json={"name": "Х"}), 404)
    assert client.delete(f"{address}/items/{item['id']}").status_code == 204
    assert client.delete(f"{address}/plans/{plan['id']}").status_code == 204
    assert client.get(address).json()["items"] == [] == client.get(address).json()["plans"]


@pytest.mark.parametrize("sort", ["name", "-amount", "created_at", "-updated_at"])
def test_deals_are_paged_in_every_order(program: Program, ann: Actor, goods: int, sort: str) -> None:
    client = program(ann)
    made = {
        new_deal(client, goods, name=f"С{n % 3}", amount={"amount": f"{n % 2}.00", "currency": "RUB"})["id"]
        for n in range(9)
    }
    found, cursor = [], ""
    while True:
        page = client.get("/deals", params={"sort": sort, "limit": 2, "after": cursor, "count": True}).json()
        assert page["total"] == 9
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert sorted(found) == sorted(made)


def test_stays_limits_and_usual_stays_have_their_addresses(
    program: Program, ann: Actor, bob: Actor, adam: Actor, mary: Actor, goods: int
) -> None:
    client, (first, second) = program(ann), [stage["id"] for stage in stages(program(ann), goods)[:2]]
    limit = {"wip_limit": 1, "wip_rule": "refuse", "required_fields": []}
    assert program(adam).patch(f"/stages/{second}", json=limit).json()["wip_limit"] == 1
    ids = [new_deal(client, goods)["id"] for _ in range(2)]
    assert client.post(f"/deals/{ids[0]}/move", json={"stage_id": second}).status_code == 200
    check_problem(client.post(f"/deals/{ids[1]}/move", json={"stage_id": second}), 409, "crowded")
    board = client.get(f"/boards/{goods}").json()
    assert [(column["load"], column["stage"]["wip_limit"]) for column in board["columns"][:2]] == [(0, 0), (1, 1)]
    told = client.get(f"/deals/{ids[0]}/stays").json()["items"]
    assert [(stay["stage_id"], stay["left_at"] is None, stay["by"]) for stay in told] == [
        (first, False, ann.name), (second, True, ann.name),
    ]  # fmt: skip
    usual = client.get(f"/pipelines/{goods}/stays").json()["items"]
    assert [(row["stage_id"], row["stays"]) for row in usual] == [(first, 1)]
    check_problem(program(bob).get(f"/deals/{ids[0]}/stays"), 404)
    check_problem(program(mary).get(f"/pipelines/{goods}/stays"), 403)
