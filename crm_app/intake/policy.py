"""Who arranges how leads come in. What a stranger sends is taken by the system, which trusts nothing of it."""

from __future__ import annotations

from crm_app.access.roles import grant
from crm_app.core.policy import holders, policy
from crm_app.intake.models import LeadForm, LeadRule

grant("intake.change", head="all")
grant("lead.take", head="all", manager="all")

policy(LeadForm, see=holders("intake.change"))
policy(LeadRule, see=holders("intake.change"))
