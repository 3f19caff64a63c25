"""Ask something of an employee, tied to the deal."""

from __future__ import annotations

from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind, whom
from crm_app.tasks.actions.editing import CardName, create_task
from crm_app.worktime.queries import calendar_of
from crm_app.worktime.rules import add_working_days


def _do(doing: Doing) -> Outcome:
    days, tx = doing.asked.get("days", ""), doing.tx
    deadline = add_working_days(calendar_of(tx), tx.now, days) if isinstance(days, int) else None
    about: list[CardName] = [{"card": doing.card, "card_id": doing.card_id}]
    tx.do(create_task, doing.asked["text"], responsible_id=whom(doing), deadline=deadline, about=about)
    return Outcome()


PLUGIN = StepKind(
    "task", (Ask("text", "text"), Ask("employee", "employee"), Ask("days", "number", is_needed=False)), _do
)
