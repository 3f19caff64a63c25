"""Make somebody responsible for the deal."""

from __future__ import annotations

from crm_app.deals.actions.cards import change_deal
from crm_app.deals.drafts import DealDraft
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind, whom


def _do(doing: Doing) -> Outcome:
    doing.tx.do(change_deal, doing.card_id, DealDraft(responsible_id=whom(doing)))
    return Outcome()


PLUGIN = StepKind("assign", (Ask("employee", "employee"),), _do)
