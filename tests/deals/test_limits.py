"""How many deals are meant to stand in a stage: one rule for every door; and deals with which nothing is planned."""

from __future__ import annotations

import threading

import pytest

from crm_app.cards.queries.bulk_changes import list_left
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, Forbidden, RuleBroken
from crm_app.deals.actions.cards import create_deal, delete_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.actions.plans import finish_plan, plan_action
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import list_deals, see_deal
from crm_app.deals.queries.moves import moves
from crm_app.pipelines.actions.arranging import change_stage
from crm_app.pipelines.actions.plans import roll_back_pipeline
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from crm_app.tasks.actions.editing import close_task, create_task
from tests.deals import make
from tests.deals.test_bulk import bulk

CROWDED = "pipelines.error.crowded"
NO_STEP = {"all": [{"field": "no_step", "op": "eq", "value": True}]}


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    """A pipeline in whose second stage two deals are meant to stand, and no third is let in."""
    made = make.pipeline("basic")
    limit(adam, made, 1, 2)
    return made


def limit(adam: Actor, way: PipelineRow, place: int, number: int, rule: str = "refuse") -> None:
    values = {"wip_limit": number, "wip_rule": rule}
    perform(adam, change_stage, stage_id=way.stages[place].id, values=values)


def fill(owner: Actor, way: PipelineRow, number: int) -> list[int]:
    ids = [make.deal(owner, way).id for _ in range(number)]
    for each in ids:
        perform(owner, move_deal, deal_id=each, stage_id=way.stages[1].id)
    return ids


def told(reader: Actor, way: PipelineRow, deal_id: int, place: int = 1) -> tuple[str, list[str]]:
    row = next(row for row in perform(reader, moves, deal_id=deal_id) if row.stage_id == way.stages[place].id)
    return row.drop, [reason.code for reason in row.reasons]


def test_a_full_stage_lets_nothing_in_by_any_door(ann: Actor, bob: Actor, way: PipelineRow) -> None:
    inside = fill(bob, way, 2)
    deal, second = make.deal(ann, way), way.stages[1].id
    assert told(ann, way, deal.id) == ("no", [CROWDED])
    with pytest.raises(RuleBroken, match="2"):
        perform(ann, move_deal, deal_id=deal.id, stage_id=second)
    done = bulk(ann, "move", [deal.id], stage_id=second)
    assert "заполнен" in perform(ann, list_left, bulk_id=done.id)[0].why[0]
    with pytest.raises(RuleBroken):
        perform(ann, create_deal, pipeline_id=way.id, values={"name": "Ещё одна"}, stage_id=second)
    assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == way.stages[0].id
    perform(bob, move_deal, deal_id=inside[0], stage_id=second, after_id=inside[1])  # to another place in it
    perform(bob, delete_deal, deal_id=inside[0])
    assert told(ann, way, deal.id) == ("free", [])
    assert perform(ann, move_deal, deal_id=deal.id, stage_id=second).stage_id == second


def test_a_new_deal_takes_the_last_place_and_no_more(ann: Actor, way: PipelineRow) -> None:
    second = way.stages[1].id
    for _ in range(2):
        perform(ann, create_deal, pipeline_id=way.id, values={"name": "Новая"}, stage_id=second)
    with pytest.raises(RuleBroken):
        perform(ann, create_deal, pipeline_id=way.id, values={"name": "Новая"}, stage_id=second)


def test_who_may_go_past_rules_does_so_for_a_reason(ann: Actor, olga: Actor, way: PipelineRow) -> None:
    fill(ann, way, 2)
    deal, second = make.deal(ann, way), way.stages[1].id
    with pytest.raises(Forbidden):
        perform(ann, move_deal, deal_id=deal.id, stage_id=second, override=True, reason="срочно")
    with pytest.raises(RuleBroken):
        perform(olga, move_deal, deal_id=deal.id, stage_id=second, override=True)
    perform(olga, move_deal, deal_id=deal.id, stage_id=second, override=True, reason="срочно")
    assert perform(ann, see_deal, deal_id=deal.id).deal.stage_id == second


