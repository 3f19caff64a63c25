"""The pool: leads that are nobody's, until somebody takes one."""

from __future__ import annotations

from crm_app.cards.actions.changing import assign, oneself
from crm_app.core.door import Tx, action
from crm_app.core.errors import NotFound, RuleBroken
from crm_app.core.policy import past_the_policies
from crm_app.intake.events import LeadTaken
from crm_app.leads.models import Lead
from crm_app.pipelines.models import Stage
from crm_app.pipelines.rules import OPEN


@action("lead.take")
def take_lead(tx: Tx, lead_id: int) -> None:
    """Make a lead of nobody's one's own. Raises RuleBroken where somebody was faster, NotFound for none in the pool."""
    with past_the_policies(tx.session):
        lead = tx.need(Lead, lead_id)
        if lead.responsible_id is not None:
            raise RuleBroken("intake.error.taken_already")
        if tx.need(Stage, lead.stage_id).kind != OPEN:
            raise NotFound("core.error.not_found")
        changes = assign(lead, {"responsible_id": oneself(tx)})
        lead.version += 1
        lead.updated_at = tx.now
        tx.session.flush()
    tx.record(LeadTaken(card_id=lead_id, changes=changes))
    tx.announce(f"stage:{lead.stage_id}")
