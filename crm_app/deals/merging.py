"""Deals of a client that is made one with another."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.clients.models import Client
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.deals.models import Deal
from crm_app.duplicates.ties import tie


def deals_moved(tx: Tx, ids: list[int]) -> None:
    """They are found by their client's name, and shown with it."""
    wanted = select(Deal.id, Deal.stage_id, Deal.number, Deal.name, Client.name.label("client"))
    found = tx.all(wanted.join(Client, Client.id == Deal.client_id).where(Deal.id.in_(ids)))
    search.put_many(tx.session, "deal", [(row.id, (row.number, row.name, row.client)) for row in found])
    tx.announce("deals", *(f"stage:{row.stage_id}" for row in found))


tie(Deal, "client_id", card="client", moved=deals_moved)
