"""A deal goes through its stages: success, refusal by rule, and the person who must not; on both databases."""

from __future__ import annotations

import itertools
import threading

import pytest
from sqlalchemy import select

from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import Tx, perform, query
from crm_app.core.errors import CrmError, Forbidden, NotFound, RuleBroken
from crm_app.core.events import FactRow
from crm_app.deals.actions.cards import change_deal, delete_deal
from crm_app.deals.actions.moves import hold_deal, move_deal, return_deal
from crm_app.deals.models import StageSpan
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import see_deal
from crm_app.deals.queries.moves import moves
from crm_app.pipelines.actions.plans import save_pipeline
from crm_app.pipelines.drafts import PipelinePlan, StagePlan, TransitionPlan
from tests.deals import make
from tests.plans import statements_of

SOON = "2026-11-23T10:00:00+03:00"


@query("deal.see")
def spans(tx: Tx, deal_id: int) -> list[tuple[int, bool]]:
    rows = tx.all(select(StageSpan).where(StageSpan.deal_id == deal_id).order_by(StageSpan.id))
    return [(row.stage_id, row.left_at is None) for row in rows]


def column(actor: Actor, pipeline_id: int, stage_id: int) -> list[int]:
    board = perform(actor, see_board, pipeline_id=pipeline_id)
    return next([card.id for card in c.cards] for c in board.columns if c.stage.id == stage_id)


def test_a_deal_enters_the_next_stage(ann: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(ann, way)
    first, second = make.stage(way, 0).id, make.stage(way, 1).id
    moved = perform(ann, move_deal, deal_id=deal.id, stage_id=second)
    assert moved.stage_id == second and moved.entered_stage_at > deal.entered_stage_at
    assert perform(ann, spans, deal_id=deal.id) == [(first, False), (second, True)]


def test_a_deal_does_not_skip_a_stage(ann: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(ann, way)
    with pytest.raises(RuleBroken, match="Коммерческое предложение"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 2).id)
    with pytest.raises(RuleBroken, match="Отгрузка"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, "won").id)
    assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == deal.stage_id
    assert perform(ann, spans, deal_id=deal.id) == [(deal.stage_id, True)]


def test_nobody_moves_a_deal_that_is_not_theirs(ann: Actor, bob: Actor, olga: Actor, mary: Actor) -> None:
    way = make.pipeline()
    deal, second = make.deal(ann, way), make.stage(way, 1).id
    with pytest.raises(NotFound):
        perform(bob, move_deal, deal_id=deal.id, stage_id=second)
    with pytest.raises(Forbidden):
        perform(mary, move_deal, deal_id=deal.id, stage_id=second)
    olgas = make.deal(olga, way)
    with pytest.raises(Forbidden):
        perform(ann, move_deal, deal_id=olgas.id, stage_id=second)
    assert {row.drop for row in perform(ann, moves, deal_id=olgas.id)} == {"no"}
    assert perform(olga, move_deal, deal_id=deal.id, stage_id=second).stage_id == second


def test_a_stage_of_another_pipeline_is_not_found(ann: Actor) -> None:
    deal, other = make.deal(ann, make.pipeline()), make.pipeline("basic")
    with pytest.raises(NotFound, match="другой схеме"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=other.stages[0].id)


def test_required_fields_are_asked_for_and_saved_with_the_stage(ann: Actor) -> None:
    way = make.pipeline()
    deal, second = make.deal(ann, way), make.stage(way, 1).id
    make.ask_for(second, "amount", "delivery", "next_action")
    with pytest.raises(RuleBroken) as refused:
        perform(ann, move_deal, deal_id=deal.id, stage_id=second, fields={"amount": 100})
    asked = [(reason.to_json()["code"], reason.field) for reason in refused.value.reasons]
    assert asked == [("field_required", "delivery"), ("field_required", "next_action")]
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount is None
    plan = {"kind": "call", "what": "Позвонить", "at": SOON}
    fields = {"amount": 1_250_000_00, "delivery": "Самовывоз", "next_action": plan}
    perform(ann, move_deal, deal_id=deal.id, stage_id=second, fields=fields)
    seen = perform(ann, see_deal, deal_id=deal.id)
    assert (seen.deal.stage_id, seen.deal.amount, seen.deal.delivery) == (second, 1_250_000_00, "Самовывоз")
    assert [plan.what for plan in seen.plans] == ["Позвонить"]


def test_a_field_that_the_stage_asks_for_is_not_emptied(ann: Actor) -> None:
    way = make.pipeline()
    deal, second = make.deal(ann, way, amount=5), make.stage(way, 1).id
    make.ask_for(second, "amount")
    perform(ann, move_deal, deal_id=deal.id, stage_id=second)
    with pytest.raises(RuleBroken, match="требует"):
        perform(ann, change_deal, deal_id=deal.id, values={"amount": None})
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount == 5


def test_a_refusal_asks_for_a_reason_and_keeps_it(ann: Actor) -> None:
    way = make.pipeline()
    deal, lost = make.deal(ann, way), make.stage(way, "lost").id
    with pytest.raises(RuleBroken, match="причину"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=lost)
    perform(ann, move_deal, deal_id=deal.id, stage_id=lost, reason="Дорого")
    assert perform(ann, see_deal, deal_id=deal.id).deal.lost_reason == "Дорого"


