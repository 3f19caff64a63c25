"""Something happens to a deal, and what a scenario says follows: once, by the rights of its owner, with a log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.access.queries import actor_by_id
from crm_app.cards.models import Comment, Notification, Tag
from crm_app.cards.queries.every_card import see_timeline
from crm_app.core import clock, jobs
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.deals.actions.cards import change_deal, delete_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.drafts import DealDraft
from crm_app.deals.models import Deal
from crm_app.pipelines.queries import PipelineRow
from crm_app.scenarios.actions.arranging import change_scenario, remove_scenario, switch_scenario
from crm_app.scenarios.actions.beginning import DEEPEST_CHAIN, start_scenario
from crm_app.scenarios.actions.running import MOST_IN_AN_HOUR, carry_out_step, retry_run, stop_run
from crm_app.scenarios.queries.runs import list_runs, runs_of_card
from crm_app.scenarios.queries.scenarios import list_scenarios, list_startable, see_scenario
from crm_app.tasks.models import Task
from tests.deals import make as deals
from tests.scenarios import make
from tests.scenarios.make import step
from tests.work import work_off

BIG = {"all": [{"field": "amount", "op": "gt", "value": 100_000}]}
RESPONSIBLE = "responsible"


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return deals.pipeline()


def deal_of(deal: Deal) -> Deal:
    return next(each for each in perform(SYSTEM, make.rows, model=Deal) if each.id == deal.id)


def all_of(model: Any) -> list[Any]:
    return perform(SYSTEM, make.rows, model=model)


def at_later(monkeypatch: pytest.MonkeyPatch, **later: int) -> None:
    then = datetime.now(UTC) + timedelta(**later)
    monkeypatch.setattr(clock, "now", lambda: then)


def test_a_deal_that_enters_a_stage_has_the_steps_done_in_their_order(
    olga: Actor, ann: Actor, way: PipelineRow
) -> None:
    there = deals.stage(way, 1)
    made = make.scenario(
        olga, "stage_entered", step("set_field", field="payment_method", value="Счёт"),
        step("task", text="Отгрузить", employee=RESPONSIBLE, days=3), step("tag", text="оплата"),
        step("comment", text="Ждём деньги"), step("notify", employee=olga.id, text="Большая сделка"),
        stage=there.id, conditions=BIG,
    )  # fmt: skip
    big, small = (deals.deal(ann, way, amount=amount) for amount in (20_000_000, 1_000))
    for each in (big, small):
        perform(ann, move_deal, deal_id=each.id, stage_id=there.id)
    work_off()
    (run,) = make.runs(made)
    assert (run.card_id, run.state, [each.state for each in run.steps]) == (big.id, "done", ["done"] * 5)
    assert run.steps[1].said == "Поставить задачу «Отгрузить», кому: ответственный, срок: 3 рабочих дня"
    assert deal_of(big).payment_method == "Счёт"
    assert [(each.title, each.responsible_id) for each in all_of(Task)] == [("Отгрузить", ann.id)]
    assert [each.name for each in all_of(Tag)] == ["оплата"]
    assert [each.body for each in all_of(Comment)] == ["Ждём деньги"]
    told = [each.params for each in all_of(Notification) if each.key == "scenarios.notice"]
    assert told == [{"scenario": "Оплата", "words": "Большая сделка"}]
    assert deal_of(small).payment_method == ""
    facts = perform(ann, see_timeline, card="deal", card_id=big.id or 0)
    assert {"ScenarioBegan", "DealChanged"} <= {each.name for each in facts if each.name}
    assert next(each.via for each in facts if each.name == "DealChanged") == f"scenario:{run.id}"


def test_each_trigger_is_set_off_by_its_own(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    here, there = deals.stage(way, 0), deals.stage(way, 1)
    told = [
        make.scenario(olga, "stage_left", step("stop"), stage=here.id),
        make.scenario(olga, "card_created", step("stop")),
        make.scenario(olga, "field_changed", step("stop"), field="amount"),
        make.scenario(olga, "by_hand", step("stop")),
        make.scenario(olga, "stage_entered", step("stop"), stage=there.id, is_on=False),
    ]
    deal = deals.deal(ann, way)
    perform(ann, change_deal, deal_id=deal.id, values=DealDraft(delivery="Почта"))
    work_off()
    assert [len(make.runs(each)) for each in told] == [0, 1, 0, 0, 0]
    perform(ann, change_deal, deal_id=deal.id, values=DealDraft(amount=5))
    perform(ann, move_deal, deal_id=deal.id, stage_id=there.id)
    perform(ann, start_scenario, scenario_id=told[3].id, card="deal", card_id=deal.id)
    work_off()
    assert [len(make.runs(each)) for each in told] == [1, 1, 1, 1, 0]


def test_a_branch_goes_one_way_and_stop_ends_it(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    branch = step(
        "branch", conditions=BIG, then=[step("comment", text="много"), step("stop")],
        otherwise=[step("comment", text="мало")],
    )  # fmt: skip
    made = make.scenario(olga, "card_created", branch, step("comment", text="после"))
    for amount in (20_000_000, 100):
        deals.deal(ann, way, amount=amount)
        work_off()
    assert [each.body for each in all_of(Comment)] == ["много", "мало", "после"]
    assert [len(each.steps) for each in make.runs(made)] == [3, 3]


def test_a_refused_move_is_the_step_s_result_and_goes_on_when_retried(
    olga: Actor, ann: Actor, way: PipelineRow
) -> None:
    there = deals.stage(way, 1)
    deals.ask_for(there.id, "amount")
    steps = [step("comment", text="до"), step("move", stage=there.id), step("comment", text="после")]
    made = make.scenario(olga, "card_created", *steps)
    deal = deals.deal(ann, way, amount=None)
    work_off()
    (run,) = make.runs(made)
    assert (run.state, [each.state for each in run.steps]) == ("failed", ["done", "failed"])
    assert "сумму" in run.came
    with pytest.raises(Forbidden):
        perform(ann, retry_run, run_id=run.id)
    perform(ann, change_deal, deal_id=deal.id, values=DealDraft(amount=5))
    perform(olga, retry_run, run_id=run.id)
    work_off()
    (run,) = make.runs(made)
    assert (run.state, [(each.state, each.tries) for each in run.steps]) == (
        "done", [("done", 1), ("done", 2), ("done", 1)]
    )  # fmt: skip
    assert [each.body for each in all_of(Comment)] == ["до", "после"]
    assert deal_of(deal).stage_id == there.id
    with pytest.raises(RuleBroken):
        perform(olga, retry_run, run_id=run.id)


def test_who_waits_is_asked_again_on_waking(
    olga: Actor, ann: Actor, way: PipelineRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait, then = step("wait", count=2, unit="hours"), step("comment", text="пора")
    made = make.scenario(olga, "card_created", wait, then, conditions=BIG)
    stays, shrinks = (deals.deal(ann, way, amount=20_000_000) for _ in range(2))
    work_off()
    assert [(each.state, each.next) for each in make.runs(made)] == [("waiting", "Написать комментарий: «пора»")] * 2
    perform(ann, change_deal, deal_id=shrinks.id, values=DealDraft(amount=100))
    work_off()
    at_later(monkeypatch, hours=1)
    work_off()
    assert [each.state for each in make.runs(made)] == ["waiting", "waiting"]
    at_later(monkeypatch, hours=3)
    work_off()
    assert {each.card_id: each.state for each in make.runs(made)} == {stays.id: "done", shrinks.id: "stopped"}
    assert [each.card_id for each in all_of(Comment)] == [stays.id]


def test_a_run_that_waits_is_stopped_by_who_arranges_scenarios(
    olga: Actor, ann: Actor, way: PipelineRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make.scenario(olga, "card_created", step("wait", count=1, unit="days"), step("comment", text="пора"))
    deals.deal(ann, way)
    work_off()
    (run,) = make.runs(made)
    with pytest.raises(Forbidden):
        perform(ann, stop_run, run_id=run.id)
    perform(olga, stop_run, run_id=run.id)
    with pytest.raises(RuleBroken):
        perform(olga, stop_run, run_id=run.id)
    at_later(monkeypatch, days=9)
    work_off()
    assert (make.runs(made)[0].state, all_of(Comment)) == ("stopped", [])


def test_a_scenario_acts_by_the_rights_of_its_owner(olga: Actor, adam: Actor, bob: Actor, way: PipelineRow) -> None:
    """Olga's department does not reach Bob's deals; an administrator's scenario does."""
    mine = make.scenario(olga, "card_created", step("set_field", field="delivery", value="Почта"))
    deals.deal(bob, way)
    work_off()
    reach = make.runs(mine)[0].state
    perform(SYSTEM, disable_employee, employee_id=olga.id)
    deal = deals.deal(bob, way)
    work_off()
    assert (make.runs(mine)[0].state, deal_of(deal).delivery) == ("failed", "")
    assert "не работает" in make.runs(mine)[0].came
    made = perform(adam, see_scenario, scenario_id=mine.id)
    draft = make.draft("card_created", step("set_field", field="delivery", value="Почта"))
    perform(adam, change_scenario, scenario_id=mine.id, draft=draft, version=made.version)
    perform(adam, retry_run, run_id=make.runs(mine)[0].id)
    work_off()
    assert (make.runs(mine)[0].state, deal_of(deal).delivery) == ("done", "Почта")
    assert reach in ("done", "failed")