def test_a_stage_that_only_warns_lets_in_and_says_so(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    limit(adam, way, 1, 2, "warn")
    fill(ann, way, 2)
    deal = make.deal(ann, way)
    assert told(ann, way, deal.id) == ("free", [CROWDED])
    perform(ann, move_deal, deal_id=deal.id, stage_id=way.stages[1].id)
    columns = perform(ann, see_board, pipeline_id=way.id, q="чего тут нет").columns
    assert [(c.count, c.load, c.stage.wip_limit) for c in columns[:2]] == [(0, 0, 0), (0, 3, 2)]


def test_of_two_who_come_at_once_one_gets_the_last_place(ann: Actor, bob: Actor, way: PipelineRow) -> None:
    fill(ann, way, 1)
    ids = [make.deal(ann, way).id, make.deal(bob, way).id]
    start, refused = threading.Barrier(2), []

    def go(owner: Actor, deal_id: int) -> None:
        start.wait()
        try:
            perform(owner, move_deal, deal_id=deal_id, stage_id=way.stages[1].id)
        except CrmError as error:
            refused.append(error.reasons[0].code)

    both = [threading.Thread(target=go, args=pair) for pair in zip((ann, bob), ids, strict=True)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert refused == [CROWDED]
    assert perform(ann, see_board, pipeline_id=way.id).columns[1].load == 2


def test_a_limit_is_part_of_the_plan_and_of_its_versions(adam: Actor, ann: Actor, way: PipelineRow) -> None:
    version = perform(adam, see_pipeline, pipeline_id=way.id).version
    limit(adam, way, 1, 7, "warn")
    perform(adam, roll_back_pipeline, pipeline_id=way.id, number=version)
    stage = perform(adam, see_pipeline, pipeline_id=way.id).stages[1]
    assert (stage.wip_limit, stage.wip_rule, stage.rot_from) == (2, "refuse", "entry")
    for values in ({"wip_limit": -1}, {"wip_limit": 100_001}, {"wip_rule": "so"}, {"rot_from": "so"}):
        with pytest.raises(BadInput):
            perform(adam, change_stage, stage_id=stage.id, values=values)
    with pytest.raises(Forbidden):
        perform(ann, change_stage, stage_id=stage.id, values={"wip_limit": 3})
    leads = make.pipeline("leads", plain=False)
    with pytest.raises(BadInput):
        perform(adam, change_stage, stage_id=leads.stages[0].id, values={"wip_limit": 3})


def test_deals_without_a_next_step_are_marked_and_found(ann: Actor) -> None:
    way = make.pipeline("basic")
    bare, planned, tasked = (make.deal(ann, way).id for _ in range(3))
    plan = perform(ann, plan_action, deal_id=planned, plan={"what": "Позвонить", "at": "2026-12-01T10:00:00+03:00"})
    task = perform(ann, create_task, title="Смета", about=[{"card": "deal", "card_id": tasked}])

    def found() -> tuple[set[int], set[int]]:
        cards = [c for column in perform(ann, see_board, pipeline_id=way.id).columns for c in column.cards]
        listed = perform(ann, list_deals, filter={"all": [*NO_STEP["all"], _of(way)]}).rows
        return {c.id for c in cards if not c.has_step}, {row.id for row in listed}

    assert found() == ({bare}, {bare})
    perform(ann, finish_plan, plan_id=plan.id)
    perform(ann, close_task, task_id=task.id)
    assert found() == ({bare, planned, tasked},) * 2
    perform(ann, move_deal, deal_id=bare, stage_id=make.stage(way, "lost").id, reason="дорого")
    assert found() == ({planned, tasked},) * 2, "with a closed deal nothing is to be done"


def _of(way: PipelineRow) -> dict[str, object]:
    return {"field": "pipeline_id", "op": "eq", "value": way.id}
