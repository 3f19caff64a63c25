"""Move the deal to another stage, by the rule that holds for everybody."""

from __future__ import annotations

from crm_app.deals.actions.moves import move_deal
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind


def _do(doing: Doing) -> Outcome:
    doing.tx.do(move_deal, doing.card_id, doing.asked["stage"], reason=doing.asked.get("reason", ""))
    waits, doing.tx.refusal = doing.tx.refusal, None
    return Outcome() if waits is None else Outcome("scenarios.came.approval")


PLUGIN = StepKind("move", (Ask("stage", "stage"), Ask("reason", "text", is_needed=False)), _do)
