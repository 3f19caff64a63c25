"""Say something on the deal, for colleagues alone."""

from __future__ import annotations

from crm_app.cards.actions.comments import add_comment
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind


def _do(doing: Doing) -> Outcome:
    doing.tx.do(add_comment, doing.card, doing.card_id, doing.asked["text"])
    return Outcome()


PLUGIN = StepKind("comment", (Ask("text", "long"),), _do)
