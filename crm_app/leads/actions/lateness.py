"""A lead whom nobody has touched in time: those who can still save it are told, once, at the minute when it is late."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from crm_app.access.models import Employee, Role
from crm_app.cards.actions.notifications import notify
from crm_app.cards.rights import scope_on
from crm_app.core import jobs
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, action
from crm_app.core.jobs import Run
from crm_app.leads import rules
from crm_app.leads.models import Lead
from crm_app.pipelines.models import LEAD, Stage

LATE = "leads.late"
_HEADS = ("department", "all")
"""Scopes of those who answer for more than their own leads."""


def watch_for_touch(tx: Tx, lead: Lead) -> None:
    """Have the worker look at a lead when its first touch is due."""
    if lead.touch_due_at is not None:
        jobs.enqueue(tx, LATE, key=f"{LATE}:{lead.id}", run_at=lead.touch_due_at, lead_id=lead.id)


@action("lead.change")
def tell_of_late_touch(tx: Tx, run: Run, lead_id: int) -> None:
    """Tell of a lead that still waits; what was touched, closed or removed meanwhile is nobody's worry."""
    lead = tx.find(Lead, lead_id)
    if lead is not None and lead.touched_at is None and not rules.is_closed(tx.need(Stage, lead.stage_id).kind):
        for employee_id in sorted(set(_concerned(tx, lead))):
            notify(tx, employee_id, "leads.notice.late", LEAD, lead_id, title=lead.name)
    run.finish(tx)


def _concerned(tx: Tx, lead: Lead) -> Iterator[int]:
    """The responsible employee and the heads of their department; of a lead of nobody here, all heads."""
    held = (Role.permissions, Role.exceptions)
    here = select(Employee.id, Employee.department_id, *held).join(Role, Role.id == Employee.role_id)
    people = tx.all(here.where(Employee.disabled_at.is_(None)))
    departments = {row.id: row.department_id for row in people}
    theirs = departments.get(lead.responsible_id)
    for row in people:
        who = Actor("employee", row.id, permissions=row.permissions, exceptions=row.exceptions)
        scope = scope_on(who, "lead.change", lead)
        if lead.responsible_id not in departments:
            is_head = scope in _HEADS
        else:
            is_head = scope == "department" and theirs is not None and row.department_id == theirs
        if is_head or row.id == lead.responsible_id:
            yield row.id
