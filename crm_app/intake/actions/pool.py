"""The pool: leads that are nobody's, until somebody takes one."""

from __future__ import annotations

from crm_app.cards.actions.changing import assign, oneself
from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.core.policy import past_the_policies
from crm_app.intake.events import LeadTaken
from crm_app.leads.models import Lead


@action("lead.take")
def take_lead(tx: Tx, lead_id: int) -> None:
    """Make a lead of nobody's one's own. Raises RuleBroken where somebody was faster, NotFound for none."""
    with past_the_policies(tx.session):
        lead = tx.need(Lead, lead_id)
        if lead.responsible_id is not None:
            raise RuleBroken("intake.error.taken_already")
        changes = assign(lead, {"responsible_id": oneself(tx)})
        lead.version += 1
        lead.updated_at = tx.now
        tx.session.flush()
    tx.record(LeadTaken(card_id=lead_id, changes=changes))
    tx.announce(f"stage:{lead.stage_id}")
