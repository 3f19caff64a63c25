"""Through which pipelines somebody may bring leads."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.cards.rights import mark
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, query
from crm_app.pipelines.models import LEAD, Pipeline


def may_add_through(actor: Actor, pipeline_id: int) -> bool:
    """Whether the actor may add a lead of anybody's, be it their own alone, in a pipeline."""
    return bool(actor.scope("lead.create", (mark("pipeline_id", pipeline_id),)))


@query("lead.import")
def list_import_pipelines(tx: Tx) -> list[tuple[int, str]]:
    """Id and name of those through which the actor may add leads, in their order."""
    rows = tx.all(
        select(Pipeline.id, Pipeline.name).where(Pipeline.card == LEAD).order_by(Pipeline.position, Pipeline.id)
    )
    return [(row.id, row.name) for row in rows if may_add_through(tx.actor, row.id)]
