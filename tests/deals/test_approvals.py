"""A move that needs approval is done once it is given, by the same rule as every other; nobody gets round it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.core.actor import Actor
from crm_app.core.door import dry_run, perform
from crm_app.core.errors import BadInput, Forbidden, NotFound, RuleBroken
from crm_app.deals.actions.approvals import decide_approval, withdraw_approval
from crm_app.deals.actions.cards import change_deal, create_deal, delete_deal
from crm_app.deals.actions.moves import hold_deal, move_deal, return_deal
from crm_app.deals.models import Deal
from crm_app.deals.queries.moves import moves
from crm_app.pipelines.queries import PipelineRow
from tests import work
from tests.deals import make
from tests.deals.approvals import MILLION, OVER_A_MILLION, asked, guard, of, requests, rule, stage_of


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.pipeline("basic")


def ask(actor: Actor, deal: Deal, stage_id: int, **told: Any) -> int:
    """Ask for a move that needs approval; gives the request's id."""
    with pytest.raises(RuleBroken) as refused:
        perform(actor, move_deal, deal_id=deal.id, stage_id=stage_id, **told)
    assert refused.value.reasons[0].code == "deals.error.approval_asked"
    return requests(deal)[-1][0]


def decide(actor: Actor, approval_id: int, approves: bool = True, word: str = "нет") -> str:
    return perform(actor, decide_approval, approval_id=approval_id, approves=approves, word="" if approves else word)


def test_a_move_waits_for_approval_and_is_done_when_it_is_given(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    deal = make.deal(ann, way)
    verdict = next(row for row in perform(ann, moves, deal_id=deal.id) if row.stage_id == there)
    assert verdict.drop == "approval" and "Адам" in verdict.reasons[0].text("ru")
    approval = ask(ann, deal, there)
    assert stage_of(deal) == deal.stage_id and requests(deal) == [(approval, "open", 1)]
    assert asked(deal) == [adam.id]
    assert decide(adam, approval) == "granted"
    work.work_off()
    assert stage_of(deal) == there and requests(deal) == [(approval, "done", 1)]


def test_asking_twice_makes_one_request(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    deal = make.deal(ann, way)
    assert ask(ann, deal, there) == ask(ann, deal, there)
    assert len(requests(deal)) == 1 and asked(deal) == [adam.id]


def test_a_dry_run_asks_nobody(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    guard(way, rule(make.stage(way, 1).id, of(adam)))
    deal = make.deal(ann, way)
    with pytest.raises(RuleBroken, match="Адам"):
        dry_run(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 1).id)
    assert requests(deal) == []


def test_a_rejection_needs_a_word_and_ends_it(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    deal = make.deal(ann, way)
    approval = ask(ann, deal, there)
    with pytest.raises(BadInput, match="почему"):
        decide(adam, approval, approves=False, word=" ")
    assert decide(adam, approval, approves=False, word="дорого") == "rejected"
    work.work_off()
    assert stage_of(deal) == deal.stage_id
    with pytest.raises(RuleBroken, match="завершено"):
        decide(adam, approval)


def test_nobody_decides_who_is_not_asked_and_nobody_their_own(
    ann: Actor, bob: Actor, olga: Actor, adam: Actor, mary: Actor, way: PipelineRow
) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(ann), "role:head"))
    deal = make.deal(ann, way)
    approval = ask(ann, deal, there)
    assert asked(deal) == [olga.id, olga.id]  # Ann's own place is her head's
    for other in (ann, bob, adam, mary):
        with pytest.raises(NotFound):
            decide(other, approval)
    assert decide(olga, approval) == "granted"
    olgas = make.deal(olga, way)
    ask(olga, olgas, there)
    assert asked(olgas) == sorted([ann.id, adam.id])  # the one head is herself: whoever may override is asked


def test_the_responsible_is_spared_where_that_is_said(ann: Actor, olga: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(ann), spares_responsible=True))
    deal = make.deal(ann, way)
    ask(adam, deal, there)
    assert asked(deal) == [olga.id]


def test_only_what_fits_the_condition_needs_approval(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam), conditions=OVER_A_MILLION))
    small = make.deal(ann, way, amount=MILLION)
    assert perform(ann, move_deal, deal_id=small.id, stage_id=there).stage_id == there
    ask(ann, make.deal(ann, way, amount=MILLION + 1), there)
    # what is filled in on the way counts
    ask(ann, make.deal(ann, way), there, fields={"amount": MILLION * 2})


def test_a_condition_holds_whatever_the_mover_may_see(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam), conditions={"all": [{"field": "client_id", "op": "empty", "value": False}]}))
    deal = make.deal(ann, way, client_id=make.client(owner=ann).id)
    ask(ann, deal, there)


@pytest.mark.parametrize(
    ("needs", "yes", "state"), [(1, 1, "granted"), (2, 1, "open"), (2, 2, "granted"), (0, 2, "open")]
)
def test_any_some_or_all_have_to_approve(
    ann: Actor, bob: Actor, olga: Actor, adam: Actor, way: PipelineRow, needs: int, yes: int, state: str
) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(olga), of(adam), of(bob), needs=needs))
    approval = ask(ann, deal := make.deal(ann, way), there)
    assert len(asked(deal)) == 3
    said = [decide(person, approval) for person in (olga, adam, bob)[:yes]]
    assert said[-1] == state


