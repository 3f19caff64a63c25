"""A pipeline is changed as a whole: one draft, one version; cards of stages that go are moved; all can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NotFound, RuleBroken
from crm_app.deals.actions.cards import delete_deal
from crm_app.deals.actions.moves import hold_deal, move_deal, return_deal
from crm_app.deals.models import Deal, StageSpan
from crm_app.deals.queries.cards import see_deal
from crm_app.pipelines.actions.plans import copy_pipeline, roll_back_pipeline, save_pipeline
from crm_app.pipelines.queries import PipelineRow, list_versions, see_pipeline
from crm_app.pipelines.touches import see_touched
from tests import work
from tests.deals import make


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.pipeline("basic")


def plan_of(way: PipelineRow, **told: Any) -> dict[str, Any]:
    """A pipeline as a plan that would change nothing."""
    own = ("name", "kind", "colour", "probability", "rot_days", "required_fields")
    stages = [{"key": stage.id, **{field: getattr(stage, field) for field in own}} for stage in way.stages]
    return {"name": way.name, "order_rule": way.order_rule, "touch_minutes": 0, "stages": stages, **told}


def without(plan: dict[str, Any], stage_id: int) -> dict[str, Any]:
    return {**plan, "stages": [stage for stage in plan["stages"] if stage["key"] != stage_id]}


def names(way: PipelineRow) -> list[str]:
    return [stage.name for stage in way.stages]


def now(actor: Actor, way: PipelineRow) -> PipelineRow:
    return perform(actor, see_pipeline, pipeline_id=way.id)


def test_stages_are_arranged_renamed_and_added_in_one_version(olga: Actor, way: PipelineRow) -> None:
    plan = plan_of(way, name="Новая схема", order_rule="both")
    plan["stages"][0], plan["stages"][1] = plan["stages"][1], plan["stages"][0]
    plan["stages"][0] |= {"name": "Думает", "colour": "red", "probability": 15, "rot_days": 3}
    plan["stages"].insert(1, {"key": -1, "name": "Проба", "required_fields": ["amount"]})
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan, version=way.version)
    changed = now(olga, way)
    assert (changed.name, changed.order_rule, changed.version) == ("Новая схема", "both", way.version + 1)
    assert names(changed)[:3] == ["Думает", "Проба", way.stages[0].name]
    assert [stage.id for stage in changed.stages if stage.id != changed.stages[1].id] == [
        way.stages[1].id, way.stages[0].id, *(stage.id for stage in way.stages[2:]),
    ]  # fmt: skip
    assert changed.stages[1].required_fields == ["amount"]


def test_a_plan_that_changes_nothing_is_no_version(olga: Actor, way: PipelineRow) -> None:
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan_of(way))
    assert now(olga, way) == way


def test_all_that_makes_no_sense_is_told_at_once_and_nothing_is_kept(olga: Actor, way: PipelineRow) -> None:
    plan = plan_of(way, name=" ")
    plan["stages"][0] |= {"name": "", "probability": 101, "colour": "none"}
    plan["stages"][2]["name"] = plan["stages"][1]["name"]
    with pytest.raises(BadInput) as refused:
        perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)
    assert {reason.field for reason in refused.value.reasons} == {
        "name", "stages.0.name", "stages.0.colour", "stages.2.name",
    }  # fmt: skip
    assert now(olga, way) == way


@pytest.mark.parametrize("kind", ["won", "lost", "open"])
def test_a_pipeline_needs_a_beginning_and_two_ends(olga: Actor, way: PipelineRow, kind: str) -> None:
    plan = plan_of(way)
    plan["stages"] = [stage for stage in plan["stages"] if stage["kind"] != kind]
    with pytest.raises(BadInput, match=r"уж(ен|но|на)"):
        perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)


def test_another_ones_change_meanwhile_is_a_conflict(olga: Actor, way: PipelineRow) -> None:
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan_of(way, name="Первая"), version=way.version)
    with pytest.raises(RuleBroken):
        perform(olga, save_pipeline, pipeline_id=way.id, plan=plan_of(way, name="Вторая"), version=way.version)
    assert now(olga, way).name == "Первая"


def test_a_stage_of_another_pipeline_is_not_taken_over(olga: Actor, way: PipelineRow) -> None:
    other = make.pipeline("basic")
    plan = plan_of(way)
    plan["stages"][0]["key"] = other.stages[0].id
    with pytest.raises(BadInput, match="нет"):
        perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)
    assert now(olga, other) == other


def test_deals_of_a_stage_that_goes_are_moved_by_the_worker(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    gone, there = way.stages[1], way.stages[2]
    deals = [make.deal(ann, way) for _ in range(3)]
    for deal in deals:
        perform(ann, move_deal, deal_id=deal.id, stage_id=gone.id)
    held = make.deal(ann, way)
    perform(ann, move_deal, deal_id=held.id, stage_id=gone.id)
    perform(ann, hold_deal, deal_id=held.id)
    perform(ann, delete_deal, deal_id=deals[0].id)  # in the bin it stands there all the same
    plan = without(plan_of(way), gone.id)
    with pytest.raises(RuleBroken, match="куда") as refused:
        perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)
    assert [reason.field for reason in refused.value.reasons] == [f"goes.{gone.id}"]
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan, goes={gone.id: there.id})
    with pytest.raises(RuleBroken, match="удаляется"):
        perform(ann, move_deal, deal_id=make.deal(ann, way).id, stage_id=gone.id)
    work.work_off()
    assert gone.name not in names(now(olga, way))
    with database().session(writes=False) as session:
        session.info["with_bin"] = True
        stored = session.execute(select(Deal.stage_id).where(Deal.id.in_([deal.id for deal in deals]))).scalars().all()
        spans = session.execute(
            select(StageSpan.stage_id).where(StageSpan.deal_id == deals[1].id).order_by(StageSpan.id)
        ).scalars().all()  # fmt: skip
    assert stored == [there.id] * 3
    assert spans == [way.stages[0].id, gone.id, there.id]
    perform(ann, return_deal, deal_id=held.id)
    assert perform(ann, see_deal, deal_id=held.id).deal.stage_id == there.id


def test_a_version_is_brought_back_with_the_stage_that_had_gone(olga: Actor, way: PipelineRow) -> None:
    perform(olga, save_pipeline, pipeline_id=way.id, plan=without(plan_of(way, name="Короче"), way.stages[1].id))
    shorter = now(olga, way)
    assert len(shorter.stages) == len(way.stages) - 1
    perform(olga, roll_back_pipeline, pipeline_id=way.id, number=way.version, version=shorter.version)
    back = now(olga, way)
    assert (back.name, back.stages) == (way.name, way.stages)
    kept = perform(olga, list_versions, pipeline_id=way.id)
    assert [(one.number, one.restored) for one in kept[:2]] == [(way.version + 2, way.version), (way.version + 1, 0)]
    assert kept[1].plan["name"] == "Короче" and kept[0].by
    with pytest.raises(NotFound):
        perform(olga, roll_back_pipeline, pipeline_id=way.id, number=99)


def test_a_roll_back_asks_where_deals_of_newer_stages_go(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    plan = plan_of(way)
    plan["stages"].insert(1, {"key": -1, "name": "Новый шаг"})
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)
    new = now(olga, way).stages[1]
    deal = make.deal(ann, way)
    perform(ann, move_deal, deal_id=deal.id, stage_id=new.id)
    with pytest.raises(RuleBroken, match="Новый шаг"):
        perform(olga, roll_back_pipeline, pipeline_id=way.id, number=way.version)
    perform(olga, roll_back_pipeline, pipeline_id=way.id, number=way.version, goes={new.id: way.stages[0].id})
    work.work_off()
    assert now(olga, way).stages == way.stages
    assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == way.stages[0].id


def test_a_stage_with_cards_does_not_become_another_kind(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    make.deal(ann, way)
    plan = plan_of(way)
    plan["stages"][0]["kind"] = "hold"
    with pytest.raises(RuleBroken, match="вид"):
        perform(olga, save_pipeline, pipeline_id=way.id, plan=plan)


def test_what_a_plan_touches_is_told_before(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    make.deal(ann, way)
    plan = without(plan_of(way), way.stages[0].id)
    plan["stages"][0]["probability"] = 44
    told = perform(olga, see_touched, pipeline_id=way.id, plan=plan)
    assert [(one.stage_id, one.is_leaving, one.cards) for one in told.stages] == [
        (way.stages[0].id, True, 1), (way.stages[1].id, False, 0),
    ]  # fmt: skip
    assert told.cards == 1 and now(olga, way) == way
    with pytest.raises(BadInput):
        perform(olga, see_touched, pipeline_id=way.id, plan={**plan, "order_rule": "none"})


def test_a_copy_has_the_same_stages_and_no_deals(olga: Actor, ann: Actor, way: PipelineRow) -> None:
    named = [{"from_key": way.stages[0].id, "to_key": way.stages[2].id, "is_guarded": True}]
    perform(olga, save_pipeline, pipeline_id=way.id, plan=plan_of(way, order_rule="named", transitions=named))
    make.deal(ann, way)
    made = perform(olga, copy_pipeline, pipeline_id=way.id, name="  Вторая  такая ")
    copy = now(olga, perform(olga, see_pipeline, pipeline_id=made.id))
    assert copy.name == "Вторая такая" and names(copy) == names(way)
    assert not {stage.id for stage in copy.stages} & {stage.id for stage in way.stages}
    (transition,) = copy.transitions
    assert (transition.from_id, transition.to_id) == (copy.stages[0].id, copy.stages[2].id)
    with pytest.raises(BadInput):
        perform(olga, copy_pipeline, pipeline_id=way.id, name=" ")


def test_a_manager_changes_no_plan(ann: Actor, way: PipelineRow) -> None:
    for ability, told in (
        (save_pipeline, {"plan": plan_of(way)}), (roll_back_pipeline, {"number": 1}), (copy_pipeline, {"name": "x"}),
        (see_touched, {"plan": plan_of(way)}), (list_versions, {}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            perform(ann, ability, pipeline_id=way.id, **told)
