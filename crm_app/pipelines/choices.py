"""Pipelines and stages to choose from, and their names: what filters of cards that go through them offer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.core.door import Tx
from crm_app.pipelines.models import Pipeline, Stage


def pipelines_of(tx: Tx, card: str) -> list[tuple[str, str]]:
    """Id and name of every pipeline of a kind of card, in their order."""
    way: Any = Pipeline
    statement = select(way.id, way.name).where(way.card == card).order_by(way.position, way.id)
    return [(str(row.id), row.name) for row in tx.all(statement)]


def stages_of_all(tx: Tx, card: str) -> list[tuple[str, str]]:
    """Id and name of the stages of all pipelines of a kind of card; where there are several, with theirs before it."""
    way: Any = Pipeline
    stage: Any = Stage
    statement = select(stage.id, stage.name, way.name.label("way")).join(way, way.id == stage.pipeline_id)
    by = (way.position, way.id, stage.position, stage.id)
    rows = tx.all(statement.where(way.card == card).order_by(*by))
    has_many = len({row.way for row in rows}) > 1
    return [(str(row.id), f"{row.way}: {row.name}" if has_many else row.name) for row in rows]
