"""Who sees and changes contacts, and says where they work. A guest never does."""

from __future__ import annotations

from sqlalchemy import or_

from crm_app.access.roles import grant
from crm_app.cards.kinds import CardKind, register
from crm_app.cards.rights import by_reach
from crm_app.clients.models import Client
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, exists_changeable, exists_visible, policy

grant("contact.see", head="department", manager="department", marketer="all")
grant("contact.create", head="all", manager="department")
grant("contact.change", head="department", manager="own")
grant("contact.delete", head="department", manager="own")
grant("contact.export", head="department", manager="department", marketer="all")
grant("contact.import", head="all", manager="department")

register(
    CardKind(
        "contact", number=5, model=Contact, href="/contacts/{id}", title=Contact.name, is_reached=True,
        sources=("screen", "api", "import"), has_fields=True, is_linked=True,
        computed_of={"name": "text", "city": "text", "birthday": "date", "created_at": "date"},
    )
)  # fmt: skip


def _places_seen(actor: Actor) -> Condition:
    """Whoever sees both: neither card gives the other away."""
    return exists_visible(Contact, ContactAtClient.contact_id, actor) & exists_visible(
        Client, ContactAtClient.client_id, actor
    )


def _places_changed(actor: Actor) -> Condition:
    """Whoever may change one of them: the place is told on either card."""
    return or_(
        exists_changeable(Contact, ContactAtClient.contact_id, actor),
        exists_changeable(Client, ContactAtClient.client_id, actor),
    )


policy(Contact, see=by_reach("contact.see"), change=by_reach("contact.change"))
policy(ContactAtClient, see=_places_seen, change=_places_changed)
