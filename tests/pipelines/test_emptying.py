"""A stage that goes is emptied in batches: whatever happens to the worker, each deal gets there once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from crm_app.core import jobs
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import RuleBroken
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.models import Deal, StageSpan
from crm_app.pipelines.actions import emptying
from crm_app.pipelines.actions.emptying import empty_stage
from crm_app.pipelines.actions.plans import roll_back_pipeline, save_pipeline
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from crm_app.pipelines.touches import see_touched
from tests.deals import make
from tests.pipelines.test_plans import names, now, plan_of, without
from tests.work import work_off

DEALS = 5


@pytest.fixture
def way(adam: Actor, ann: Actor, monkeypatch: pytest.MonkeyPatch) -> PipelineRow:
    """A pipeline on whose second stage deals stand; the worker takes two at once."""
    monkeypatch.setattr(emptying, "AT_ONCE", 2)
    made = make.pipeline("basic")
    for _ in range(DEALS):
        perform(ann, move_deal, deal_id=make.deal(ann, made).id, stage_id=made.stages[1].id)
    return now(adam, made)


def let_go(olga: Actor, way: PipelineRow, to: int = 2) -> None:
    plan, gone = without(plan_of(way), way.stages[1].id), way.stages[1].id
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan, goes={gone: way.stages[to].id})


def standing(way: PipelineRow, place: int) -> int:
    with database().session(writes=False) as session:
        return session.scalar(select(func.count()).select_from(Deal).where(Deal.stage_id == way.stages[place].id)) or 0


def stays(way: PipelineRow, place: int) -> int:
    """How often deals have come to a stage."""
    counted = select(func.count()).select_from(StageSpan).where(StageSpan.stage_id == way.stages[place].id)
    with database().session(writes=False) as session:
        return session.scalar(counted) or 0


def claimed() -> jobs.Run:
    return next(run for run in jobs.claim(database(), "test", 50) if run.name == emptying.JOB)


def test_a_stage_is_emptied_in_several_batches(olga: Actor, way: PipelineRow) -> None:
    let_go(olga, way)
    work_off()
    assert (standing(way, 1), standing(way, 2), stays(way, 2)) == (0, DEALS, DEALS)
    assert way.stages[1].name not in names(now(olga, way))


def test_a_worker_that_dies_between_batches_is_followed_by_another(olga: Actor, way: PipelineRow) -> None:
    let_go(olga, way)
    run = claimed()
    assert perform(SYSTEM, empty_stage, run=run, stage_id=way.stages[1].id) is True
    assert (standing(way, 1), standing(way, 2)) == (DEALS - 2, 2)
    jobs.release(database(), ["test"])  # nobody hears of it again
    work_off()
    assert (standing(way, 1), standing(way, 2), stays(way, 2)) == (0, DEALS, DEALS)
    assert way.stages[1].name not in names(now(olga, way))


def test_a_job_done_twice_does_no_more_than_once(olga: Actor, way: PipelineRow) -> None:
    let_go(olga, way)
    run = claimed()
    while perform(SYSTEM, empty_stage, run=run, stage_id=way.stages[1].id):
        pass
    before = now(olga, way)
    assert perform(SYSTEM, empty_stage, run=run, stage_id=way.stages[1].id) is False
    assert (standing(way, 2), stays(way, 2), now(olga, way)) == (DEALS, DEALS, before)


def test_a_roll_back_meanwhile_keeps_the_stage_and_the_deals_that_are_left(olga: Actor, way: PipelineRow) -> None:
    let_go(olga, way)
    run = claimed()
    perform(SYSTEM, empty_stage, run=run, stage_id=way.stages[1].id)
    perform(olga, roll_back_pipeline, pipeline_id=way.id, number=way.version)
    assert perform(SYSTEM, empty_stage, run=run, stage_id=way.stages[1].id) is False
    back = perform(olga, see_pipeline, pipeline_id=way.id)
    assert names(back) == names(way) and back.stages[1].leaving_to_id is None
    assert (standing(way, 1), standing(way, 2)) == (DEALS - 2, 2)


def test_what_is_changed_elsewhere_asks_nothing_of_a_stage_that_is_being_emptied(olga: Actor, way: PipelineRow) -> None:
    let_go(olga, way)
    plan = without(plan_of(way, name="Переименована"), way.stages[1].id)
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)
    assert now(olga, way).name == "Переименована"
    work_off()
    assert (standing(way, 1), standing(way, 2)) == (0, DEALS)


def test_deals_follow_a_stage_that_is_to_go_as_well(olga: Actor, way: PipelineRow) -> None:
    """The second one's deals go to the third, which is let go to the fourth before the worker comes."""
    let_go(olga, way)
    there, end = way.stages[2], way.stages[3]
    plan = without(without(plan_of(way), way.stages[1].id), there.id)
    touched = perform(olga, see_touched, pipeline_id=way.id, plan=plan)
    assert [(one.stage_id, one.cards) for one in touched.stages if one.is_leaving] == [(there.id, DEALS)]
    with pytest.raises(RuleBroken) as refused:
        perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)
    assert [reason.field for reason in refused.value.reasons] == [f"goes.{there.id}"]
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan, goes={there.id: end.id})
    work_off()
    with database().session(writes=False) as session:
        told = session.execute(select(Deal.stage_id).where(Deal.pipeline_id == way.id)).scalars().all()
    assert set(told) == {end.id}
