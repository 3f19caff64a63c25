"""Where the story is best seen: the cards that pictures are taken of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from crm_app.cards.models import Share
from crm_app.clients.models import Client
from crm_app.core.door import Tx, query
from crm_app.deals.models import Deal
from crm_app.demo.words import stories_of
from crm_app.mailings.models import Mailing
from crm_app.mailings.rules import FINISHED


@dataclass(frozen=True)
class Places:
    """Ids of a client, a deal, a mailing that has been sent and a task that a guest sees."""

    client: int
    deal: int
    mailing: int
    task: int


@query("demo.fill")
def places(tx: Tx) -> Places:
    """Of the first tale, in Russian."""
    told = stories_of("ru")[0]["client"]["name"]
    client = tx.one(select(Client.id).where(Client.name == told).order_by(Client.id.desc()))
    deal = tx.one(select(Deal.id).where(Deal.client_id == client).order_by(Deal.id))
    mailing = tx.one(select(Mailing.id).where(Mailing.state == FINISHED))
    task = tx.one(select(Share.card_id).where(Share.card == "task").order_by(Share.card_id))
    return Places(client, deal, mailing, task)
