"""One card put into the bin, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlmodel import SQLModel

from crm_app.cards.merged import refuse_merged
from crm_app.cards.rights import check_reached
from crm_app.core import search
from crm_app.core.door import Tx
from crm_app.core.events import Fact

Card = TypeVar("Card", bound=SQLModel)


def bin_card(tx: Tx, permission: str, model: type[Card], card_id: int, fact: type[Fact]) -> None:
    """Move a card to the bin, out of the search index. fact: tells of it. Raises NotFound, Forbidden."""
    card: Any = tx.need(model, card_id)
    check_reached(tx.actor, permission, card)
    card.deleted_at = tx.now
    search.drop(tx.session, model.__card__, [card_id])
    tx.record(fact(card_id=card_id))


def unbin_card(
    tx: Tx, permission: str, model: type[Card], card_id: int, fact: type[Fact], index: Callable[[Tx, Card], None]
) -> Card:
    """Take a card out of the bin. index: puts it into the search index.

    Raises NotFound, Forbidden, and RuleBroken for one that lies there since it was merged.
    """
    with tx.with_bin():
        card: Any = tx.need(model, card_id)
        check_reached(tx.actor, permission, card)
        if card.deleted_at is None:
            return card
        refuse_merged(tx, card.__card__, card_id)
        card.deleted_at = None
        tx.session.flush()
    index(tx, card)
    tx.record(fact(card_id=card_id))
    return card
