"""Deals of a client that is made one with another."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.cards.custom_fields import own_texts
from crm_app.clients.models import Client
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.deals.models import Deal
from crm_app.duplicates.ties import tie


def deals_moved(tx: Tx, ids: list[int]) -> None:
    """They are found by their client's name, and shown with it."""
    wanted = select(Deal, Client.name).join(Client, Client.id == Deal.client_id).where(Deal.id.in_(ids))
    found = tx.all(wanted.execution_options(populate_existing=True))
    texts = [(deal.id, (deal.number, deal.name, client, *own_texts(tx, deal))) for deal, client in found]
    search.put_many(tx.session, "deal", texts)
    tx.announce("deals", *(f"stage:{deal.stage_id}" for deal, _ in found))


tie(Deal, "client_id", card="client", moved=deals_moved)
