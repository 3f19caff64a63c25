"""What hangs on cards, and what becomes of it when a card is removed for good: each feature tells of its own.

`goes_with(Comment, "card_id")`: rows of any card, whose kind stands in their column `card`, go with it.
`lets_go(Deal, "client_id", "client")`: deals of a client stay, and name none. A test looks for columns that name a card
and are told of nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, update
from sqlmodel import SQLModel

from crm_app.cards.models import (
    BulkLeft,
    CardEmail,
    CardLink,
    CardMerge,
    CardPhone,
    CardPicture,
    Comment,
    Favourite,
    Follower,
    GroupMember,
    Notification,
    Share,
    StoredFile,
    Tagging,
)
from crm_app.core.door import Tx
from crm_app.core.events import FactLink, FactRow

Part = Callable[[Tx, list[int]], None]


@dataclass(frozen=True)
class Hanging:
    """A column that names a card. card: the kind, "" where each row tells it, in its column `told_in`.

    stays: the rows name no card any more, instead of going with it. by: what sees to that, where it takes more.
    """

    model: Any
    column: str
    card: str = ""
    stays: bool = False
    by: Part | None = None
    told_in: str = "card"

    def of(self, card: str, ids: list[int]) -> ColumnElement[bool]:
        """The condition that a row hangs on one of some cards of a kind."""
        named = getattr(self.model, self.column).in_(ids)
        return named if self.card else and_(getattr(self.model, self.told_in) == card, named)

    def cut_off(self, tx: Tx, card: str, ids: list[int]) -> None:
        """Remove its rows of some cards, or have them name none."""
        if self.by is not None:
            self.by(tx, ids)
        elif self.stays:
            tx.run(update(self.model).where(self.of(card, ids)).values({self.column: None}))
        else:
            tx.run(delete(self.model).where(self.of(card, ids)))


_HANGING: list[Hanging] = []
_OUTLIVES: dict[tuple[type[SQLModel], str], str] = {}
"""Columns that go on naming a card which is not there any more, with the reason. Its number is never given again."""


def goes_with(model: type[SQLModel], column: str, card: str = "", told_in: str = "card") -> None:
    """Tell that rows are removed with the card that they hang on."""
    _HANGING.append(Hanging(model, column, card, told_in=told_in))


def lets_go(model: type[SQLModel], column: str, card: str, by: Part | None = None) -> None:
    """Tell that rows stay when the card that they name is removed, and name none. by: what parts them from cards."""
    _HANGING.append(Hanging(model, column, card, stays=True, by=by))


def outlives(model: type[SQLModel], column: str, why: str) -> None:
    """Tell that a column names a card and stays as it is when that is removed."""
    _OUTLIVES[model, column] = why


def hanging_on(card: str) -> list[Hanging]:
    """What hangs on cards of a kind."""
    return [each for each in _HANGING if each.card in ("", card)]


def told_of() -> set[tuple[type[SQLModel], str]]:
    """Every column that is told of."""
    return {(each.model, each.column) for each in _HANGING} | _OUTLIVES.keys()


for _model in (
    CardEmail,
    CardPhone,
    CardPicture,
    Comment,
    FactLink,
    Favourite,
    Follower,
    GroupMember,
    Notification,
    Share,
    StoredFile,
    Tagging,
):
    goes_with(_model, "card_id")
goes_with(CardMerge, "kept_id")
goes_with(CardMerge, "absorbed_id")
goes_with(CardLink, "one_id", told_in="one")
goes_with(CardLink, "other_id", told_in="other")
outlives(FactRow, "card_id", "facts are kept as they are, and the database holds them: docs/decisions/0074")
outlives(BulkLeft, "card_id", "what a change has left alone is told for a day")
