"""Makes contacts, each in one line."""

from __future__ import annotations

from typing import Any

from crm_app.clients.models import Client
from crm_app.contacts.actions.cards import add_contact
from crm_app.contacts.actions.places import link_contact
from crm_app.contacts.models import Contact
from crm_app.core.actor import Actor
from crm_app.core.door import perform


def contact(
    owner: Actor, name: str = "Лукин Пров Ильич", at: Client | None = None, position: str = "", **values: Any
) -> Contact:
    """A contact whom an employee is responsible for, who may work at a client."""
    made = perform(owner, add_contact, values={"name": name, **values}, force=True)
    if at is not None:
        perform(owner, link_contact, contact_id=made.id, client_id=at.id, values={"position": position})
    return made
