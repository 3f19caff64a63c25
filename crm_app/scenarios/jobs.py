"""The worker's side: the steps of a run, each by the rights of the scenario's owner."""

from __future__ import annotations

from crm_app.access.queries import actor_by_id
from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import CrmError, RuleBroken
from crm_app.core.jobs import Later, Run, job
from crm_app.scenarios.actions.beginning import RUN, VIA, told
from crm_app.scenarios.actions.running import StepDue, carry_out_step, next_step, note_refusal


@job(RUN)
def run_job(run: Run) -> None:
    """Do the steps of one run until it ends, waits, or the worker stops."""
    run_id = run.arguments["run_id"]
    while True:
        due = perform(SYSTEM, next_step, run=run, run_id=run_id)
        if due is None:
            return
        _do(run, run_id, due)
        if run.stopping.is_set():
            raise Later(clock.now())


def _do(run: Run, run_id: int, due: StepDue) -> None:
    owner = perform(SYSTEM, actor_by_id, employee_id=due.owner_id, via=f"{VIA}{run_id}")
    try:
        if not owner.is_employee:
            raise RuleBroken("scenarios.error.owner")
        perform(owner, carry_out_step, run=run, run_id=run_id)
    except CrmError as refused:
        perform(SYSTEM, note_refusal, run=run, run_id=run_id, refusal=told(refused))
