"""Pipelines: made from presets, arranged by heads alone."""

from __future__ import annotations

import pytest

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NotFound, RuleBroken
from crm_app.deals.actions.cards import create_deal, delete_deal
from crm_app.pipelines.actions.arranging import (
    add_stage,
    change_pipeline,
    change_stage,
    create_pipeline_from_preset,
    move_stage,
    remove_pipeline,
)
from crm_app.pipelines.actions.plans import remove_stage
from crm_app.pipelines.presets import PRESETS
from crm_app.pipelines.queries import list_pipelines, see_pipeline


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_gives_a_pipeline_in_both_languages(adam: Actor, preset: str) -> None:
    russian = perform(adam, create_pipeline_from_preset, preset=preset, locale="ru")
    english = perform(adam, create_pipeline_from_preset, preset=preset, locale="en")
    rows = [perform(adam, see_pipeline, pipeline_id=p.id) for p in (russian, english)]
    kinds = [[stage.kind for stage in row.stages] for row in rows]
    assert kinds[0] == kinds[1] and kinds[0][-3:] == ["won", "lost", "hold"]
    words = {stage.name for row in rows for stage in row.stages} | {row.name for row in rows}
    assert len(words) == 2 * (len(rows[0].stages) + 1) and not any(word.startswith("pipelines.") for word in words)


def test_pipelines_stand_in_the_order_in_which_they_came(adam: Actor, ann: Actor) -> None:
    perform(adam, create_pipeline_from_preset, preset="services", locale="ru")
    perform(adam, create_pipeline_from_preset, preset="basic", name="Повторные продажи")
    assert [row.name for row in perform(ann, list_pipelines)] == ["Продажа услуг", "Повторные продажи"]


def test_an_unknown_preset_is_refused(adam: Actor) -> None:
    with pytest.raises(BadInput, match="шаблона"):
        perform(adam, create_pipeline_from_preset, preset="nonsense")


def test_a_manager_does_not_arrange_pipelines(adam: Actor, ann: Actor, mary: Actor) -> None:
    pipeline = perform(adam, create_pipeline_from_preset, preset="basic")
    stage = perform(adam, see_pipeline, pipeline_id=pipeline.id).stages[0]
    for actor in (ann, mary):
        with pytest.raises(Forbidden):
            perform(actor, create_pipeline_from_preset, preset="basic")
        with pytest.raises(Forbidden):
            perform(actor, change_pipeline, pipeline_id=pipeline.id, values={"name": "x"})
        with pytest.raises(Forbidden):
            perform(actor, change_stage, stage_id=stage.id, values={"name": "x"})


def test_a_head_renames_a_pipeline_and_changes_its_order(olga: Actor, adam: Actor) -> None:
    pipeline = perform(adam, create_pipeline_from_preset, preset="basic")
    new = {"name": "  Главная   схема ", "order_rule": "strict"}
    perform(olga, change_pipeline, pipeline_id=pipeline.id, values=new)
    row = perform(olga, see_pipeline, pipeline_id=pipeline.id)
    assert (row.name, row.order_rule) == ("Главная схема", "strict")
    for wrong in ({"name": " "}, {"name": "x" * 81}, {"order_rule": "chaos"}, {"pipeline_id": 1}):
        with pytest.raises(BadInput):
            perform(olga, change_pipeline, pipeline_id=pipeline.id, values=wrong)
    assert perform(olga, see_pipeline, pipeline_id=pipeline.id) == row


def test_a_stage_is_renamed_coloured_and_given_required_fields(olga: Actor) -> None:
    pipeline = perform(olga, create_pipeline_from_preset, preset="basic")
    stage = perform(olga, see_pipeline, pipeline_id=pipeline.id).stages[1]
    wanted = {"name": "Думает", "colour": "red", "probability": 35, "required_fields": ["delivery"], "rot_days": 3}
    perform(olga, change_stage, stage_id=stage.id, values=wanted)
    changed = perform(olga, see_pipeline, pipeline_id=pipeline.id).stages[1]
    assert {field: getattr(changed, field) for field in wanted} == wanted


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "url(evil)"},
        {"probability": 101},
        {"probability": -1},
        {"required_fields": ["password"]},
        {"required_fields": ["amount", "amount"]},
        {"rot_days": -1},
        {"name": ""},
        {"stage_id": 1},
    ],
)
def test_what_makes_no_sense_of_a_stage_is_refused(adam: Actor, wrong: dict[str, object]) -> None:
    pipeline = perform(adam, create_pipeline_from_preset, preset="basic")
    stage = perform(adam, see_pipeline, pipeline_id=pipeline.id).stages[0]
    with pytest.raises(BadInput):
        perform(adam, change_stage, stage_id=stage.id, values=wrong)
    assert perform(adam, see_pipeline, pipeline_id=pipeline.id).stages[0] == stage


