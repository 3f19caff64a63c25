"""Many deals at once: fields, tags, the bin, and moves that pass the one rule; each taken back within a day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from crm_app.cards.actions import bulk_changes
from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.cards.queries.bulk_changes import choose_cards, list_left, see_bulk
from crm_app.cards.queries.every_card import see_timeline
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import Tx, perform, query
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.models import StageSpan
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import count_deals, see_deal
from crm_app.pipelines.actions.arranging import change_pipeline
from crm_app.pipelines.actions.bulk_moves import Move
from crm_app.pipelines.queries import PipelineRow
from tests import make as cards
from tests.cards.fields import field
from tests.deals import make
from tests.work import work_off


@pytest.fixture
def way() -> PipelineRow:
    return make.pipeline()


def bulk(actor: Actor, operation: str, ids: list[int], **arguments: Any) -> Any:
    return perform(actor, start_bulk, card="deal", operation=operation, arguments=arguments, ids=ids)


def deals(owner: Actor, way: PipelineRow, count: int, **values: Any) -> list[int]:
    return [make.deal(owner, way, name=f"Сделка {n}", **values).id or 0 for n in range(count)]


def stage_of(actor: Actor, deal_id: int) -> int:
    return perform(actor, see_deal, deal_id=deal_id).deal.stage_id


def test_a_field_is_given_to_many_told_and_taken_back(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    ids = deals(ann, way, 3)
    done = bulk(olga, "set", ids, field="responsible_id", value=olga.id)
    assert done.counts == {"changed": 3}
    (fact, *_) = perform(olga, see_timeline, card="deal", card_id=ids[0])
    assert fact.details["changes"] == {"responsible_id": ["Анна", "Ольга"]}
    assert (fact.via, fact.details["title"]) == ("bulk", "Сделка 0")
    perform(olga, change_deal, deal_id=ids[0], values={"responsible_id": ann.id})
    assert perform(olga, undo_bulk, bulk_id=done.id).counts == {"changed": 3, "taken": 2, "left": 1}
    assert {perform(olga, see_deal, deal_id=each).deal.responsible_id for each in ids} == {ann.id}


def test_a_field_that_the_stage_asks_for_is_not_emptied(ann: Actor, way: PipelineRow) -> None:
    asks, free = deals(ann, way, 2, payment_method="Счёт")
    perform(ann, move_deal, deal_id=free, stage_id=make.stage(way, 1).id)
    make.ask_for(way.stages[0].id, "payment_method")
    done = bulk(ann, "set", [asks, free], field="payment_method", value="")
    assert done.counts == {"changed": 1, "refused": 1}
    (left,) = perform(ann, list_left, bulk_id=done.id)
    assert (left.id, left.reason) == (asks, "refused") and left.why
    assert perform(ann, see_deal, deal_id=asks).deal.payment_method == "Счёт"


def test_a_field_of_one_pipeline_is_not_given_to_deals_of_another(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    field("text", "Склад", card="deal", pipelines=[way.id])
    (here,), (there,) = deals(ann, way, 1), deals(ann, make.pipeline("services"), 1)
    done = bulk(ann, "set", [here, there], field="fields.sklad", value="Тула")
    assert done.counts == {"changed": 1, "refused": 1}
    assert [each.id for each in perform(ann, list_left, bulk_id=done.id)] == [there]


def test_many_go_to_the_bin_and_come_back(ann: Actor, bob: Actor, way: PipelineRow) -> None:
    ids = deals(ann, way, 2)
    theirs = make.deal(bob, way).id or 0
    gone = bulk(ann, "remove", [*ids, theirs])
    assert gone.counts["changed"] == 2
    assert perform(ann, see_board, pipeline_id=way.id).columns[0].count == 0
    perform(ann, undo_bulk, bulk_id=gone.id)
    assert perform(ann, count_deals, q="сделка") == 2


@pytest.mark.parametrize("operation", ["tag", "group", "star"])
def test_tags_groups_and_stars_of_deals(ann: Actor, way: PipelineRow, operation: str) -> None:
    done = bulk(ann, operation, deals(ann, way, 2), name="Опт")
    assert done.counts == {"changed": 2}
    assert perform(ann, undo_bulk, bulk_id=done.id).counts == {"changed": 2, "taken": 2}


# ---- moves -----------------------------------------------------------------------------------------------------------


def test_a_move_passes_the_rule_and_those_that_it_refuses_are_listed_with_reasons(
    ann: Actor, adam: Actor, olga: Actor
) -> None:
    way, other = make.pipeline(), make.pipeline("services")
    perform(adam, change_pipeline, pipeline_id=way.id, values={"order_rule": "strict"})
    make.ask_for(make.stage(way, 1).id, "amount")
    paid, poor, far = (make.deal(ann, way, name=name, amount=amount) for name, amount in
                       (("С суммой", 100), ("Без суммы", None), ("Далеко", 100)))  # fmt: skip
    perform(ann, move_deal, deal_id=far.id, stage_id=make.stage(way, 1).id)
    perform(ann, move_deal, deal_id=far.id, stage_id=make.stage(way, 2).id)
    there = perform(adam, make_there, way_id=way.id)
    stranger, hers = make.deal(ann, other, name="Чужая схема"), make.deal(olga, way, name="Её", amount=100)
    ids = [each.id or 0 for each in (paid, poor, far, stranger, hers)]
    done = bulk(ann, "move", [*ids, 999], stage_id=there)
    assert done.counts == {"changed": 1, "refused": 3, "not_yours": 1, "gone": 1}
    left = {each.title: (each.reason, each.why) for each in perform(ann, list_left, bulk_id=done.id)}
    assert left.keys() == {"Без суммы", "Далеко", "Чужая схема"}
    assert all(reason == "refused" and why for reason, why in left.values())
    assert "сумм" in left["Без суммы"][1][0].lower()
    assert stage_of(ann, paid.id or 0) == there and stage_of(ann, poor.id or 0) == way.stages[0].id


@query("pipeline.change")
def make_there(tx: Tx, way_id: int) -> int:
    """The second open stage of a pipeline."""
    from crm_app.pipelines.queries import see_pipeline

    return make.stage(tx.do(see_pipeline, way_id), 1).id


def test_a_move_is_taken_back_as_if_it_had_never_been(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    """Even against a strict order, which lets nobody go back by hand."""
    perform(adam, change_pipeline, pipeline_id=way.id, values={"order_rule": "strict"})
    ids = deals(ann, way, 3)
    stays, board = perform(SYSTEM, spans, ids=ids), perform(ann, see_board, pipeline_id=way.id)
    done = bulk(ann, "move", ids, stage_id=make.stage(way, "lost").id, reason="Передумали")
    assert done.counts == {"changed": 3}
    assert perform(ann, see_deal, deal_id=ids[0]).deal.lost_reason == "Передумали"
    back = perform(ann, undo_bulk, bulk_id=done.id)
    assert (back.state, back.counts) == ("undone", {"changed": 3, "taken": 3})
    assert perform(SYSTEM, spans, ids=ids) == stays
    assert perform(ann, see_board, pipeline_id=way.id).columns[0].cards == board.columns[0].cards
    assert perform(ann, see_deal, deal_id=ids[0]).deal.lost_reason == ""
    assert perform(ann, see_timeline, card="deal", card_id=ids[0])[0].details["to_stage"] == way.stages[0].name


def test_a_deal_that_has_moved_since_is_left_where_it_is(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    perform(adam, change_pipeline, pipeline_id=way.id, values={"order_rule": "free"})
    ids, second = deals(ann, way, 3), make.stage(way, 1).id
    done = bulk(ann, "move", ids, stage_id=second)
    perform(ann, move_deal, deal_id=ids[0], stage_id=make.stage(way, 2).id)
    perform(ann, move_deal, deal_id=ids[1], stage_id=way.stages[0].id)
    perform(ann, move_deal, deal_id=ids[1], stage_id=second)  # there again, by another way
    assert perform(ann, undo_bulk, bulk_id=done.id).counts == {"changed": 3, "taken": 1, "left": 2}
    assert [each.reason for each in perform(ann, list_left, bulk_id=done.id)] == ["since", "since"]
    assert [stage_of(ann, each) for each in ids] == [make.stage(way, 2).id, second, way.stages[0].id]


def test_what_is_no_move_is_refused(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    ids, leads = deals(ann, way, 1), cards.client(ann, "Клиент").id
    for arguments, refusal in (
        ({}, BadInput), ({"stage_id": "1"}, BadInput), ({"stage_id": True}, BadInput), ({"stage_id": 9_999}, NotFound),
        ({"stage_id": make.stage(way, "lost").id}, BadInput),
        ({"stage_id": way.stages[1].id, "reason": "х" * 501}, BadInput),
    ):  # fmt: skip
        with pytest.raises(refusal):
            bulk(ann, "move", ids, **arguments)
    with pytest.raises(BadInput):
        perform(ann, start_bulk, card="client", operation="move", arguments={"stage_id": 1}, ids=[leads])


def test_who_may_not_move_deals_moves_none(ann: Actor, mary: Actor, way: PipelineRow) -> None:
    ids, to = deals(ann, way, 1), way.stages[1].id
    still = replace(ann, permissions={k: v for k, v in ann.permissions.items() if k != "deal.move"})
    for actor, refusal in ((still, Forbidden), (mary, Forbidden), (cards.guest(ann), Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            bulk(actor, "move", ids, stage_id=to)
    done = bulk(ann, "move", ids, stage_id=to)
    for actor, refusal in ((still, Forbidden), (mary, NotFound)):
        with pytest.raises(refusal):
            perform(actor, undo_bulk, bulk_id=done.id)


def test_all_that_match_are_moved_by_the_worker_and_taken_back_by_it(
    ann: Actor, way: PipelineRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in (("BATCH", 4), ("PART", 4)):
        monkeypatch.setattr(bulk_changes, name, size)
    monkeypatch.setattr("crm_app.cards.queries.bulk_changes.PART", 4)
    monkeypatch.setattr(Move, "batch", 2)
    ids = deals(ann, way, 7)
    make.deal(ann, way, name="Другая")
    parts = perform(ann, choose_cards, card="deal", q="сделка")
    arguments = {"stage_id": make.stage(way, 1).id}
    begun = perform(ann, start_bulk, card="deal", operation="move", arguments=arguments, parts=parts)
    assert begun.state == "running"
    work_off()
    assert perform(ann, see_bulk, bulk_id=begun.id).counts == {"changed": 7}
    assert perform(ann, undo_bulk, bulk_id=begun.id).state == "undoing"
    work_off()
    assert {stage_of(ann, each) for each in ids} == {way.stages[0].id}
    with pytest.raises(RuleBroken):
        perform(ann, undo_bulk, bulk_id=begun.id)


@query("test.spans")
def spans(tx: Tx, ids: list[int]) -> list[tuple[Any, ...]]:
    """All stays of some deals."""
    found = select(StageSpan.deal_id, StageSpan.stage_id, StageSpan.entered_at, StageSpan.left_at)
    return [tuple(row) for row in tx.all(found.where(StageSpan.deal_id.in_(ids)).order_by(StageSpan.id))]
