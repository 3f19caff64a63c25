"""How cards of each kind lie in the bin: each feature tells of its own by `register_bin`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, exists, select, true

from crm_app.cards.kinds import KINDS
from crm_app.cards.models import CardMerge
from crm_app.core import installation
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.core.events import Fact

USUAL_DAYS = 30
DAYS = (0, 7, 14, 30, 60, 90, 180, 365)
"""What can be chosen: after how many days cards are removed for good; 0 for never."""
_SETTING = "bin.days"


def _any_of_them() -> ColumnElement[bool]:
    """Each card of the kind may be removed for good."""
    return true()


@dataclass(frozen=True)
class BinKind:
    """Cards of a kind in the bin.

    restore, remove: the actions that take one out of it and put one into it. removed: the fact that tells of the
    latter. right: the last word of the permission that both take. may_go: which cards can be removed for good.
    """

    restore: Callable[[Tx, int], Any]
    remove: Callable[[Tx, int], Any]
    removed: type[Fact]
    right: str = "delete"
    may_go: Callable[[], ColumnElement[bool]] = _any_of_them


BINS: dict[str, BinKind] = {}


def register_bin(card: str, kind: BinKind) -> None:
    """Show deleted cards of a kind in the bin, and empty it of them."""
    BINS[card] = kind


def need_bin(card: str) -> BinKind:
    """How cards of a kind lie in the bin. Raises NotFound for no such kind."""
    if card not in BINS:
        raise NotFound()
    return BINS[card]


def binned(card: str, *columns: Any) -> Select[Any]:
    """Cards of a kind that were deleted. Those that were merged are not: they are parts of the card that was kept."""
    model: Any = KINDS[card].model
    return select(*columns).where(model.deleted_at.is_not(None), ~is_merged(card))


def is_merged(card: str) -> ColumnElement[bool]:
    """The condition that a card of the kind has been merged into another one."""
    model, merge = cast("tuple[Any, Any]", (KINDS[card].model, CardMerge))
    return exists().where(merge.card == card, merge.absorbed_id == model.id, merge.split_at.is_(None))


def days_kept(tx: Tx) -> int:
    """After how many days cards in the bin are removed for good; 0 for never."""
    with tx.reading():
        return int(installation.get(tx, _SETTING, USUAL_DAYS))


def keep_for(tx: Tx, days: int) -> None:
    """Remember it."""
    installation.put(tx, _SETTING, days)
