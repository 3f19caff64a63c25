"""Deals, their items and planned actions: success, refusal by rule, and the person who must not; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from crm_app.cards.queries.every_card import list_notifications, see_timeline
from crm_app.core import events, jobs
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import database as current
from crm_app.core.door import Tx, action, perform, query
from crm_app.core.errors import BadInput, CrmError, Forbidden, NotFound, RuleBroken
from crm_app.core.search import matching
from crm_app.deals.actions.cards import change_deal, create_deal, delete_deal, restore_deal
from crm_app.deals.actions.items import add_item, change_item, copy_item, order_items, remove_item
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.actions.plans import drop_plan, finish_plan, plan_action
from crm_app.deals.models import Deal, DealItem
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import list_client_deals, list_deals, see_deal
from crm_app.deals.rules import LARGEST_AMOUNT
from tests.deals import make

SOON = "2026-11-23T10:00:00+03:00"
CALL = {"kind": "call", "what": "Позвонить", "at": SOON}


@query("deal.see")
def found(tx: Tx, words: str) -> list[int]:
    return tx.all(matching(tx.session, "deal", words))


@action("deal.change")
def add_many_items(tx: Tx, deal_id: int, count: int) -> None:
    """Items at a price of one rouble each."""
    tx.need(Deal, deal_id)
    figures = {"quantity_thousandths": 1000, "price": 1_00, "discount_basis_points": 0, "vat_percent": None}
    tx.add_many(DealItem, [{"deal_id": deal_id, "position": n, "name": f"№ {n}", **figures} for n in range(count)])


def react() -> None:
    """Do the jobs that are due, as the worker does."""
    for run in jobs.claim(current(), "test", 100):
        jobs.execute(current(), run)


# ---- the deal --------------------------------------------------------------------------------------------------------


def test_a_deal_is_added_to_the_first_stage_and_found(ann: Actor) -> None:
    way, client = make.pipeline(), make.client(owner=ann)
    deal = make.deal(ann, way, client_id=client.id, amount=5_000_00, payment_method=" Безнал ")
    row = perform(ann, see_deal, deal_id=deal.id).deal
    assert (row.stage_id, row.client_name, row.payment_method) == (way.stages[0].id, "ООО «Вектор»", "Безнал")
    assert (row.number, row.responsible_name, row.currency) == (str(deal.id), "Анна", "RUB")
    assert perform(ann, found, words="станков вектор") == [deal.id]
    assert [row.id for row in perform(ann, list_client_deals, client_id=client.id)] == [deal.id]


def test_a_deal_is_on_its_own_timeline_and_on_its_clients(ann: Actor) -> None:
    client = make.client(owner=ann)
    deal = make.deal(ann, make.pipeline(), client_id=client.id)
    for card, card_id in (("deal", deal.id), ("client", client.id)):
        lines = perform(ann, see_timeline, card=card, card_id=card_id)
        assert ("DealAdded", deal.id, "Анна") in [(line.name, line.card_id, line.actor_name) for line in lines]


def test_a_deal_does_not_start_in_the_middle_of_a_strict_pipeline(ann: Actor) -> None:
    way = make.pipeline()
    for place in (1, "won", "lost", "hold"):
        with pytest.raises(RuleBroken, match="начинается"):
            perform(ann, create_deal, pipeline_id=way.id, stage_id=make.stage(way, place).id, values={"name": "x"})


def test_a_new_deal_brings_what_its_stage_asks_for(ann: Actor) -> None:
    way = make.pipeline("basic")
    third = make.stage(way, 2).id
    make.ask_for(third, "amount", "next_action")
    with pytest.raises(RuleBroken) as refused:
        perform(ann, create_deal, pipeline_id=way.id, stage_id=third, values={"name": "x"})
    assert [reason.field for reason in refused.value.reasons] == ["amount", "next_action"]
    values = {"name": "x", "amount": 1}
    deal = perform(ann, create_deal, pipeline_id=way.id, stage_id=third, values=values, next_action=CALL)
    assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == third


def test_a_manager_adds_deals_for_themselves_and_a_head_for_the_department(
    ann: Actor, bob: Actor, olga: Actor, mary: Actor
) -> None:
    way = make.pipeline()
    assert make.deal(olga, way, responsible_id=ann.id).responsible_id == ann.id
    for actor, other in ((ann, olga), (olga, bob)):
        with pytest.raises(Forbidden):
            make.deal(actor, way, responsible_id=other.id)
    with pytest.raises(Forbidden):
        make.deal(mary, way)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "x" * 201},
        {"amount": -1},
        {"amount": 10**16},
        {"currency": "рубли"},
        {"currency": "rub"},
        {"client_id": 404},
        {"responsible_id": 404},
        {"payment_method": "x" * 501},
        {"stage_id": 2},
        {"amount": "много"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(olga: Actor, wrong: dict[str, Any]) -> None:
    deal = make.deal(olga, make.pipeline())
    before = perform(olga, see_deal, deal_id=deal.id)
    with pytest.raises(BadInput):
        perform(olga, change_deal, deal_id=deal.id, values={"delivery": "Курьер", **wrong})
    assert perform(olga, see_deal, deal_id=deal.id) == before


def test_a_client_that_is_not_seen_cannot_be_tied(ann: Actor, bob: Actor) -> None:
    foreign = make.client("Чужой", owner=bob)
    with pytest.raises(BadInput, match="клиента"):
        make.deal(ann, make.pipeline(), client_id=foreign.id)


def test_a_change_tells_old_and_new_values(ann: Actor) -> None:
    client = make.client(owner=ann)
    deal = make.deal(ann, make.pipeline(), amount=100)
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 250, "client_id": client.id, "delivery": ""})
    line = perform(ann, see_timeline, card="deal", card_id=deal.id)[0]
    assert line.name == "DealChanged"
    assert line.details["changes"] == {"amount": [100, 250], "client_id": ["", "ООО «Вектор»"]}


def test_a_change_of_nothing_leaves_no_trace(ann: Actor) -> None:
    deal = make.deal(ann, make.pipeline(), amount=100)
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 100})
    assert [line.name for line in perform(ann, see_timeline, card="deal", card_id=deal.id)] == ["DealAdded"]


def test_a_deal_of_a_colleague_is_seen_and_not_changed(ann: Actor, olga: Actor, bob: Actor, mary: Actor) -> None:
    deal = make.deal(olga, make.pipeline())
    assert perform(ann, see_deal, deal_id=deal.id).deal.name == "Поставка станков"
    for actor, refusal in ((ann, Forbidden), (bob, NotFound), (mary, Forbidden)):
        with pytest.raises(refusal):
            perform(actor, change_deal, deal_id=deal.id, values={"name": "Моя"})
        with pytest.raises(refusal):
            perform(actor, delete_deal, deal_id=deal.id)


def test_a_deal_goes_to_the_bin_and_comes_back(ann: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(ann, way, amount=100)
    perform(ann, delete_deal, deal_id=deal.id)
    with pytest.raises(NotFound):
        perform(ann, see_deal, deal_id=deal.id)
    assert perform(ann, see_board, pipeline_id=way.id).columns[0].count == 0
    perform(ann, restore_deal, deal_id=deal.id)
    column = perform(ann, see_board, pipeline_id=way.id).columns[0]
    assert (column.count, column.sums[0].amount) == (1, 100)


def test_a_deal_of_others_does_not_come_back(ann: Actor, bob: Actor) -> None:
    deal = make.deal(ann, make.pipeline())
    perform(ann, delete_deal, deal_id=deal.id)
    with pytest.raises(NotFound):
        perform(bob, restore_deal, deal_id=deal.id)


# ---- items -----------------------------------------------------------------------------------------------------------


def test_the_amount_follows_the_items(ann: Actor) -> None:
    deal = make.deal(ann, make.pipeline(), amount=1)
    item = perform(ann, add_item, deal_id=deal.id, values={"name": "Станок", "price": 100_00})
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount == 1
    perform(ann, change_deal, deal_id=deal.id, values={"amount_by_items": True})
    changed = {"quantity_thousandths": 2500, "discount_basis_points": 1000, "vat_percent": 20}
    perform(ann, change_item, item_id=item.id, values=changed)
    seen = perform(ann, see_deal, deal_id=deal.id)
    assert (seen.deal.amount, seen.items[0].total, seen.items[0].vat) == (225_00, 225_00, 37_50)
    perform(ann, add_item, deal_id=deal.id, values={"name": "Доставка", "price": 10_00})
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount == 235_00
    with pytest.raises(RuleBroken, match="по позициям"):
        perform(ann, change_deal, deal_id=deal.id, values={"amount": 5})
    for row in seen.items:
        perform(ann, remove_item, item_id=row.id)
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount == 10_00


@pytest.mark.parametrize("wrong", [{"quantity_thousandths": 0}, {"price": -1}, {"vat_percent": 13}, {"name": ""}])
def test_an_item_that_makes_no_sense_is_refused(ann: Actor, wrong: dict[str, Any]) -> None:
    deal = make.deal(ann, make.pipeline())
    item = perform(ann, add_item, deal_id=deal.id, values={"name": "Станок"})
    with pytest.raises(BadInput):
        perform(ann, change_item, item_id=item.id, values=wrong)
    with pytest.raises(BadInput):
        perform(ann, add_item, deal_id=deal.id, values={"name": "Второй", **wrong})
    assert [row.name for row in perform(ann, see_deal, deal_id=deal.id).items] == ["Станок"]


def test_the_last_item_stays_where_the_stage_asks_for_items(ann: Actor) -> None:
    way = make.pipeline()
    deal, second = make.deal(ann, way), make.stage(way, 1).id
    make.ask_for(second, "items")
    item = perform(ann, add_item, deal_id=deal.id, values={"name": "Станок"})
    perform(ann, move_deal, deal_id=deal.id, stage_id=second)
    with pytest.raises(RuleBroken, match="требует"):
        perform(ann, remove_item, item_id=item.id)


def test_an_item_is_copied_below_itself_and_the_amount_follows(ann: Actor) -> None:
    deal = make.deal(ann, make.pipeline(), amount=None)
    perform(ann, change_deal, deal_id=deal.id, values={"amount_by_items": True})
    figures = {"quantity_thousandths": 2500, "price": 99_99, "discount_basis_points": 1250, "vat_percent": 22}
    lathe = perform(ann, add_item, deal_id=deal.id, values={"name": "Станок", **figures})
    perform(ann, add_item, deal_id=deal.id, values={"name": "Резец"})
    before = perform(ann, see_deal, deal_id=deal.id)
    copy = perform(ann, copy_item, item_id=lathe.id)
    seen = perform(ann, see_deal, deal_id=deal.id)
    assert [row.id for row in seen.items] == [before.items[0].id, copy.id, before.items[1].id]
    assert replace(seen.items[1], id=lathe.id or 0) == seen.items[0]
    assert seen.deal.amount == 2 * before.items[0].total
    assert seen.deal.version == before.deal.version + 1


def test_a_copy_that_would_be_too_much_is_refused(ann: Actor) -> None:
    deal = make.deal(ann, make.pipeline(), amount=None)
    perform(ann, change_deal, deal_id=deal.id, values={"amount_by_items": True})
    item = perform(ann, add_item, deal_id=deal.id, values={"name": "Станок", "price": LARGEST_AMOUNT})
    with pytest.raises(BadInput):
        perform(ann, copy_item, item_id=item.id)
    assert len(perform(ann, see_deal, deal_id=deal.id).items) == 1


def test_items_are_put_in_order_and_none_is_lost_where_two_do_so(ann: Actor) -> None:
    deal = make.deal(ann, make.pipeline())
    ids = [perform(ann, add_item, deal_id=deal.id, values={"name": name}).id for name in ("а", "б", "в")]
    perform(ann, order_items, deal_id=deal.id, item_ids=[ids[2], ids[0], ids[1]])
    added = perform(ann, add_item, deal_id=deal.id, values={"name": "г"})
    wrong: list[list[Any]] = [[ids[1], ids[0], ids[2]], [], [*ids, added.id, added.id], [*ids, 10**6]]
    for seen_before in wrong:
        with pytest.raises(RuleBroken, match="тем временем"):
            perform(ann, order_items, deal_id=deal.id, item_ids=seen_before)
    assert [row.name for row in perform(ann, see_deal, deal_id=deal.id).items] == ["в", "а", "б", "г"]


def test_a_thousand_items_are_summed_and_put_in_order(ann: Actor) -> None:
    deal = make.deal(ann, make.pipeline(), amount=None)
    perform(ann, change_deal, deal_id=deal.id, values={"amount_by_items": True})
    perform(ann, add_many_items, deal_id=deal.id, count=999)
    last = perform(ann, add_item, deal_id=deal.id, values={"name": "Станок", "price": 1_00})
    ids = [row.id for row in perform(ann, see_deal, deal_id=deal.id).items]
    perform(ann, order_items, deal_id=deal.id, item_ids=ids[::-1])
    perform(ann, copy_item, item_id=last.id)
    seen = perform(ann, see_deal, deal_id=deal.id)
    assert len(seen.items) == 1001 and seen.deal.amount == 1001_00
    assert [row.id for row in seen.items][2:] == ids[-2::-1]


# ---- planned actions -------------------------------------------------------------------------------------------------


def test_the_earliest_planned_action_is_on_the_card(ann: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(ann, way)
    late = perform(ann, plan_action, deal_id=deal.id, plan={**CALL, "what": "Позже", "at": "2026-12-01T10:00:00Z"})
    soon = perform(ann, plan_action, deal_id=deal.id, plan=CALL)

    def on_card() -> str:
        card = perform(ann, see_board, pipeline_id=way.id).columns[0].cards[0]
        return card.next_action.what if card.next_action else ""

    assert on_card() == "Позвонить"
    perform(ann, finish_plan, plan_id=soon.id)
    assert on_card() == "Позже"
    perform(ann, drop_plan, plan_id=late.id)
    assert on_card() == ""
    assert [(p.what, p.is_done) for p in perform(ann, see_deal, deal_id=deal.id).plans] == [("Позвонить", True)]


@pytest.mark.parametrize("wrong", [{"kind": "dance"}, {"what": " "}, {"at": "завтра"}, {"at": "2026-11-23T10:00:00"}])
def test_a_plan_that_makes_no_sense_is_refused(ann: Actor, wrong: dict[str, str]) -> None:
    deal = make.deal(ann, make.pipeline())
    with pytest.raises(BadInput):
        perform(ann, plan_action, deal_id=deal.id, plan={**CALL, **wrong})
    assert perform(ann, see_deal, deal_id=deal.id).plans == []


def test_what_belongs_to_a_deal_is_changed_by_those_who_change_the_deal(ann: Actor, olga: Actor, bob: Actor) -> None:
    deal = make.deal(olga, make.pipeline())
    item = perform(olga, add_item, deal_id=deal.id, values={"name": "Станок"})
    plan = perform(olga, plan_action, deal_id=deal.id, plan=CALL)
    attempts: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (add_item, {"deal_id": deal.id, "values": {"name": "x"}}),
        (change_item, {"item_id": item.id, "values": {"price": 1}}),
        (remove_item, {"item_id": item.id}),
        (copy_item, {"item_id": item.id}),
        (order_items, {"deal_id": deal.id, "item_ids": [item.id]}),
        (plan_action, {"deal_id": deal.id, "plan": CALL}),
        (finish_plan, {"plan_id": plan.id}),
        (drop_plan, {"plan_id": plan.id}),
    ]
    before = perform(olga, see_deal, deal_id=deal.id)
    for attempt, arguments in attempts:
        with pytest.raises(Forbidden):
            perform(ann, attempt, **arguments)
        with pytest.raises(NotFound):
            perform(bob, attempt, **arguments)
    assert perform(olga, see_deal, deal_id=deal.id) == before


# ---- what follows ----------------------------------------------------------------------------------------------------


def test_who_is_responsible_is_told_of_what_others_did(ann: Actor, olga: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(olga, way, responsible_id=ann.id)
    perform(olga, move_deal, deal_id=deal.id, stage_id=make.stage(way, 1).id)
    perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 2).id)
    perform(olga, change_deal, deal_id=deal.id, values={"responsible_id": olga.id})
    perform(olga, change_deal, deal_id=deal.id, values={"responsible_id": ann.id})
    react()
    told = [(row.key, row.params["who"], row.href) for row in reversed(perform(ann, list_notifications))]
    href = f"/deals/{deal.id}"
    assert told == [
        ("deals.notice.assigned", "Ольга", href),
        ("deals.notice.moved", "Ольга", href),
        ("deals.notice.assigned", "Ольга", href),
    ]
    assert perform(olga, list_notifications) == []


@query("test.fact_topics")
def fact_topics(tx: Tx) -> set[str]:
    rows = tx.all(select(events.Announcement).order_by(events.Announcement.id.desc()))
    return set(rows[0].topics)


def test_a_move_wakes_the_two_columns_the_deal_and_the_client(ann: Actor) -> None:
    way, client = make.pipeline(), make.client(owner=ann)
    deal = make.deal(ann, way, client_id=client.id)
    perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 1).id)
    stages = {f"stage:{make.stage(way, place).id}" for place in (0, 1)}
    topics = {*stages, f"deal:{deal.id}", "deals", f"client:{client.id}"}
    assert perform(SYSTEM, fact_topics) == topics


# ---- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["name", "-name", "amount", "-amount", "created_at", "-updated_at"])
def test_a_list_is_paged_by_key_without_loss(ann: Actor, sort: str) -> None:
    way = make.pipeline()
    amounts = (None, 300, 100, 100, 200, None, 5)
    made = [make.deal(ann, way, name=f"Сделка {i % 3}", amount=amount).id for i, amount in enumerate(amounts)]
    seen, after = [], None
    while True:
        page = perform(ann, list_deals, sort=sort, limit=2, after=after, with_total=True)
        seen += [row.id for row in page.rows]
        assert page.total == len(made)
        if page.next is None:
            break
        after = page.next
    assert sorted(seen) == made
    whole = perform(ann, list_deals, sort=sort, limit=100).rows
    assert [row.id for row in whole] == seen
    values = [getattr(row, sort.lstrip("-")) for row in whole]
    known = [value for value in values if value is not None]
    assert values == [*sorted(known, reverse=sort.startswith("-")), *(None for value in values if value is None)]


@pytest.mark.parametrize(
    "wrong", [{"sort": "password"}, {"after": "x"}, {"after": '"a":b'}, {"filter": {"field": "x"}}]
)
def test_a_list_that_makes_no_sense_is_refused(ann: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(CrmError):
        perform(ann, list_deals, **wrong)
