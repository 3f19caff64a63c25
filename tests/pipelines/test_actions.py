"""Pipelines: made from presets, arranged by heads alone."""

from __future__ import annotations

import pytest

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NotFound
from crm_app.pipelines.actions import change_pipeline, change_stage, create_pipeline_from_preset
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
            perform(actor, change_pipeline, pipeline_id=pipeline.id, name="x")
        with pytest.raises(Forbidden):
            perform(actor, change_stage, stage_id=stage.id, name="x")


def test_a_head_renames_a_pipeline_and_changes_its_order(olga: Actor, adam: Actor) -> None:
    pipeline = perform(adam, create_pipeline_from_preset, preset="basic")
    perform(olga, change_pipeline, pipeline_id=pipeline.id, name="  Главная   схема ", order_rule="strict")
    row = perform(olga, see_pipeline, pipeline_id=pipeline.id)
    assert (row.name, row.order_rule) == ("Главная схема", "strict")
    for wrong in ({"name": " "}, {"name": "x" * 81}, {"order_rule": "chaos"}):
        with pytest.raises(BadInput):
            perform(olga, change_pipeline, pipeline_id=pipeline.id, **wrong)
    assert perform(olga, see_pipeline, pipeline_id=pipeline.id) == row


def test_a_stage_is_renamed_coloured_and_given_required_fields(olga: Actor) -> None:
    pipeline = perform(olga, create_pipeline_from_preset, preset="basic")
    stage = perform(olga, see_pipeline, pipeline_id=pipeline.id).stages[1]
    wanted = {"name": "Думает", "colour": "red", "probability": 35, "required_fields": ["delivery"], "rot_days": 3}
    perform(olga, change_stage, stage_id=stage.id, **wanted)
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
    ],
)
def test_what_makes_no_sense_of_a_stage_is_refused(adam: Actor, wrong: dict[str, object]) -> None:
    pipeline = perform(adam, create_pipeline_from_preset, preset="basic")
    stage = perform(adam, see_pipeline, pipeline_id=pipeline.id).stages[0]
    with pytest.raises(BadInput):
        perform(adam, change_stage, stage_id=stage.id, **wrong)
    assert perform(adam, see_pipeline, pipeline_id=pipeline.id).stages[0] == stage


def test_what_is_not_there_is_not_found(adam: Actor) -> None:
    with pytest.raises(NotFound):
        perform(adam, see_pipeline, pipeline_id=404)
    with pytest.raises(NotFound):
        perform(adam, change_stage, stage_id=404, name="x")