def test_hold_and_return(ann: Actor) -> None:
    way = make.pipeline()
    deal, second = make.deal(ann, way), make.stage(way, 1).id
    perform(ann, move_deal, deal_id=deal.id, stage_id=second)
    held = perform(ann, hold_deal, deal_id=deal.id, reason="Отпуск")
    assert (held.stage_id, held.return_stage_id) == (make.stage(way, "hold").id, second)
    with pytest.raises(RuleBroken, match="возвращается"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 0).id)
    back = perform(ann, return_deal, deal_id=deal.id)
    assert (back.stage_id, back.return_stage_id) == (second, None)


def test_a_closed_deal_is_reopened_by_the_head(ann: Actor, olga: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(ann, way)
    perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, "lost").id, reason="Дорого")
    with pytest.raises(RuleBroken, match="закрыта"):
        perform(ann, return_deal, deal_id=deal.id)
    back = perform(olga, return_deal, deal_id=deal.id)
    assert (back.stage_id, back.lost_reason) == (make.stage(way, 0).id, "")


def test_moves_say_what_the_action_does(ann: Actor) -> None:
    """The query and the action are one rule: whatever the query calls free goes, the rest is refused."""
    way = make.pipeline("services", plain=False)
    for _ in range(3):
        deal = make.deal(ann, way)
        for row in perform(ann, moves, deal_id=deal.id):
            if row.drop == "free" and row.stage_id != deal.stage_id:
                assert perform(ann, move_deal, deal_id=deal.id, stage_id=row.stage_id).stage_id == row.stage_id
                break
            if row.drop != "free":
                assert row.reasons
                with pytest.raises(RuleBroken) as refused:
                    perform(ann, move_deal, deal_id=deal.id, stage_id=row.stage_id)
                assert [r.code for r in refused.value.reasons] == [r.code for r in row.reasons]


def test_a_deleted_deal_does_not_move(ann: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(ann, way)
    perform(ann, delete_deal, deal_id=deal.id)
    with pytest.raises(NotFound):
        perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 1).id)


# ---- places ----------------------------------------------------------------------------------------------------------


def test_a_deal_stands_where_it_was_put(ann: Actor) -> None:
    way = make.pipeline()
    first = make.stage(way, 0).id
    a, b, c = (make.deal(ann, way).id for _ in range(3))
    assert column(ann, way.id, first) == [c, b, a]
    perform(ann, move_deal, deal_id=c, stage_id=first, before_id=a)
    assert column(ann, way.id, first) == [b, c, a]
    perform(ann, move_deal, deal_id=b, stage_id=first, after_id=a)
    assert column(ann, way.id, first) == [c, a, b]
    perform(ann, move_deal, deal_id=b, stage_id=first, before_id=c, after_id=a)
    assert column(ann, way.id, first) == [b, c, a]


def test_a_deal_is_put_between_two_of_another_column(ann: Actor) -> None:
    way = make.pipeline()
    second = make.stage(way, 1).id
    low, high, new = (make.deal(ann, way).id for _ in range(3))
    for deal_id in (low, high):
        perform(ann, move_deal, deal_id=deal_id, stage_id=second)
    perform(ann, move_deal, deal_id=new, stage_id=second, after_id=high)
    assert column(ann, way.id, second) == [high, new, low]


def test_places_of_deals_that_are_not_seen_are_not_given_twice(ann: Actor, bob: Actor, adam: Actor) -> None:
    way = make.pipeline()
    first = make.stage(way, 0).id
    deals = [make.deal(actor, way).id for actor in (ann, bob, ann, bob)]
    assert column(adam, way.id, first) == deals[::-1]
    perform(adam, move_deal, deal_id=deals[0], stage_id=first, before_id=deals[2])
    assert column(adam, way.id, first) == [deals[3], deals[0], deals[2], deals[1]]


def test_a_drop_that_comes_twice_is_one_move(ann: Actor) -> None:
    way = make.pipeline()
    deal, first, second = make.deal(ann, way), make.stage(way, 0).id, make.stage(way, 1).id
    for _ in range(2):
        perform(ann, move_deal, deal_id=deal.id, stage_id=second, from_stage_id=first)
    assert perform(ann, spans, deal_id=deal.id) == [(first, False), (second, True)]


def test_a_drop_from_where_the_deal_no_longer_is_moves_nothing(ann: Actor, olga: Actor) -> None:
    way = make.pipeline("basic")
    deal = make.deal(ann, way)
    first, second, third = (make.stage(way, i).id for i in range(3))
    perform(olga, move_deal, deal_id=deal.id, stage_id=second, from_stage_id=first)
    with pytest.raises(RuleBroken, match="только что"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=third, from_stage_id=first)
    assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == second


