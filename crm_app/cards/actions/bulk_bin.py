"""Many cards moved to the bin at once, and taken out of it."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select, update

from crm_app.cards.actions.bulk_operations import (
    OPERATIONS,
    Arguments,
    Back,
    Before,
    Done,
    Operation,
    ids_in,
    outcome,
    refused,
    sort_out,
)
from crm_app.cards.bulk_cards import BulkCards
from crm_app.cards.bulk_rules import GONE, NOT_YOURS, SAME, SINCE
from crm_app.cards.merged import now_at
from crm_app.core import search
from crm_app.core.door import Tx


class Remove(Operation):
    """To the bin."""

    right = "delete"

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        return {}

    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        mine, counts = sort_out(tx, cards, self.right, ids)
        _bin(tx, cards, mine)
        return outcome(dict.fromkeys(mine), 0, counts)

    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        ids = ids_in(before)
        back, _ = _unbin(tx, cards, self.right, ids)
        out = dict.fromkeys(set(ids) - back.keys(), NOT_YOURS)
        there = set(tx.all(select(cards.model.id).where(cards.model.id.in_(list(out))))) if out else set()
        return Back(len(back), out | dict.fromkeys(there, SINCE))


class Restore(Operation):
    """Out of the bin. Before: the version that a card came back with, so that one is told that was changed since."""

    right = "delete"

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        return {}

    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        back, counts = _unbin(tx, cards, self.right, ids)
        return outcome(back, 0, counts)

    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        known = {card_id: version for version, ids in before for card_id in ids}
        left = refused(tx, cards, self.right, known)
        there = select(cards.model.id, cards.model.version).where(cards.model.id.in_(known.keys() - left.keys()))
        left |= {row.id: SINCE for row in tx.all(there) if row.version != known[row.id]}
        going = sorted(known.keys() - left.keys())
        _bin(tx, cards, going)
        return Back(len(going), left)


OPERATIONS |= {"remove": Remove(), "restore": Restore()}


def _bin(tx: Tx, cards: BulkCards, ids: list[int]) -> None:
    """Move cards to the bin, out of the search index."""
    if not ids:
        return
    told = cards.tells(tx, ids)
    tx.run(update(cards.model).where(cards.model.id.in_(ids)).values(deleted_at=tx.now))
    search.drop(tx.session, cards.card, ids)
    for card_id in ids:
        tx.record(cards.removed(card_id=card_id, **told.get(card_id, {})))
    cards.after_removal(tx, ids)


def _unbin(tx: Tx, cards: BulkCards, right: str, ids: list[int]) -> tuple[dict[int, int], Counter[str]]:
    """Take cards out of the bin that are in it; gives their versions by id, and counts the others.

    Cards that were merged into others stay there: they come back by a split.
    """
    model, merged = cards.model, now_at(tx, cards.card, ids)
    with tx.with_bin():
        mine, counts = sort_out(tx, cards, right, [card_id for card_id in ids if card_id not in merged])
        binned = select(model.id, model.version).where(model.id.in_(mine), model.deleted_at.is_not(None))
        back = {row.id: row.version for row in tx.all(binned)}
        if back:
            tx.run(update(model).where(model.id.in_(back)).values(deleted_at=None))
    told = cards.tells(tx, back) if back else {}
    for card_id in sorted(back):
        tx.record(cards.restored(card_id=card_id, **told.get(card_id, {})))
    if back:
        cards.index(tx, sorted(back))
    counts[SAME] += len(mine) - len(back)
    counts[GONE] += len(merged)
    return back, counts
