"""Said after an edit on a card or in a list: another card has the same telephone, address or INN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crm_app.access.screens.base import Screen, Way
from crm_app.cards.kinds import KINDS
from crm_app.cards.screens.values import split_values
from crm_app.clients.alike import COMPARED, Alike, unseen_key
from crm_app.core.i18n import text
from crm_app.duplicates.kinds import MERGEABLE


def added(name: str, typed: str, seen: str) -> dict[str, Any]:
    """What an edit has brought, as one asks for copies; {} for nothing that is compared."""
    if name == "inn":
        return {"inn": typed} if typed.strip() and typed != seen else {}
    before = split_values(seen)
    new = [value for value in split_values(typed) if value not in before] if name in COMPARED else []
    return {name: new} if new else {}


async def look_for_copies(
    screen: Screen, find: Callable[..., Sequence[Alike]], card: str, card_id: int, asked: dict[str, Any]
) -> None:
    """Say so where another card has what was typed. find: the query of that kind of card; asked: see `added`."""
    if asked:
        await _tell(screen, card, card_id, await screen._ask(find, **asked, except_id=card_id))


async def _tell(screen: Screen, card: str, card_id: int, found: Sequence[Alike]) -> None:
    """Show the surest of them in the corner, and where it leads; of an unseen one, whom to ask."""
    if not found:
        return
    first = found[0]
    if not first.id:
        await screen._toast(unseen_key(first.responsible), level="warn", responsible=first.responsible)
        return
    merging = f"/duplicates/merge?card={card}&both={card_id},{first.id}", "duplicates.merge_these"
    showing = KINDS[card].href.format(id=first.id), "clients.show_other"
    href, word = merging if card in MERGEABLE else showing
    way = Way(href, text(word, screen._locale))
    await screen._toast("clients.same_on_another", level="warn", way=way, name=first.name)
