"""Pipelines, clients and deals for the tests, made through the door."""

from __future__ import annotations

from typing import Any

from crm_app.clients.models import Client
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import Tx, action, perform
from crm_app.core.folding import fold
from crm_app.deals.actions.cards import create_deal
from crm_app.deals.models import Deal
from crm_app.pipelines.actions.arranging import change_stage, create_pipeline_from_preset
from crm_app.pipelines.queries import PipelineRow, StageRow, see_pipeline
from tests import people


def pipeline(preset: str = "goods", *, plain: bool = True) -> PipelineRow:
    """A pipeline from a preset. plain: its stages ask for nothing."""
    adam = people.actor("adam")
    made = perform(adam, create_pipeline_from_preset, preset=preset, locale="ru")
    row = perform(adam, see_pipeline, pipeline_id=made.id)
    if plain:
        for stage in row.stages:
            perform(adam, change_stage, stage_id=stage.id, values={"required_fields": []})
    return perform(adam, see_pipeline, pipeline_id=made.id)


def stage(way: PipelineRow, kind_or_place: str | int) -> StageRow:
    """A stage by its place among the open ones, from 0, or by its kind: "won", "lost", "hold"."""
    if isinstance(kind_or_place, int):
        return [s for s in way.stages if s.kind == "open"][kind_or_place]
    return next(s for s in way.stages if s.kind == kind_or_place)


def ask_for(stage_id: int, *fields: str) -> None:
    """Make a stage ask for fields."""
    perform(people.actor("adam"), change_stage, stage_id=stage_id, values={"required_fields": list(fields)})


def client(name: str = "ООО «Вектор»", owner: Actor | None = None) -> Client:
    """A company."""
    return perform(SYSTEM, add_client, name=name, responsible_id=owner.id if owner else None)


@action("test.add_client")
def add_client(tx: Tx, name: str, responsible_id: int | None) -> Client:
    return tx.add(
        Client(
            kind="company",
            name=name,
            sort_name=fold(name),
            responsible_id=responsible_id,
            created_at=tx.now,
            updated_at=tx.now,
        )
    )


def deal(owner: Actor, way: PipelineRow, **values: Any) -> Deal:
    """A deal in the first stage of a pipeline."""
    return perform(owner, create_deal, pipeline_id=way.id, values={"name": "Поставка станков", **values})
