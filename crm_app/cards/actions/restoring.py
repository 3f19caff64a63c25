"""Cards taken out of the bin, one or many, and put there again; how long they are kept there."""

from __future__ import annotations

from dataclasses import dataclass

from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.bins import DAYS, BinKind, days_kept, keep_for, need_bin
from crm_app.cards.bulk_cards import BULK
from crm_app.cards.bulk_rules import CHANGED
from crm_app.cards.events import BinTimeChanged
from crm_app.cards.queries.binned import MOST, those_reached
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, Forbidden, TooBig


@dataclass(frozen=True)
class Restored:
    """What came out of the bin. bulk_id: of the change that takes it back, 0 where `delete_again` does.

    ids: of the cards, where that is so. is_at_work: not yet all are out.
    """

    count: int
    bulk_id: int = 0
    ids: tuple[int, ...] = ()
    is_at_work: bool = False


@action(LOGGED_IN)
def restore_cards(tx: Tx, card: str, ids: list[int] | None = None, parts: list[str] | None = None) -> Restored:
    """Take cards out of the bin: those of the ids, or those that `choose_cards` found there (parts).

    Those that are not the actor's to restore stay. Raises Forbidden, NotFound for a kind without a bin, TooBig for too
    many of a kind whose cards are changed one by one.
    """
    kind = _need_right(tx, card)
    if card in BULK:
        begun = start_bulk(tx, card, "restore", ids=ids, parts=parts)
        return Restored(begun.counts.get(CHANGED, 0), begun.id or 0, (), begun.finished_at is None)
    if parts is not None:
        raise BadInput("core.error.bad_arguments", fields="parts")
    mine = those_reached(tx, card, _few(ids or []), in_bin=True)
    for card_id in mine:
        tx.do(kind.restore, card_id)
    return Restored(len(mine), 0, tuple(mine))


@action(LOGGED_IN)
def delete_again(tx: Tx, card: str, ids: list[int]) -> int:
    """Put cards back into the bin that have just come out of it; gives how many are there now."""
    kind = _need_right(tx, card)
    mine = those_reached(tx, card, _few(ids), in_bin=False)
    for card_id in mine:
        tx.do(kind.remove, card_id)
    return len(mine)


@action("settings.change")
def set_days_kept(tx: Tx, days: int) -> None:
    """After how many days cards in the bin are removed for good, 0 for never. Raises BadInput for another number."""
    if days not in DAYS:
        raise BadInput("cards.bin.error.days", field="days")
    before = days_kept(tx)
    if days != before:
        keep_for(tx, days)
        tx.record(BinTimeChanged(card_id=0, changes={"days": [before, days]}))


def _need_right(tx: Tx, card: str) -> BinKind:
    """How cards of a kind lie in the bin. Raises NotFound, Forbidden for who may restore none."""
    kind = need_bin(card)
    if not (tx.actor.is_employee and tx.actor.may(f"{card}.{kind.right}")):
        raise Forbidden()
    return kind


def _few(ids: list[int]) -> list[int]:
    if len(ids) > MOST:
        raise TooBig("cards.error.too_many", most=MOST)
    return sorted({*ids})
