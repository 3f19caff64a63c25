"""Who sees and changes leads. A guest never does."""

from __future__ import annotations

from sqlalchemy import and_, exists, or_

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.cards.policy import pass_facts_on
from crm_app.cards.rights import by_reach
from crm_app.clients.models import Client
from crm_app.contacts.models import Contact
from crm_app.core.actor import Actor
from crm_app.core.events import FactLink, FactRow
from crm_app.core.policy import Condition, employees, exists_changeable, exists_visible, policy
from crm_app.deals.models import Deal
from crm_app.leads.models import Lead, LeadConversion, LeadSource
from crm_app.pipelines.models import LEAD
from crm_app.pipelines.queries import ways_of

grant("lead.see", head="department", manager="department", marketer="all")
grant("lead.create", head="all", manager="department", marketer="all")
grant("lead.change", head="department", manager="own")
grant("lead.pass", head="department")
grant("lead.delete", head="department", manager="own")
grant("lead.export", head="department", manager="department", marketer="all")
grant("lead.import", head="all", manager="department", marketer="all")

register(
    CardKind(
        "lead", number=6, model=Lead, href="/leads/{id}", title=Lead.name, is_reached=True,
        sources=("screen", "api", "form", "import"), has_fields=True, is_linked=True, ways=ways_of(LEAD),
        parted_by=("pipeline_id",),
        computed_of={"name": "text", "organisation": "text", "city": "text", "created_at": "date"},
    )
)  # fmt: skip


def _conversions_seen(actor: Actor) -> Condition:
    """Whoever sees the lead, or what it has become."""
    if not actor.is_employee:
        return False
    named = (
        (Lead, LeadConversion.lead_id), (Contact, LeadConversion.contact_id), (Client, LeadConversion.client_id),
        (Deal, LeadConversion.deal_id),
    )  # fmt: skip
    return or_(*(exists_visible(model, card_id, actor) for model, card_id in named))


def _conversions_changed(actor: Actor) -> Condition:
    return exists_changeable(Lead, LeadConversion.lead_id, actor)


pass_facts_on(
    and_(
        FactRow.card == LEAD,
        exists()
        .where(LeadConversion.lead_id == FactRow.card_id, LeadConversion.undone_at.is_(None))
        .correlate_except(LeadConversion),
    ),
    FactLink.card != LEAD,
)
policy(Lead, see=by_reach("lead.see"), change=by_reach("lead.change"))
policy(LeadSource, see=employees, change=employees)
policy(LeadConversion, see=_conversions_seen, change=_conversions_changed)
