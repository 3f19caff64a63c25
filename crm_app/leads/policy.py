"""Who sees and changes leads. A guest never does."""

from __future__ import annotations

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.cards.rights import by_reach
from crm_app.core.policy import employees, policy
from crm_app.leads.models import Lead, LeadSource

grant("lead.see", head="department", manager="department", marketer="all")
grant("lead.create", head="all", manager="department", marketer="all")
grant("lead.change", head="department", manager="own")
grant("lead.delete", head="department", manager="own")
grant("lead.export", head="department", manager="department", marketer="all")

register(
    CardKind(
        "lead", number=6, model=Lead, href="/leads/{id}", title=Lead.name, is_reached=True, sources=("screen", "api")
    )
)  # fmt: skip

policy(Lead, see=by_reach("lead.see"), change=by_reach("lead.change"))
policy(LeadSource, see=employees, change=employees)
