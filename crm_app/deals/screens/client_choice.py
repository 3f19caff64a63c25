"""Clients to choose from, found by typing: for every form that asks who a deal is with."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.deals.queries.cards import find_clients
from crm_app.ui.field import Option, choose_field
from crm_app.ui.i18n import t


class ClientChoice(Screen):
    """What was found for the words that were typed last."""

    clients: list[Option] = []

    @handler("deal.see", supersedes=True)
    async def searched(self, words: str) -> None:
        """Clients in whose text these words stand."""
        found = await self._ask(find_clients, words=words[:200])
        self.clients = [{"id": str(client_id), "label": name, "hint": ""} for client_id, name in found]


def client_field(name: str = "client_id", **props: Any) -> rx.Component:
    """Who the deal is with."""
    return choose_field(
        name, t("field.deal.client_id"), options=ClientChoice.clients, on_search=ClientChoice.searched, **props
    )
