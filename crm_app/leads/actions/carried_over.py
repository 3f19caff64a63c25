"""Leads whose stage is no more stand in another one, by nobody's will: no rule of moves is asked."""

from __future__ import annotations

from crm_app.core.door import Tx
from crm_app.leads.events import LeadCarriedOver
from crm_app.leads.models import Lead
from crm_app.pipelines.carried import CARRIED, Carried
from crm_app.pipelines.models import LEAD, Stage


def _carry_over(tx: Tx, lead: Lead, here: Stage, there: Stage) -> None:
    tx.record(LeadCarriedOver(card_id=lead.id or 0, title=lead.name, from_stage=here.name, to_stage=there.name))


CARRIED[LEAD] = Carried(Lead, _carry_over)
