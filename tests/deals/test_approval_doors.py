"""Requests for approval and what happens elsewhere meanwhile: many deals at once, stages that go, clients made one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.cards.queries.bulk_changes import list_left
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import RuleBroken
from crm_app.deals.actions.approvals import decide_approval
from crm_app.deals.actions.cards import change_deal, delete_deal, restore_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.models import Deal
from crm_app.deals.queries.cards import see_deal
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.pipelines.actions.plans import save_pipeline
from crm_app.pipelines.queries import PipelineRow
from tests import make as cards
from tests import work
from tests.deals import make
from tests.deals.approvals import MILLION, OVER_A_MILLION, asked, guard, of, requests, rule, stage_of
from tests.duplicates.make import merge
from tests.pipelines.test_plans import now, plan_of, without


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.pipeline("basic")


def bulk(actor: Actor, operation: str, deals: Sequence[Deal], **arguments: Any) -> Any:
    ids = [deal.id for deal in deals]
    return perform(actor, start_bulk, card="deal", operation=operation, arguments=arguments, ids=ids)


def why_left(actor: Actor, bulk_id: int) -> list[str]:
    return [" ".join(each.why) for each in perform(actor, list_left, bulk_id=bulk_id)]


def ask(actor: Actor, deal: Deal, stage_id: int) -> int:
    """Ask for a move that needs approval; gives the request's id."""
    with pytest.raises(RuleBroken):
        perform(actor, move_deal, deal_id=deal.id, stage_id=stage_id)
    return requests(deal)[-1][0]


def approve(actor: Actor, approval_id: int) -> None:
    perform(actor, decide_approval, approval_id=approval_id, approves=True)


def test_many_at_once_do_not_slip_in_and_nobody_is_asked(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam), conditions=OVER_A_MILLION))
    small, big = make.deal(ann, way, amount=MILLION), make.deal(ann, way, amount=2 * MILLION)
    done = bulk(ann, "move", (small, big), stage_id=there)
    assert done.counts == {"changed": 1, "refused": 1}
    (why,) = why_left(ann, done.id)
    assert "Адам" in why
    assert (stage_of(small), stage_of(big)) == (there, big.stage_id)
    assert requests(big) == [] and asked(big) == []


def test_a_move_of_many_is_not_taken_back_into_a_guarded_stage(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    guarded, there = make.stage(way, 1).id, make.stage(way, 2).id
    deals = [make.deal(ann, way, amount=amount * MILLION) for amount in (1, 2)]
    for deal in deals:
        perform(ann, move_deal, deal_id=deal.id, stage_id=guarded)
    done = bulk(ann, "move", deals, stage_id=there)
    guard(way, rule(guarded, of(adam), conditions=OVER_A_MILLION))
    assert perform(ann, undo_bulk, bulk_id=done.id).counts == {"changed": 2, "taken": 1, "left": 1}
    assert [stage_of(deal) for deal in deals] == [guarded, there]
    (why,) = why_left(ann, done.id)
    assert "согласован" in why


def test_what_many_get_is_asked_anew_and_taken_back_is_asked_anew_again(
    ann: Actor, adam: Actor, olga: Actor, way: PipelineRow
) -> None:
    there = make.stage(way, 1).id
    guard(
        way,
        rule(there, of(adam), of(olga), conditions={"all": [{"field": "payment_method", "op": "eq", "value": "Счёт"}]}),
    )
    deal = make.deal(ann, way, payment_method="Счёт", amount=MILLION)
    approval = ask(ann, deal, there)
    approve(adam, approval)
    done = bulk(ann, "set", [deal], field="delivery", value="Самовывоз")
    work.work_off()
    assert requests(deal) == [(approval, "open", 1)], "what the rule does not ask about asks nobody anew"
    perform(ann, undo_bulk, bulk_id=done.id)
    done = bulk(ann, "set", [deal], field="payment_method", value="Наличные")
    work.work_off()
    assert requests(deal) == [(approval, "ended", 1)], "no rule asks for it any more"
    perform(ann, undo_bulk, bulk_id=done.id)
    assert requests(deal) == [(approval, "ended", 1)] and stage_of(deal) == deal.stage_id
    again = ask(ann, deal, there)
    assert again != approval and asked(deal) == sorted((adam.id, olga.id)), "the former yes is void"


def test_an_approval_that_was_given_does_not_outlive_a_change_of_many(
    ann: Actor, adam: Actor, way: PipelineRow
) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    deal = make.deal(ann, way, amount=MILLION)
    approval = ask(ann, deal, there)
    approve(adam, approval)
    gone = bulk(ann, "remove", [deal])
    work.work_off()
    assert requests(deal) == [(approval, "ended", 1)]
    perform(ann, undo_bulk, bulk_id=gone.id)
    assert stage_of(deal) == deal.stage_id and requests(deal) == [(approval, "ended", 1)]


@pytest.mark.parametrize("gone", ["here", "there"])
def test_a_stage_that_goes_ends_the_request_and_moves_nothing_twice(
    gone: str, ann: Actor, adam: Actor, way: PipelineRow
) -> None:
    first, second, third = (make.stage(way, place).id for place in range(3))
    guarded = guard(way, rule(second, of(adam)))
    deal = make.deal(ann, way, amount=MILLION)
    approval = ask(ann, deal, second)
    leaves = first if gone == "here" else second
    plan = {**without(plan_of(now(adam, guarded)), leaves), "approvals": []}
    perform(adam, save_pipeline, pipeline_id=way.id, plan=plan, goes={leaves: third})
    work.work_off()
    assert requests(deal) == [(approval, "ended", 1)] and asked(deal) == []
    assert stage_of(deal) == (third if gone == "here" else first)


def test_a_deal_carried_into_a_guarded_stage_asks_nobody(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    """Where the deals of a removed stage go is said by whoever changes the pipeline, and shown before."""
    first, second = make.stage(way, 0).id, make.stage(way, 1).id
    deal = make.deal(ann, way, amount=MILLION)
    approvals = [{**rule(second, of(adam))}]
    plan = {**without(plan_of(now(adam, way)), first), "approvals": approvals}
    perform(adam, save_pipeline, pipeline_id=way.id, plan=plan, goes={first: second})
    work.work_off()
    assert stage_of(deal) == second and requests(deal) == []


def test_clients_made_one_and_split_leave_the_request_as_it_is(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    kept, old = (cards.client(ann, name, "company").id or 0 for name in ("Вектор", "Вектор плюс"))
    deal = make.deal(ann, way, amount=MILLION, client_id=old)
    approval = ask(ann, deal, there)
    merged = merge(ann, kept, old)
    assert perform(ann, see_deal, deal_id=deal.id).deal.client_id == kept
    assert requests(deal) == [(approval, "open", 1)] and asked(deal) == [adam.id]
    perform(ann, split_cards, merge_id=merged.id)
    assert perform(ann, see_deal, deal_id=deal.id).deal.client_id == old
    approve(adam, approval)
    work.work_off()
    assert stage_of(deal) == there and requests(deal) == [(approval, "done", 1)]


def test_back_from_the_bin_waits_for_nothing(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    deal = make.deal(ann, way, amount=MILLION)
    approval = ask(ann, deal, there)
    perform(ann, delete_deal, deal_id=deal.id)
    work.work_off()
    perform(ann, restore_deal, deal_id=deal.id)
    assert requests(deal) == [(approval, "ended", 1)]
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 3 * MILLION})
    again = ask(ann, deal, there)
    approve(adam, again)
    work.work_off()
    assert stage_of(deal) == there
