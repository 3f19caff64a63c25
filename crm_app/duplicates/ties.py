"""Which rows belong to a card: each feature tells of its own, so that a merge moves them all and forgets none.

`tie(Deal, "client_id", card="client")`: deals of a client. `tie(Comment, "card_id")`: rows of any card, whose kind
stands in their column `card`. A test looks for columns that name a card and are told of nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, inspect
from sqlmodel import SQLModel

from crm_app.core.door import Tx

if TYPE_CHECKING:
    from crm_app.duplicates.moving import Moves

Settle = Callable[["Moves"], None]


@dataclass(frozen=True)
class Tie:
    """A column that names a card. card: the kind, "" where each row tells it, in its column `told_in`.

    moved: called with the keys of all rows of a card after a merge or a split, for what else is written of them.
    """

    model: Any
    column: str
    card: str = ""
    moved: Callable[[Tx, list[int]], None] | None = None
    told_in: str = "card"

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    @property
    def name(self) -> str:
        """By which a snapshot knows it."""
        return f"{self.table}.{self.column}"

    @cached_property
    def key(self) -> Any:
        """What tells the rows of one card from each other: their id, or the other part of a key of two."""
        names = [column.key for column in inspect(self.model).primary_key]
        (name,) = [name for name in names if name not in (self.column, "card")]
        return getattr(self.model, name)

    @cached_property
    def is_in_key(self) -> bool:
        """Whether a card has each of them once: two cards may then have the same one."""
        return self.column in {column.key for column in inspect(self.model).primary_key}

    def of(self, card: str, card_id: int) -> ColumnElement[bool]:
        """The condition that a row belongs to a card."""
        is_of = getattr(self.model, self.column) == card_id
        return is_of if self.card else and_(getattr(self.model, self.told_in) == card, is_of)


_TIES: list[Tie] = []
_SETTLERS: dict[str, list[Settle]] = {}
LEFT: dict[tuple[type[SQLModel], str], str] = {}
"""Columns that name a card and stay as they are, with the reason."""


def tie(
    model: type[SQLModel],
    column: str,
    *,
    card: str = "",
    moved: Callable[[Tx, list[int]], None] | None = None,
    told_in: str = "card",
) -> None:
    """Tell that rows belong to a card."""
    _TIES.append(Tie(model, column, card, moved, told_in))


def leave(model: type[SQLModel], column: str, why: str) -> None:
    """Tell that a column names a card and stays as it is when that is merged."""
    LEFT[model, column] = why


def settles(card: str, settle: Settle) -> None:
    """Have a function called when the rows of two cards of a kind have come together, to change some of them."""
    _SETTLERS.setdefault(card, []).append(settle)


def ties_of(card: str) -> Iterator[Tie]:
    """What belongs to cards of a kind."""
    return (each for each in _TIES if each.card in ("", card))


def settlers_of(card: str) -> list[Settle]:
    return _SETTLERS.get(card, [])


def told_of() -> set[tuple[type[SQLModel], str]]:
    """Every column that is told of."""
    return {(each.model, each.column) for each in _TIES} | LEFT.keys()
