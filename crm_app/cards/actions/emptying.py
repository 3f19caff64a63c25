"""The bin is emptied: cards whose time in it is over are removed for good, with everything that hangs on them.

Some at a time, each time in one transaction: a worker that dies leaves no card half removed. The bytes of files are
deleted by a job that the same transaction asks for, so that they go exactly where it was committed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from crm_app.cards.bins import BINS, days_kept, is_merged
from crm_app.cards.custom_fields import WITHIN
from crm_app.cards.events import BinEmptied
from crm_app.cards.hanging import hanging_on
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import CardMerge, CardPicture, CustomField, StoredFile
from crm_app.core import jobs, search
from crm_app.core.door import Tx, action
from crm_app.core.jobs import Run

EMPTY, FORGET_FILES = "cards.empty_bin", "cards.forget_files"
AT_ONCE = 100
_BYTES: tuple[tuple[Any, Any], ...] = (
    (StoredFile, StoredFile.place), (CardPicture, CardPicture.place), (CardPicture, CardPicture.small_place),
)  # fmt: skip
"""Where tables of cards name bytes on disk."""


@action("bin.empty")
def empty_some(tx: Tx, run: Run, card: str) -> bool:
    """Remove some cards of a kind whose time in the bin is over; whether there may be more."""
    run.hold(tx, {})
    days = days_kept(tx)
    if not days:
        return False
    with tx.with_bin():
        due = _due(tx, card, days)
        heads = _families(tx, card, due)
        if heads:
            _remove(tx, card, sorted(heads))
    if heads:
        gone = {card_id for card_id, head in heads.items() if card_id == head}
        tx.record(BinEmptied(card_id=0, of=card, ids=sorted(gone), with_them=sorted(heads.keys() - gone)))
    return len(due) == AT_ONCE


def _due(tx: Tx, card: str, days: int) -> list[int]:
    """Cards whose time is over, those that were deleted first before others."""
    model: Any = KINDS[card].model
    over = (model.deleted_at.is_not(None), model.deleted_at < tx.now - timedelta(days=days))
    wanted = select(model.id).where(*over, ~is_merged(card), BINS[card].may_go())
    return tx.all(wanted.order_by(model.deleted_at, model.id).limit(AT_ONCE).with_for_update(skip_locked=True))


def _families(tx: Tx, card: str, ids: list[int]) -> dict[int, int]:
    """The cards and those that were merged into them, each with the one that answers for it.

    The family of a kind's last card waits until there is a later one: SQLite would give its number again, and links to
    it would lead to a stranger.
    """
    heads = {card_id: card_id for card_id in ids}
    asked = list(ids)
    while asked:
        into = (CardMerge.card == card, CardMerge.kept_id.in_(asked), CardMerge.split_at.is_(None))
        found = tx.all(select(CardMerge.absorbed_id, CardMerge.kept_id).where(*into)) if asked else []
        asked = [row.absorbed_id for row in found if row.absorbed_id not in heads]
        heads |= {row.absorbed_id: heads[row.kept_id] for row in found if row.absorbed_id in asked}
    last = tx.scalar(select(func.max(KINDS[card].model.id)))
    waiting = heads.get(last)
    return {card_id: head for card_id, head in heads.items() if head != waiting}


def _remove(tx: Tx, card: str, ids: list[int]) -> None:
    places = [
        place
        for model, column in _BYTES
        for place in tx.all(select(column).where(model.card == card, model.card_id.in_(ids)))
    ]
    if places:
        jobs.enqueue(tx, FORGET_FILES, places=places)
    _clear_references(tx, card, ids)
    for each in hanging_on(card):
        each.cut_off(tx, card, ids)
    search.drop(tx.session, card, ids)
    model: Any = KINDS[card].model
    tx.run(delete(model).where(model.id.in_(ids)))


def _clear_references(tx: Tx, card: str, ids: list[int]) -> None:
    """Custom fields of any card that name one of those, name none."""
    for field in tx.all(select(CustomField).where(CustomField.kind == card)):
        if field.default in ids:
            field.default = None
        model: Any = KINDS[field.card].model
        for row in tx.all(select(model).where(WITHIN[field.kind](model.fields, field.key).in_(ids))):
            row.fields = {key: value for key, value in row.fields.items() if key != field.key}
