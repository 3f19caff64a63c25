"""The worker's side: cards of stages that are to go, batch after batch."""

from __future__ import annotations

import time

from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Later, Run, job
from crm_app.pipelines.actions.emptying import JOB, empty_stage

PAUSE_SECONDS = 0.01
"""Between batches, so that clicks find their turn to write."""


@job(JOB)
def empty_stage_job(run: Run) -> None:
    """Move the cards of a stage to where they were told to go, and let the stage go."""
    while perform(SYSTEM, empty_stage, run=run, stage_id=run.arguments["stage_id"]):
        time.sleep(PAUSE_SECONDS)
        if run.stopping.is_set():
            raise Later(clock.now())