def test_two_who_move_one_deal_at_once_leave_one_truth(ann: Actor, olga: Actor) -> None:
    """Both push the same deal forward in strict order; however it falls, its stays are one line without a gap."""
    way = make.pipeline()
    stages = [make.stage(way, i).id for i in range(7)]
    for _ in range(4):
        deal = make.deal(ann, way)
        done: list[int] = []
        start = threading.Barrier(2)

        def push(
            actor: Actor, deal_id: int = deal.id, done: list[int] = done, start: threading.Barrier = start
        ) -> None:
            start.wait()
            for here, there in itertools.pairwise(stages):
                try:
                    perform(actor, move_deal, deal_id=deal_id, stage_id=there, from_stage_id=here)
                    done.append(there)
                except CrmError:
                    continue

        threads = [threading.Thread(target=push, args=(actor,)) for actor in (ann, olga)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stays = perform(ann, spans, deal_id=deal.id)
        assert [stage_id for stage_id, _ in stays] == stages[: len(stays)]
        assert [is_here for _, is_here in stays] == [False] * (len(stays) - 1) + [True]
        assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == stays[-1][0] and len(stays) > 1


def test_drops_at_once_into_one_place_get_places_of_their_own(ann: Actor, olga: Actor) -> None:
    way = make.pipeline()
    second = make.stage(way, 1).id
    target = make.deal(ann, way).id
    perform(ann, move_deal, deal_id=target, stage_id=second)
    mine, hers = ([make.deal(actor, way).id for _ in range(6)] for actor in (ann, olga))

    def drop(actor: Actor, deal_ids: list[int]) -> None:
        for deal_id in deal_ids:
            perform(actor, move_deal, deal_id=deal_id, stage_id=second, before_id=target)

    threads = [threading.Thread(target=drop, args=args) for args in ((ann, mine), (olga, hers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    order = column(olga, way.id, second)
    assert set(order) == {target, *mine, *hers} and order[-1] == target
    middle = order[6]
    perform(olga, move_deal, deal_id=order[0], stage_id=second, before_id=middle)
    assert column(olga, way.id, second) == [*order[1:6], order[0], *order[6:]]


@query("deal.see")
def told_of(tx: Tx, deal_id: int) -> list[tuple[str, str]]:
    facts = tx.all(select(FactRow).where(FactRow.card == "deal", FactRow.card_id == deal_id).order_by(FactRow.id))
    return [(fact.name, str(fact.details.get("reason", ""))) for fact in facts]


def test_a_head_goes_past_the_order_and_says_why(ann: Actor, olga: Actor) -> None:
    way = make.pipeline()
    deal, third = make.deal(ann, way), make.stage(way, 2).id
    told = {row.stage_id: row for row in perform(olga, moves, deal_id=deal.id)}
    assert told[third].drop == "no" and told[third].may_override
    with pytest.raises(RuleBroken, match="почему"):
        perform(olga, move_deal, deal_id=deal.id, stage_id=third, override=True, reason=" ")
    moved = perform(olga, move_deal, deal_id=deal.id, stage_id=third, override=True, reason="Клиент торопится")
    assert moved.stage_id == third
    assert ("DealOrderOverridden", "Клиент торопится") in perform(olga, told_of, deal_id=deal.id)


def test_an_override_does_not_get_round_what_a_stage_asks_for(ann: Actor, olga: Actor) -> None:
    way = make.pipeline()
    make.ask_for(make.stage(way, 2).id, "amount")
    deal = make.deal(ann, way)
    with pytest.raises(RuleBroken) as refused:
        perform(olga, move_deal, deal_id=deal.id, stage_id=make.stage(way, 2).id, override=True, reason="Надо")
    assert [reason.field for reason in refused.value.reasons] == ["amount"]


def test_an_override_where_the_order_lets_one_is_a_plain_move(ann: Actor) -> None:
    way = make.pipeline()
    deal = make.deal(ann, way)
    perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 1).id, override=True)
    assert "DealOrderOverridden" not in dict(perform(ann, told_of, deal_id=deal.id))


def test_a_manager_does_not_go_past_the_order(ann: Actor) -> None:
    way = make.pipeline()
    deal, third = make.deal(ann, way), make.stage(way, 2).id
    assert not any(row.may_override for row in perform(ann, moves, deal_id=deal.id))
    with pytest.raises(Forbidden, match="право"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=third, override=True, reason="Надо")
    assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == deal.stage_id


def test_the_rules_of_a_move_cost_no_question_more_for_named_ways(ann: Actor, adam: Actor) -> None:
    way = make.pipeline()
    first, second = make.stage(way, 0).id, make.stage(way, 1).id
    deal = make.deal(ann, way)
    usual = statements_of(database(), lambda: perform(ann, moves, deal_id=deal.id))
    plan = PipelinePlan(
        name=way.name,
        order_rule="named",
        stages=[StagePlan(key=one.id, name=one.name, kind=one.kind) for one in way.stages],
        transitions=[TransitionPlan(from_key=first, to_key=second, is_guarded=True)],
    )
    perform(adam, save_pipeline, pipeline_id=way.id, plan=plan)
    assert len(statements_of(database(), lambda: perform(ann, moves, deal_id=deal.id))) <= len(usual)
