"""The worker's side: changes of many cards, batch after batch, on behalf of who asked; and the bin, emptied."""

from __future__ import annotations

import time

from crm_app.access.queries import actor_by_id
from crm_app.cards.actions.bulk_changes import FORGET, JOB, fail_bulk, forget_bulk, go_on_with_bulk
from crm_app.cards.actions.emptying import EMPTY, FORGET_FILES, empty_some
from crm_app.cards.actions.pictures import FORGET_UNTOLD, find_untold
from crm_app.cards.bins import BINS
from crm_app.cards.bulk_rules import VIA
from crm_app.core import clock, files
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import CrmError
from crm_app.core.jobs import MOST_TRIES, Later, Run, job, now_and_then

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


@job(EMPTY, at_once=1)
def empty_job(run: Run) -> None:
    """Remove for good what has lain in the bin for long enough."""
    for card in BINS:
        while perform(SYSTEM, empty_some, run=run, card=card):
            time.sleep(PAUSE_SECONDS)
            if run.stopping.is_set():
                raise Later(clock.now())


now_and_then(EMPTY)


@job(FORGET_FILES)
def forget_files_job(run: Run) -> None:
    """Delete the bytes of files whose cards are gone. Done twice, it does no more than once."""
    for place in run.arguments["places"]:
        files.forget(place)


@job(FORGET_UNTOLD)
def forget_untold_job(run: Run) -> None:
    """Delete the bytes of pictures that came to no card: refused ones, and those of a server that died over them."""
    for place in perform(SYSTEM, find_untold, places=run.arguments["places"]):
        files.forget(place)
