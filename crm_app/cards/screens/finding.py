"""Clients found by words, where a field takes one: on cards and in cells of lists."""

from __future__ import annotations

from crm_app.access.screens.base import Screen
from crm_app.cards.queries.every_card import search_cards
from crm_app.ui.field import Option

FEWEST_SIGNS, MOST_SIGNS, MOST = 3, 200, 8


async def found_clients(screen: Screen, words: str) -> list[Option]:
    """Clients whom the person may see, nothing while fewer signs are typed than say something."""
    if len(words.strip()) < FEWEST_SIGNS:
        return []
    found = await screen._ask(search_cards, words=words[:MOST_SIGNS], limit=MOST)
    return [{"id": str(row.id), "label": row.title, "hint": ""} for row in found if row.card == "client"]