def test_what_is_not_there_is_not_found(adam: Actor) -> None:
    with pytest.raises(NotFound):
        perform(adam, see_pipeline, pipeline_id=404)
    with pytest.raises(NotFound):
        perform(adam, change_stage, stage_id=404, values={"name": "x"})


def names(actor: Actor, pipeline_id: int) -> list[str]:
    return [stage.name for stage in perform(actor, see_pipeline, pipeline_id=pipeline_id).stages]


def test_a_stage_is_added_behind_the_last_open_one_and_moved(olga: Actor) -> None:
    pipeline = perform(olga, create_pipeline_from_preset, preset="basic", locale="ru")
    before = names(olga, pipeline.id)
    added = perform(olga, add_stage, pipeline_id=pipeline.id, name="  Пробная  поставка ")
    assert names(olga, pipeline.id) == [*before[:-3], "Пробная поставка", *before[-3:]]

    perform(olga, move_stage, stage_id=added.id, place=0)
    assert names(olga, pipeline.id) == ["Пробная поставка", *before]
    for wrong in (-1, 99):
        with pytest.raises(BadInput):
            perform(olga, move_stage, stage_id=added.id, place=wrong)
    with pytest.raises(BadInput):
        perform(olga, add_stage, pipeline_id=pipeline.id, name=" ")
    assert names(olga, pipeline.id) == ["Пробная поставка", *before]


def test_the_ends_of_a_pipeline_stay_and_so_does_its_last_open_stage(olga: Actor) -> None:
    pipeline = perform(olga, create_pipeline_from_preset, preset="basic")
    stages = perform(olga, see_pipeline, pipeline_id=pipeline.id).stages
    for stage in stages[-3:]:
        with pytest.raises(RuleBroken, match="завершает"):
            perform(olga, move_stage, stage_id=stage.id, place=0)
        with pytest.raises(RuleBroken, match="завершает"):
            perform(olga, remove_stage, stage_id=stage.id)
    for stage in stages[1:-3]:
        perform(olga, remove_stage, stage_id=stage.id)
    with pytest.raises(RuleBroken, match="последний"):
        perform(olga, remove_stage, stage_id=stages[0].id)


def test_what_deals_stand_on_is_not_removed(olga: Actor, ann: Actor) -> None:
    pipeline = perform(olga, create_pipeline_from_preset, preset="basic", name="Занятая")
    stages = perform(olga, see_pipeline, pipeline_id=pipeline.id).stages
    deal = perform(ann, create_deal, pipeline_id=pipeline.id, values={"name": "Станок"})
    perform(ann, delete_deal, deal_id=deal.id)  # even one in the bin: it can come back
    with pytest.raises(RuleBroken, match="стоят карточки"):
        perform(olga, remove_stage, stage_id=stages[0].id)
    with pytest.raises(RuleBroken, match="есть сделки"):
        perform(olga, remove_pipeline, pipeline_id=pipeline.id)
    assert perform(olga, see_pipeline, pipeline_id=pipeline.id).stages == stages


def test_an_empty_pipeline_is_removed_with_its_stages(olga: Actor) -> None:
    pipeline = perform(olga, create_pipeline_from_preset, preset="basic")
    perform(olga, remove_pipeline, pipeline_id=pipeline.id)
    with pytest.raises(NotFound):
        perform(olga, see_pipeline, pipeline_id=pipeline.id)


def test_a_manager_neither_adds_nor_moves_nor_removes(adam: Actor, ann: Actor) -> None:
    pipeline = perform(adam, create_pipeline_from_preset, preset="basic")
    stage = perform(adam, see_pipeline, pipeline_id=pipeline.id).stages[0]
    for ability, arguments in (
        (add_stage, {"pipeline_id": pipeline.id, "name": "x"}),
        (move_stage, {"stage_id": stage.id, "place": 1}),
        (remove_stage, {"stage_id": stage.id}),
        (remove_pipeline, {"pipeline_id": pipeline.id}),
    ):
        with pytest.raises(Forbidden):
            perform(ann, ability, **arguments)
