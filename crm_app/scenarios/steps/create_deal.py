"""Add another deal for the same client, in the stage that is told."""

from __future__ import annotations

from typing import Any

from crm_app.deals.actions.cards import create_deal
from crm_app.deals.drafts import DealDraft
from crm_app.deals.models import Deal
from crm_app.pipelines.models import Stage
from crm_app.scenarios.asks import Ask
from crm_app.scenarios.steps import Doing, Outcome, StepKind, whom


def _do(doing: Doing) -> Outcome:
    tx = doing.tx
    stage, deal = tx.need(Stage, doing.asked["stage"]), tx.need(Deal, doing.card_id)
    client: dict[str, Any] = {} if deal.client_id is None else {"client_id": deal.client_id}
    values = DealDraft(name=doing.asked["text"], responsible_id=whom(doing), **client)
    tx.do(create_deal, stage.pipeline_id, values, stage_id=stage.id)
    return Outcome()


PLUGIN = StepKind("create_deal", (Ask("text", "text"), Ask("stage", "stage"), Ask("employee", "employee")), _do)