def test_one_who_rejects_does_not_stop_those_who_are_enough(
    ann: Actor, bob: Actor, olga: Actor, adam: Actor, way: PipelineRow
) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(olga), of(adam), of(bob), needs=2))
    approval = ask(ann, make.deal(ann, way), there)
    assert decide(olga, approval, approves=False) == "open"
    assert decide(adam, approval) == "open"
    assert decide(bob, approval) == "granted"


def test_in_turn_one_is_asked_after_the_other(ann: Actor, olga: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(olga), of(adam), in_turn=True))
    approval = ask(ann, deal := make.deal(ann, way), there)
    assert asked(deal) == [olga.id]
    with pytest.raises(NotFound):
        decide(adam, approval)
    assert decide(olga, approval) == "open" and asked(deal) == [adam.id]
    assert decide(adam, approval) == "granted"


def test_a_changed_amount_asks_again(ann: Actor, olga: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(olga), of(adam), conditions=OVER_A_MILLION))
    approval = ask(ann, deal := make.deal(ann, way, amount=MILLION * 2), there)
    decide(olga, approval)
    perform(ann, change_deal, deal_id=deal.id, values={"amount": MILLION * 3})
    with pytest.raises(RuleBroken, match="изменилась"):
        decide(adam, approval)
    work.work_off()
    assert requests(deal) == [(approval, "open", 2)] and asked(deal) == sorted([olga.id, adam.id])
    decide(olga, approval)
    assert decide(adam, approval) == "granted"
    perform(ann, change_deal, deal_id=deal.id, values={"amount": MILLION * 4})  # before the worker moved it
    work.work_off()
    assert stage_of(deal) == deal.stage_id and requests(deal) == [(approval, "open", 3)]
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 5})
    work.work_off()
    assert requests(deal) == [(approval, "ended", 3)] and asked(deal) == []


def test_what_moved_on_went_or_lost_its_rule_ends_the_request(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there, other = make.stage(way, 1).id, make.stage(way, 2).id
    guarded = guard(way, rule(there, of(adam)))
    deals = [make.deal(ann, way) for _ in range(3)]
    for deal in deals:
        ask(ann, deal, there)
    perform(ann, move_deal, deal_id=deals[0].id, stage_id=other)
    perform(ann, delete_deal, deal_id=deals[1].id)
    work.work_off()
    guard(guarded)
    work.work_off()
    assert [requests(deal)[0][1] for deal in deals] == ["ended"] * 3 and [asked(deal) for deal in deals] == [[]] * 3


def test_who_asked_takes_it_back_and_nobody_else(ann: Actor, olga: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    approval = ask(ann, deal := make.deal(ann, way), there)
    with pytest.raises(Forbidden):
        perform(olga, withdraw_approval, approval_id=approval)
    perform(ann, withdraw_approval, approval_id=approval)
    assert requests(deal) == [(approval, "withdrawn", 1)]
    with pytest.raises(RuleBroken):
        perform(ann, withdraw_approval, approval_id=approval)
    assert ask(ann, deal, there) != approval


def test_closed_accounts_are_replaced_and_an_asker_who_left_ends_it(
    ann: Actor, bob: Actor, olga: Actor, adam: Actor, way: PipelineRow
) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(bob)))
    deal = make.deal(ann, way)
    ask(ann, deal, there)
    assert asked(deal) == [bob.id]
    perform(adam, disable_employee, employee_id=bob.id)
    work.work_off()
    assert asked(deal) == sorted([olga.id, adam.id])
    perform(adam, disable_employee, employee_id=ann.id)
    work.work_off()
    assert requests(deal)[0][1] == "ended"


def test_the_move_is_asked_everything_again_when_it_is_approved(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guarded = guard(way, rule(there, of(adam)))
    approval = ask(ann, deal := make.deal(ann, way), there)
    decide(adam, approval)
    make.ask_for(there, "delivery")
    assert guarded
    work.work_off()
    assert stage_of(deal) == deal.stage_id and requests(deal) == [(approval, "ended", 1)]


def test_nobody_gets_round_it_but_by_the_right_to(ann: Actor, olga: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(adam)))
    with pytest.raises(RuleBroken, match="согласован"):
        perform(ann, create_deal, pipeline_id=way.id, stage_id=there, values={"name": "Сразу сюда"})
    deal = make.deal(ann, way)
    with pytest.raises(Forbidden):
        perform(ann, move_deal, deal_id=deal.id, stage_id=there, override=True, reason="надо")
    with pytest.raises(RuleBroken):
        perform(olga, move_deal, deal_id=deal.id, stage_id=there, override=True)
    approval = ask(ann, deal, there)
    assert perform(olga, move_deal, deal_id=deal.id, stage_id=there, override=True, reason="срочно").stage_id == there
    assert requests(deal) == [(approval, "ended", 1)]
    perform(ann, hold_deal, deal_id=deal.id)
    with pytest.raises(RuleBroken, match="Адам"):  # back from hold is an entry again
        perform(ann, return_deal, deal_id=deal.id)


def test_two_approvers_at_the_same_moment_move_it_once(ann: Actor, olga: Actor, adam: Actor, way: PipelineRow) -> None:
    there = make.stage(way, 1).id
    guard(way, rule(there, of(olga), of(adam)))
    approval = ask(ann, deal := make.deal(ann, way), there)
    barrier, said = threading.Barrier(2), []

    def approve(person: Actor) -> None:
        barrier.wait()
        said.append(decide(person, approval))

    threads = [threading.Thread(target=approve, args=[person]) for person in (olga, adam)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["granted", "open"]
    work.work_off()
    assert stage_of(deal) == there and requests(deal) == [(approval, "done", 1)]
