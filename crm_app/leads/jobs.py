"""The worker's side of leads: the minute at which a first touch is late, and when that is under another calendar."""

from __future__ import annotations

import time

from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Later, Run, job
from crm_app.leads.actions.lateness import (
    AT_ONCE,
    COUNT_ANEW,
    LATE,
    count_anew,
    find_waiting,
    tell_of_late_touch,
)

PAUSE_SECONDS = 0.02
"""Between batches, so that clicks find their turn to write."""


@job(LATE)
def late_job(run: Run) -> None:
    """Look at one lead, whose time is over."""
    perform(SYSTEM, tell_of_late_touch, run=run, lead_id=run.arguments["lead_id"])


@job(COUNT_ANEW)
def count_anew_job(run: Run) -> None:
    """Go through the leads that wait, batch by batch; begun anew where it was stopped, which does no harm."""
    found: list[int] = []
    while found := perform(SYSTEM, find_waiting, after_id=found[-1] if found else 0):
        for first in range(0, len(found), AT_ONCE):
            perform(SYSTEM, count_anew, run=run, lead_ids=found[first : first + AT_ONCE])
            time.sleep(PAUSE_SECONDS)
            if run.stopping.is_set():
                raise Later(clock.now())
    perform(SYSTEM, count_anew, run=run, lead_ids=[])
