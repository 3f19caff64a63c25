"""The page of a card that was merged into another one leads to that."""

from __future__ import annotations

import reflex as rx

from crm_app.access.screens.base import Screen
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.merged import find_merged
from crm_app.core.errors import NotFound


async def lead_on(screen: Screen, card: str, card_id: int, missing: NotFound) -> rx.event.EventSpec:
    """The way to the card that answers for a missing one. Raises what was missing where there is none."""
    now = await screen._ask(find_merged, card=card, card_id=card_id)
    if not now:
        raise missing
    return rx.redirect(KINDS[card].href.format(id=now))
