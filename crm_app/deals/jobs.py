"""The worker's side of deals: approvers whose time is over, and moves that were approved."""

from __future__ import annotations

from crm_app.access.queries import actor_by_id
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import CrmError
from crm_app.core.jobs import Run, job
from crm_app.deals.actions.approvals import carry_out_move, end_unmoved, note_late_step, who_moves
from crm_app.deals.actions.approving import LATE, MOVE


@job(LATE)
def late_job(run: Run) -> None:
    """Look at one step, whose time is over."""
    perform(SYSTEM, note_late_step, run=run, step_id=run.arguments["step_id"])


@job(MOVE)
def move_job(run: Run) -> None:
    """Do one move for who asked for it; where it is refused now, the request ends with the reason."""
    approval_id = run.arguments["approval_id"]
    asker_id = perform(SYSTEM, who_moves, run=run, approval_id=approval_id)
    if not asker_id:
        return
    asker = perform(SYSTEM, actor_by_id, employee_id=asker_id)
    try:
        perform(asker, carry_out_move, run=run, approval_id=approval_id)
    except CrmError as refused:
        told = {"key": refused.key, "params": {name: str(value) for name, value in refused.params.items()}}
        perform(SYSTEM, end_unmoved, run=run, approval_id=approval_id, **told)
