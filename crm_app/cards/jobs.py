"""The worker's side of changes of many cards: batch after batch, on behalf of the employee who asked."""

from __future__ import annotations

import time

from crm_app.access.queries import actor_by_id
from crm_app.cards.actions.bulk_changes import FORGET, JOB, VIA, fail_bulk, forget_bulk, go_on_with_bulk
from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import CrmError
from crm_app.core.jobs import MOST_TRIES, Later, Run, job

PAUSE_SECONDS = 0.01
"""Between batches, so that clicks find their turn to write."""


@job(JOB)
def bulk_job(run: Run) -> None:
    """Do what the change's state asks for, to its end."""
    bulk_id = run.arguments["bulk_id"]
    try:
        if run.tries >= MOST_TRIES:
            raise CrmError("cards.bulk.error.stumbled")
        actor = perform(SYSTEM, actor_by_id, employee_id=run.arguments["employee_id"], via=VIA)
        while perform(actor, go_on_with_bulk, run=run, bulk_id=bulk_id):
            time.sleep(PAUSE_SECONDS)
            if run.stopping.is_set():
                raise Later(clock.now())
    except CrmError as error:  # the person may not any more, or what was to be given is gone: no try would go better
        perform(SYSTEM, fail_bulk, run=run, bulk_id=bulk_id, error=error.key, params=error.params)


@job(FORGET)
def forget_job(run: Run) -> None:
    """Let go of what was kept for taking a change back, once its time is over."""
    while perform(SYSTEM, forget_bulk, run=run, bulk_id=run.arguments["bulk_id"]):
        time.sleep(PAUSE_SECONDS)
