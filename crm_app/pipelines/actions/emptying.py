"""A stage that is to go: its cards are moved in batches, and then it goes."""

from __future__ import annotations

from crm_app.core.door import Tx, action
from crm_app.core.jobs import Run
from crm_app.pipelines import rules
from crm_app.pipelines.carried import carry_some, remember_elsewhere
from crm_app.pipelines.events import StageRemoved
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.queries import stages_of

JOB = "pipelines.empty_stage"
AT_ONCE = 200


@action("stage.empty")
def empty_stage(tx: Tx, run: Run, stage_id: int) -> bool:
    """Move some of the cards of a stage that is to go, and let it go after the last; whether there may be more.

    Done twice it does no more than once: it begins with what still stands there. A stage that stays after all, since
    the pipeline was rolled back, keeps the cards that it still has.
    """
    run.hold(tx, {})
    stage = tx.find(Stage, stage_id)
    there = None if stage is None or stage.leaving_to_id is None else _at_last(tx, stage)
    if stage is None or there is None:
        return False
    card = tx.need(Pipeline, stage.pipeline_id).card
    moved = carry_some(tx, card, stage, there, AT_ONCE)
    if moved == AT_ONCE:
        return True
    remember_elsewhere(tx, card, stage, there)
    stage.leaving_to_id, stage.deleted_at = None, tx.now
    tx.record(StageRemoved(card_id=stage.pipeline_id, stage=stage.name))
    return False


def _at_last(tx: Tx, stage: Stage) -> Stage | None:
    """Where cards are to go: where that is gone by now, or is to go too, to the end of the chain or the first stage."""
    open_ones = rules.in_order(stages_of(tx, stage.pipeline_id))
    there: Stage | None = tx.find(Stage, stage.leaving_to_id)
    if there is not None and there.leaving_to_id is not None:
        there = tx.find(Stage, there.leaving_to_id)
    if there is None or there.leaving_to_id is not None:
        there = tx.find(Stage, open_ones[0].id) if open_ones else None
    return there
