"""A lead whom nobody has touched in time: those who can still save it are told, once, at the minute when it is late.

The minute is counted in working time. Another calendar counts it anew for leads that wait and are not late yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from crm_app.access.models import Employee, Role
from crm_app.access.roles import ADMINISTRATOR, defaults
from crm_app.cards.actions.notifications import notify
from crm_app.cards.rights import is_reached, scope_on
from crm_app.core import jobs
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, action, query
from crm_app.core.jobs import Run
from crm_app.leads import rules
from crm_app.leads.models import Lead
from crm_app.pipelines.models import LEAD, Stage
from crm_app.worktime.queries import calendar_of
from crm_app.worktime.rules import Calendar

LATE, COUNT_ANEW = "leads.late", "leads.count_anew"
POOL = "lead_pool"
"""Where a lead of nobody's is shown to who may take it: told instead of a card, see cards/queries/every_card.PLACES."""
LOOKED_FOR, AT_ONCE = 4_000, 20
"""Leads that are read, and that are written in one transaction: a click that writes waits for no more than these."""
_HEADS = ("department", "all")
"""Scopes of those who answer for more than their own leads."""


def watch_for_touch(tx: Tx, lead: Lead, calendar: Calendar | None = None) -> None:
    """Have the worker look at a lead when its first touch is due, by the calendar of today.

    What is late stays late, and nothing becomes late by another calendar: such a lead keeps its minute.
    """
    due_at = lead.touch_due_at
    if due_at is None or lead.touched_at is not None or due_at <= tx.now:
        return
    if lead.touch_minutes:
        counted = rules.touch_due(calendar or calendar_of(tx), lead.created_at, lead.touch_minutes)
        if counted is not None and counted > tx.now and counted != due_at:
            is_later, lead.touch_due_at, due_at = counted > due_at, counted, counted
            tx.announce(f"lead:{lead.id}", "leads", f"stage:{lead.stage_id}")
            if is_later and calendar is not None:
                return  # the job that is there puts itself off
    jobs.enqueue(tx, LATE, key=f"{LATE}:{lead.id}", run_at=due_at, lead_id=lead.id)


@query("lead.change")
def find_waiting(tx: Tx, after_id: int) -> list[int]:
    """The next leads that have to be touched and are not late yet, by their ids. Looking for them holds no lock."""
    waiting = select(Lead.id).where(Lead.touched_at.is_(None), Lead.touch_due_at > tx.now, Lead.id > after_id)
    return list(tx.all(waiting.order_by(Lead.id).limit(LOOKED_FOR)))


@action("lead.change")
def count_anew(tx: Tx, run: Run, lead_ids: list[int]) -> None:
    """Count anew until when some leads have to be touched; none is the end."""
    run.hold(tx)
    calendar = calendar_of(tx)
    for lead in tx.all(select(Lead).where(Lead.id.in_(lead_ids)).order_by(Lead.id)) if lead_ids else []:
        watch_for_touch(tx, lead, calendar)
    if not lead_ids:
        run.finish(tx)


@action("lead.change")
def tell_of_late_touch(tx: Tx, run: Run, lead_id: int) -> None:
    """Tell of a lead that still waits; what was touched, closed or removed meanwhile is nobody's worry."""
    lead = tx.find(Lead, lead_id)
    if lead is not None and lead.touched_at is None and not rules.is_closed(tx.need(Stage, lead.stage_id).kind):
        if lead.touch_due_at is not None and lead.touch_due_at > tx.now:  # it got more time since the job was asked for
            run.postpone(tx, lead.touch_due_at)
            return
        for employee_id, place in sorted(_concerned(tx, lead)):
            notify(tx, employee_id, "leads.notice.late", place, lead_id, title=lead.name)
    run.finish(tx)


def _concerned(tx: Tx, lead: Lead) -> Iterator[tuple[int, str]]:
    """The responsible employee and the heads of their department; of a lead of nobody here, all heads.

    Only who sees the lead is told, and, of one of nobody's, who may take it from the pool: (employee, what is opened).
    """
    people = list(_people(tx))
    is_nobodys = lead.responsible_id not in {who.id for who in people}
    for who in people:
        scope = scope_on(who, "lead.change", lead)
        is_head = scope in _HEADS if is_nobodys else scope == "department" and lead.responsible_id in who.colleagues
        if not is_head and who.id != lead.responsible_id:
            continue
        if is_reached(who, "lead.see", lead):
            yield who.id, LEAD
        elif lead.responsible_id is None and who.may("lead.take"):
            yield who.id, POOL


def _people(tx: Tx) -> Iterator[Actor]:
    """Who works here, with what their roles let them do."""
    held = (Role.key, Role.permissions, Role.exceptions)
    here = select(Employee.id, Employee.department_id, *held).join(Role, Role.id == Employee.role_id)
    rows = tx.all(here.where(Employee.disabled_at.is_(None)).order_by(Employee.id))
    departments = defaultdict(list)
    for number, department in tx.all(select(Employee.id, Employee.department_id)):  # who has left is a colleague still
        departments[department].append(number)
    for row in rows:
        is_all = row.key == ADMINISTRATOR
        yield Actor(
            "employee", row.id,
            permissions=defaults(ADMINISTRATOR) if is_all else row.permissions,
            exceptions={} if is_all else row.exceptions,
            colleagues=(row.id,) if row.department_id is None else tuple(departments[row.department_id]),
        )  # fmt: skip