def test_scenarios_that_set_themselves_off_come_to_an_end(adam: Actor, ann: Actor, way: PipelineRow) -> None:
    again = step("create_deal", text="Ещё одна", stage=deals.stage(way, 0).id, employee=RESPONSIBLE)
    make.scenario(adam, "card_created", again)
    deals.deal(ann, way)
    work_off()
    found = make.runs()
    assert [each.state for each in reversed(found)] == ["done"] * DEEPEST_CHAIN + ["failed"]
    assert str(DEEPEST_CHAIN) in found[0].came


def test_so_many_steps_for_one_card_within_an_hour_and_no_more(adam: Actor, ann: Actor, way: PipelineRow) -> None:
    steps = [step("comment", text=str(n)) for n in range(MOST_IN_AN_HOUR // 2)]
    for n in range(3):
        make.scenario(adam, "card_created", *steps, name=f"Болтун {n}")
    deals.deal(ann, way)
    work_off()
    assert sorted(each.state for each in make.runs()) == ["done", "done", "failed"]
    assert len(all_of(Comment)) == MOST_IN_AN_HOUR


def test_a_deleted_deal_a_stage_that_is_gone_and_a_removed_scenario_end_a_run(
    adam: Actor, ann: Actor, way: PipelineRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make.scenario(adam, "card_created", step("wait", count=1, unit="hours"), step("comment", text="пора"))
    gone, left = deals.deal(ann, way), deals.deal(ann, way)
    work_off()
    perform(adam, delete_deal, deal_id=gone.id)
    at_later(monkeypatch, hours=2)
    work_off()
    assert {each.card_id: each.state for each in make.runs(made)} == {gone.id: "stopped", left.id: "done"}
    deals.deal(ann, way)
    work_off()
    with pytest.raises(Forbidden):
        perform(ann, remove_scenario, scenario_id=made.id)
    perform(adam, remove_scenario, scenario_id=made.id)
    at_later(monkeypatch, hours=9)
    work_off()
    assert make.runs() == []


def test_begun_by_hand_on_a_card_that_fits(olga: Actor, ann: Actor, mary: Actor, way: PipelineRow) -> None:
    made = make.scenario(olga, "by_hand", step("comment", text="рукой"), conditions=BIG)
    big, small = (deals.deal(ann, way, amount=amount) for amount in (20_000_000, 1_000))
    assert perform(ann, list_startable, card="deal") == [(made.id, "Оплата")]
    perform(ann, start_scenario, scenario_id=made.id, card="deal", card_id=big.id)
    with pytest.raises(RuleBroken):
        perform(ann, start_scenario, scenario_id=made.id, card="deal", card_id=small.id)
    for actor, refusal in ((mary, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(actor, start_scenario, scenario_id=made.id, card="deal", card_id=big.id)
    work_off()
    assert [each.card_id for each in all_of(Comment)] == [big.id]
    assert [each.state for each in perform(ann, runs_of_card, card="deal", card_id=big.id)] == ["done"]
    perform(olga, switch_scenario, scenario_id=made.id, is_on=False)
    with pytest.raises(RuleBroken):
        perform(ann, start_scenario, scenario_id=made.id, card="deal", card_id=big.id)


def test_what_makes_no_sense_is_refused_by_name(olga: Actor, way: PipelineRow) -> None:
    wrong: list[tuple[str, Any]] = [
        ("trigger", make.draft("no_such")),
        ("asked.stage", make.draft("stage_entered", stage=999_999)),
        ("steps.0.text", make.draft("card_created", step("comment", text=" "))),
        ("steps.1.employee", make.draft("card_created", step("stop"), step("assign", employee=999_999))),
        ("steps", make.draft("card_created", step("no_such"))),
        ("steps", make.draft("card_created", *[step("stop")] * 51)),
        ("steps.0", make.draft("card_created", step("stop", more=1))),
        ("name", make.draft("card_created", name=" ")),
        ("filter", make.draft("card_created", conditions={"all": [{"field": "no_such"}]})),
        ("conditions", make.draft("card_created", conditions={"all": [{"field": "responsible_id", "value": "me"}]})),
    ]
    for field, draft in wrong:
        with pytest.raises(BadInput) as refused:
            perform(olga, make.add_scenario, draft=draft)
        assert refused.value.reasons[0].field == field


def test_who_may_not_arrange_scenarios_sees_and_changes_nothing(
    olga: Actor, ann: Actor, mary: Actor, way: PipelineRow
) -> None:
    made = make.scenario(olga, "card_created", step("stop"))
    draft = make.draft("card_created", step("stop"))
    for actor, refusal in ((ann, Forbidden), (mary, Forbidden), (NOBODY, NeedsLogin)):
        for ability, told in (
            (make.add_scenario, {"draft": draft}),
            (change_scenario, {"scenario_id": made.id, "draft": draft, "version": 1}),
            (switch_scenario, {"scenario_id": made.id, "is_on": False}),
            (remove_scenario, {"scenario_id": made.id}),
            (list_scenarios, {}),
            (see_scenario, {"scenario_id": made.id}),
            (list_runs, {}),
        ):
            with pytest.raises(refusal):
                perform(actor, ability, **told)
    with pytest.raises(NotFound):
        perform(olga, see_scenario, scenario_id=999_999)
    with pytest.raises(RuleBroken):
        perform(olga, change_scenario, scenario_id=made.id, draft=draft, version=9)


def test_a_worker_that_dies_between_two_steps_loses_none_and_another_does_none_twice(
    olga: Actor, ann: Actor, way: PipelineRow
) -> None:
    made = make.scenario(olga, "card_created", *[step("comment", text=str(n)) for n in range(4)])
    deals.deal(ann, way)
    (begins,) = [each for each in jobs.claim(database(), "first", 50) if "scenarios" in each.arguments["reaction"]]
    jobs.execute(database(), begins)
    (held,) = [each for each in jobs.claim(database(), "first", 50) if each.name == "scenarios.run"]
    run_id = held.arguments["run_id"]
    owner = perform(SYSTEM, actor_by_id, employee_id=olga.id, via=f"scenario:{run_id}")
    for _ in range(2):
        perform(owner, carry_out_step, run=held, run_id=run_id)
    jobs.release(database(), ["first"])
    work_off()
    assert [each.body for each in all_of(Comment)] == ["0", "1", "2", "3"]
    assert [(each.number, each.tries) for each in make.runs(made)[0].steps] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    with pytest.raises(jobs.LeaseLost):
        perform(owner, carry_out_step, run=held, run_id=run_id)
