"""Cards that were merged into others: which card answers for an id today."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from crm_app.cards.models import CardMerge
from crm_app.core.door import Tx
from crm_app.core.errors import RuleBroken
from crm_app.core.keys import among
from crm_app.core.policy import past_the_policies

_LONGEST_CHAIN = 100
_INTO = select(CardMerge.absorbed_id, CardMerge.kept_id).where(
    CardMerge.card == bindparam("card"), among(CardMerge.absorbed_id, "ids"), CardMerge.split_at.is_(None)
)


def now_at(tx: Tx, card: str, ids: Iterable[int]) -> dict[int, int]:
    """The cards that answer for merged ones today, by their old ids, whoever may see them: the caller asks that.

    Ids of cards that were never merged are not there.
    """
    found: dict[int, int] = {}
    asked = {card_id: card_id for card_id in ids}
    with past_the_policies(tx.session):  # a card may have gone on into one that the actor sees
        for _ in range(_LONGEST_CHAIN):
            if not asked:
                break
            into = {row[0]: row[1] for row in tx.all(_INTO, card=card, ids=set(asked.values()))}
            asked = {old: into[last] for old, last in asked.items() if last in into}
            found |= asked
    return found


def standing(tx: Tx, card: str, card_id: int) -> int:
    """The id under which to look for a card: of the one into which it was merged, where it was; else its own.

    Cards that are named in what somebody writes pass it, so that an old id goes on to mean the card of today.
    """
    return now_at(tx, card, [card_id]).get(card_id, card_id)


def refuse_merged(tx: Tx, card: str, card_id: int) -> None:
    """Raises RuleBroken for a card that lies in the bin since it was merged: it comes back by a split."""
    if card_id in now_at(tx, card, [card_id]):
        raise RuleBroken("cards.error.merged")
