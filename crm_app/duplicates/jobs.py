"""The worker's part: what a merge remembers is forgotten when its time is over."""

from __future__ import annotations

from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Run, job
from crm_app.duplicates.actions.merging import FORGET
from crm_app.duplicates.actions.splitting import forget_merge


@job(FORGET)
def forget_job(run: Run) -> None:
    """Thirty days after a merge."""
    perform(SYSTEM, forget_merge, run=run)
