"""Rows that change hands: from a card that goes to the one that stays, and back.

All of them go, also those that the person who merges may not see: another department's deals, colleagues' own tags.
Where both cards have the same thing, a tag or a star, the one of the card that goes stays with it in the bin, where
nobody meets it, and is there again after a split.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, inspect, select, update
from sqlmodel import SQLModel

from crm_app.core.door import Tx
from crm_app.core.policy import past_the_policies
from crm_app.duplicates.history import link_facts, unlink_facts
from crm_app.duplicates.rules import is_empty
from crm_app.duplicates.snapshots import plain, read, stored, write
from crm_app.duplicates.ties import Tie, settlers_of, ties_of

LINKED = "facts"
"""Under which the facts that were linked stand among what has moved."""
_AT_ONCE = 500


class Moves:
    """What is moved and changed in one merge, beside the rows of the two cards themselves.

    moved: by tie, the keys of its rows. changed: of rows by table and key, what one column was and is.
    """

    def __init__(self, tx: Tx, card: str, kept_id: int, absorbed_id: int) -> None:
        self.tx, self.card, self.kept_id, self.absorbed_id = tx, card, kept_id, absorbed_id
        self.moved: dict[str, list[int]] = {}
        self.changed: list[dict[str, Any]] = []

    def change(self, row: Any, name: str, value: Any) -> None:
        """Write a column of some row anew, or one of its custom fields, and remember what it was. value: as JSON."""
        before = read(row, name)
        if before == value:
            return
        write(row, name, value)
        self.changed.append(
            {"table": row.__tablename__, "key": _key_of(row), "name": name, "before": before, "after": value}
        )
        self.tx.session.flush()


def move_rows(tx: Tx, card: str, kept_id: int, absorbed_id: int) -> Moves:
    """Give all that belongs to one card to the other. The caller has checked that the actor may merge them."""
    moves = Moves(tx, card, kept_id, absorbed_id)
    with tx.with_bin(), past_the_policies(tx.session):
        for tie in ties_of(card):
            _follow(moves, tie)
        moves.moved[LINKED] = link_facts(tx, card, kept_id, absorbed_id)
        for settle in settlers_of(card):
            settle(moves)
        for tie in ties_of(card):
            _tell(tx, tie, card, kept_id)
    return moves


def move_back(tx: Tx, card: str, kept_id: int, absorbed_id: int, snapshot: dict[str, Any]) -> None:
    """Give each row back that a merge has moved and that is still there; what was added since stays where it is."""
    with tx.with_bin(), past_the_policies(tx.session):
        for change in reversed(snapshot["changed"]):
            _change_back(tx, change)
        unlink_facts(tx, card, kept_id, snapshot["moved"].get(LINKED, []))
        for tie in ties_of(card):
            for some in _in_parts(snapshot["moved"].get(tie.name, [])):
                _give(tx, tie, card, kept_id, absorbed_id, tie.key.in_(some))
            _tell(tx, tie, card, kept_id, absorbed_id)


def _follow(moves: Moves, tie: Tie) -> None:
    tx, card = moves.tx, moves.card
    theirs = tx.all(select(tie.key).where(tie.of(card, moves.absorbed_id)).order_by(tie.key))
    if not theirs:
        return
    both: set[int] = set()
    if tie.is_in_key:
        both = set(theirs) & set(tx.all(select(tie.key).where(tie.of(card, moves.kept_id))))
    _give(tx, tie, card, moves.absorbed_id, moves.kept_id, *([tie.key.not_in(both)] if both else []))
    moves.moved[tie.name] = [key for key in theirs if key not in both]
    for key in sorted(both):
        _fill(moves, tie, key)


def _fill(moves: Moves, tie: Tie, key: int) -> None:
    """Both cards have it: what only the one that goes says of it is said of the other one's too."""
    mine, theirs = (
        moves.tx.one(select(tie.model).where(tie.of(moves.card, card_id), tie.key == key))
        for card_id in (moves.kept_id, moves.absorbed_id)
    )
    for name in type(mine).model_fields:
        if (is_empty(getattr(mine, name)) or getattr(mine, name) is False) and not is_empty(getattr(theirs, name)):
            moves.change(mine, name, plain(getattr(theirs, name)))


def _give(tx: Tx, tie: Tie, card: str, from_id: int, to_id: int, *which: ColumnElement[bool]) -> None:
    statement = update(tie.model).where(tie.of(card, from_id), *which).values({tie.column: to_id})
    tx.run(statement.execution_options(synchronize_session=False))


def _tell(tx: Tx, tie: Tie, card: str, *card_ids: int) -> None:
    """The cards may be called otherwise now: rows that have not moved are told of, too."""
    if tie.moved is not None:
        for card_id in card_ids:
            tie.moved(tx, tx.all(select(tie.key).where(tie.of(card, card_id))))


def _change_back(tx: Tx, change: dict[str, Any]) -> None:
    """Write what was there before the merge, unless somebody has written another thing since, or the row is gone."""
    model = _models()[change["table"]]
    named = [getattr(model, name) == stored(model, name, value) for name, value in change["key"].items()]
    row = tx.one(select(model).where(*named))
    if row is not None and read(row, change["name"]) == change["after"]:
        write(row, change["name"], change["before"])
        tx.session.flush()


def _key_of(row: SQLModel) -> dict[str, Any]:
    return {column.key: plain(getattr(row, column.key)) for column in inspect(type(row)).primary_key}


@cache
def _models() -> dict[str, type[SQLModel]]:
    classes = (mapper.class_ for mapper in SQLModel._sa_registry.mappers)
    return {model.__tablename__: model for model in classes}


def _in_parts(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
