"""The worker's part: pairs are looked for, and what a merge remembers is forgotten when its time is over."""

from __future__ import annotations

from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Run, job
from crm_app.duplicates.actions.merging import FORGET
from crm_app.duplicates.actions.pairs import FIND, find_some_pairs
from crm_app.duplicates.actions.splitting import forget_merge


@job(FORGET)
def forget_job(run: Run) -> None:
    """Thirty days after a merge."""
    perform(SYSTEM, forget_merge, run=run)


@job(FIND, at_once=1)
def find_job(run: Run) -> None:
    """Some cards at a time, so that nobody waits for a turn to write."""
    while perform(SYSTEM, find_some_pairs, run=run):
        if run.stopping.is_set():
            return
