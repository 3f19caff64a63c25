"""The worker's side of leads: the minute at which a first touch is late."""

from __future__ import annotations

from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.jobs import Run, job
from crm_app.leads.actions.lateness import LATE, tell_of_late_touch


@job(LATE)
def late_job(run: Run) -> None:
    """Look at one lead, whose time is over."""
    perform(SYSTEM, tell_of_late_touch, run=run, lead_id=run.arguments["lead_id"])
