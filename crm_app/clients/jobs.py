"""The worker's side of an import: reads the file, and adds, counts or takes back a batch at a time."""

from __future__ import annotations

import time
from contextlib import closing
from functools import partial

from crm_app.access.queries import actor_by_id
from crm_app.clients.actions.import_undo import end_undo, undo_batch
from crm_app.clients.actions.imports import JOB
from crm_app.clients.actions.intaking import (
    Plan,
    end_import,
    fail_import,
    halt_import,
    put_batch,
    settle,
    take_up_import,
)
from crm_app.clients.importer import UNDOING, sources
from crm_app.clients.intake import Batch
from crm_app.core import files, search
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import CrmError
from crm_app.core.jobs import MOST_TRIES, Run, job

PAUSE_SECONDS = 0.004
BATCHES_IN_ORDER = 12
"""After so many the search index is put in order: parts that nobody merges make every search slower."""


@job(JOB)
def import_job(run: Run) -> None:
    """Do what the import's state asks for, on behalf of the employee who asked."""
    actor = perform(SYSTEM, actor_by_id, employee_id=run.arguments["employee_id"], via="import")
    plan = perform(actor, take_up_import, run=run)
    if plan.state == UNDOING:
        _undo(run, actor, plan)
        return
    if run.tries >= MOST_TRIES:
        perform(actor, fail_import, run=run, import_id=plan.import_id, error="clients.import.stumbled", params={})
        return
    try:
        is_whole = _take_in(run, actor, plan)
    except CrmError as error:  # the file broke off, or turned out to be none: no other try would go better
        perform(actor, fail_import, run=run, import_id=plan.import_id, error=error.key, params=error.params)
    else:
        perform(actor, end_import if is_whole else halt_import, run=run, import_id=plan.import_id)
    if not plan.is_dry:
        search.put_in_order(database())
        database().study()


def _take_in(run: Run, actor: Actor, plan: Plan) -> bool:
    """Go through the file; False where the person stopped it."""
    path, terms = files.path_of(plan.place), plan.terms
    reading = sources()[plan.source].batches(path, plan.mapping, terms, terms.options.get("sheet", ""), plan.kind.card)
    with closing(reading) as batches:  # type: ignore[type-var]
        for number, batch in enumerate(filter(None, batches), 1):
            if not _put(run, actor, plan, batch):
                return False
            if number % BATCHES_IN_ORDER == 0 and not plan.is_dry:
                search.put_in_order(database(), for_good=False)
    return True


def _put(run: Run, actor: Actor, plan: Plan, batch: Batch) -> bool:
    settle(partial(perform, actor), plan, batch)
    is_put = perform(actor, put_batch, run=run, import_id=plan.import_id, batch=batch)
    time.sleep(PAUSE_SECONDS)
    return is_put


def _undo(run: Run, actor: Actor, plan: Plan) -> None:
    while perform(actor, undo_batch, run=run, import_id=plan.import_id):
        time.sleep(PAUSE_SECONDS)
    perform(actor, end_undo, run=run, import_id=plan.import_id)
