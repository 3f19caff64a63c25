"""The kinds of card that can be merged: each feature tells of its own, in its `merging.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_app.core.door import Tx
from crm_app.core.errors import NotFound

SURE = ("inn", "phone", "email", "name")
"""What two cards may have in common, the surest first."""


@dataclass(frozen=True)
class FoundPair:
    """Two cards that may be one. one_id: the smaller id; by: what they have in common."""

    one_id: int
    other_id: int
    by: str

    @property
    def sureness(self) -> int:
        """0 for the surest."""
        return SURE.index(self.by)


@dataclass(frozen=True)
class Mergeable:
    """A kind of card of which two can be made one.

    fields: columns that people fill, in the order of the card; joined: those of which both values may be kept; along:
    a column that goes where another one goes. derive: sets what follows from the fields; check: raises CrmError where
    the merged card would be wrong; index: writes its text for searching. find: pairs of which
    some cards, by their ids, are one.
    """

    card: str
    fields: tuple[str, ...]
    derive: Callable[[Any], None]
    check: Callable[[Tx, Any, Any], None]
    index: Callable[[Tx, Any], None]
    find: Callable[[Tx, list[int]], list[FoundPair]]
    joined: frozenset[str] = frozenset()
    along: Mapping[str, str] = field(default_factory=dict)


MERGEABLE: dict[str, Mergeable] = {}


def register_mergeable(kind: Mergeable) -> None:
    """Let two cards of a kind be made one."""
    MERGEABLE[kind.card] = kind


def need_mergeable(card: str) -> Mergeable:
    """Raises NotFound for a kind of which no two cards can be merged."""
    if card not in MERGEABLE:
        raise NotFound()
    return MERGEABLE[card]
