"""Who arranges how leads come in. What a stranger sends is taken by the system, which trusts nothing of it."""

from __future__ import annotations

from crm_app.access.roles import grant
from crm_app.cards.queries.every_card import PLACES
from crm_app.core.policy import holders, policy
from crm_app.intake.models import LeadForm, LeadRule
from crm_app.leads.actions.lateness import POOL

grant("intake.change", head="all")
grant("lead.take", head="all", manager="all")

PLACES[POOL] = "/leads/pool"

policy(LeadForm, see=holders("intake.change"))
policy(LeadRule, see=holders("intake.change"))
