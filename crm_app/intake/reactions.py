"""What follows from a new lead: one that is nobody's is given out."""

from __future__ import annotations

from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.intake.actions.distribution import distribute
from crm_app.intake.events import POOL
from crm_app.leads.events import LeadAdded
from crm_app.leads.models import Lead


@reaction(LeadAdded)
def give_out(tx: Tx, fact: LeadAdded) -> None:
    """Give a lead that came to nobody to somebody, by whatever door it came."""
    lead = tx.find(Lead, fact.card_id) if fact.responsible_id is None else None
    if lead is not None and lead.responsible_id is None:
        distribute(tx, lead)
        tx.announce(POOL)
