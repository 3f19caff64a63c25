"""The kinds of card that can be merged: each feature tells of its own, in its `merging.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_app.core.door import Tx
from crm_app.core.errors import NotFound


@dataclass(frozen=True)
class Mergeable:
    """A kind of card of which two can be made one.

    fields: columns that people fill, in the order of the card; joined: those of which both values may be kept; along:
    a column that goes where another one goes. derive: sets what follows from the fields; check: raises CrmError where
    the merged card would be wrong; index: writes its text for searching.
    """

    card: str
    fields: tuple[str, ...]
    derive: Callable[[Any], None]
    check: Callable[[Tx, Any, Any], None]
    index: Callable[[Tx, Any], None]
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
