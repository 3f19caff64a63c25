"""Said after an edit on a card of a person or a company: another card has the same telephone, address or INN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_app.access.screens.base import Screen, Way
from crm_app.cards.screens.values import split_values
from crm_app.clients.alike import Alike, unseen_key
from crm_app.core.i18n import text

COMPARED = ("phones", "emails", "inn")
"""Fields that tell of whom a card is."""


def added(name: str, typed: str, seen: str) -> dict[str, Any]:
    """What an edit has brought, as one asks for copies; {} for nothing that is compared."""
    if name == "inn":
        return {"inn": typed} if typed.strip() and typed != seen else {}
    before = split_values(seen)
    new = [value for value in split_values(typed) if value not in before] if name in COMPARED else []
    return {name: new} if new else {}


async def tell_of_copies(screen: Screen, card: str, card_id: int, found: Sequence[Alike]) -> None:
    """Show the surest of them in the corner, with the way to make the two one; of an unseen one, whom to ask."""
    if not found:
        return
    first = found[0]
    if not first.id:
        await screen._toast(unseen_key(first.responsible), level="warn", responsible=first.responsible)
        return
    way = Way(
        f"/duplicates/merge?card={card}&both={card_id},{first.id}", text("duplicates.merge_these", screen._locale)
    )
    await screen._toast("clients.same_on_another", level="warn", way=way, name=first.name)
