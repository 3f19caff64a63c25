"""What tests of mailings share: clients with addresses, a mailing ready to go, and a worker that ends with its work."""

from __future__ import annotations

from typing import Any

from crm_app.cards.models import CardEmail
from crm_app.clients.models import Client
from crm_app.core import clock, jobs
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.folding import fold
from crm_app.mailings.actions.drafts import change_mailing, create_mailing
from crm_app.mailings.actions.senders import add_sender
from crm_app.mailings.models import Mailing
from crm_app.mailings.queries.deliveries import DeliveryRow, list_deliveries
from crm_app.mailings.queries.lists import list_senders
from crm_app.mailings.rules import Card
from tests import people

SENDER = "news@demo.example"
BODY = "<p>Здравствуйте, {{first_name|друг}}! Станки для {{company|вас}}.</p>"


def client(owner: Actor, name: str, *emails: str, **fields: Any) -> int:
    """A client with addresses; gives its id."""
    now = clock.now()
    row = Client(
        **{"kind": "person", **fields}, name=name, sort_name=fold(name), responsible_id=owner.id,
        created_at=now, updated_at=now,
    )  # fmt: skip
    with database().session(writes=True) as session:
        session.add(row)
        session.flush()
        session.add_all(CardEmail(card="client", card_id=row.id, address=a, position=n) for n, a in enumerate(emails))
        session.commit()
    assert row.id
    return row.id


def mailing(actor: Actor, client_ids: list[int] | None = None, *, card: Card = "client", **fields: Any) -> Mailing:
    """A mailing with sender, title and text; to every card of a kind that the actor sees, or to those named."""
    whom: dict[str, Any] = {"card_ids": client_ids or [], "filter_": None if client_ids else {}, "card": card}
    made = perform(actor, create_mailing, name="Ноябрь", **whom)
    values = {"sender_id": sender(), "title": "{{first_name|Друзья}}, станки", "body": BODY, **fields}
    return perform(actor, change_mailing, mailing_id=made.id, **values)


def sender() -> int:
    """The sender of these tests, whoever else is there; gives its id."""
    known = next((row.id for row in perform(SYSTEM, list_senders) if row.address == SENDER), 0)
    if known:
        return known
    added = perform(people.actor("adam"), add_sender, address=SENDER, name="Завод")
    assert added.id
    return added.id


def work(holder: str = "test", *, until: int = 1000) -> int:
    """Do the jobs that are due, one after another, until there are none; gives how many."""
    for done in range(until):
        claimed = jobs.claim(database(), holder, 1)
        if not claimed:
            return done
        jobs.execute(database(), claimed[0])
    return until


def rows(mailing_id: int | None, actor: Actor = SYSTEM) -> dict[str, DeliveryRow]:
    """The letters of a mailing by address."""
    return {row.address: row for row in perform(actor, list_deliveries, mailing_id=mailing_id, limit=200)}
