"""Every change of a pipeline leaves a version of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from crm_app.access.events import SESSIONS
from crm_app.core.door import Tx
from crm_app.core.errors import RuleBroken
from crm_app.pipelines.models import Pipeline, PipelineVersion
from crm_app.pipelines.plan_reading import plan_of


def open_for_change(tx: Tx, pipeline_id: int, version: int | None = None) -> Pipeline:
    """A pipeline, locked; what it is like now is kept. version: what one has seen; a change since then is a conflict.

    Pipelines from before there were versions get their first one here.
    """
    pipeline = tx.need(Pipeline, pipeline_id)
    if version is not None and version != pipeline.version:
        raise RuleBroken("core.error.conflict")
    if find_version(tx, pipeline_id, pipeline.version) is None:
        _add(tx, pipeline, 0)
    return pipeline


def keep_version(tx: Tx, pipeline: Pipeline, restored: int = 0) -> None:
    """A pipeline has been changed: it has one version more. restored: the version that it is like again."""
    tx.announce(SESSIONS)  # what roles are kept from may be other stages, or other fields
    pipeline.version += 1
    tx.session.flush()
    _add(tx, pipeline, restored)


def find_version(tx: Tx, pipeline_id: int, number: int) -> PipelineVersion | None:
    """One version of a pipeline."""
    one: Any = PipelineVersion
    found: PipelineVersion | None = tx.one(select(one).where(one.pipeline_id == pipeline_id, one.number == number))
    return found


def _add(tx: Tx, pipeline: Pipeline, restored: int) -> None:
    plan = plan_of(tx, pipeline).model_dump()
    tx.add(
        PipelineVersion(
            pipeline_id=pipeline.id or 0, number=pipeline.version, plan=plan, restored=restored,
            created_by_id=tx.actor.id or None, created_at=tx.now,
        )
    )  # fmt: skip
