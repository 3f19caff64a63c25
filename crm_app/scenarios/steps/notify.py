"""Tell an employee something in the application; it leads to the deal."""

from __future__ import annotations

from crm_app.cards.actions.notifications import notify
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind, whom


def _do(doing: Doing) -> Outcome:
    told = {"scenario": doing.scenario, "words": doing.asked["text"]}
    notify(doing.tx, whom(doing), "scenarios.notice", doing.card, doing.card_id, **told)
    return Outcome()


PLUGIN = StepKind("notify", (Ask("employee", "employee"), Ask("text", "text")), _do)
