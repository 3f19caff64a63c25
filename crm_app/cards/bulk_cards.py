"""The kinds of card that can be changed many at once: each feature tells of its own by `register_bulk`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from crm_app.cards.filters import Filter
from crm_app.cards.kinds import KINDS
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound, Reason
from crm_app.core.events import Fact


def _nothing(_tx: Tx, _ids: list[int]) -> None:
    """Nothing else follows."""


def _nothing_else(_tx: Tx, _ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Facts tell of a card by its id alone."""
    return {}


def _refuses_none(_tx: Tx, _field: str, _value: Any, _ids: list[int]) -> dict[int, list[Reason]]:
    """No rule stands in the way."""
    return {}


def _as_it_is(_tx: Tx, _field: str, value: Any) -> Any:
    """Facts tell what is stored."""
    return value


@dataclass(frozen=True)
class BulkCards:
    """One kind of card. model: with version, updated_at, deleted_at and responsible_id.

    matching: (tx, statement, filter, text) → the statement of those that match. fields: of the card that many may be
    given alike; clean: (tx, field, value) → its stored value, or BadInput. changed, removed, restored: facts about one.
    index: writes cards of these ids into the search index; searched: fields that it knows. after_removal: what ends
    with a card. tells: what else facts of this kind say of cards, by id; shows: (tx, field, stored value) → the value
    as facts tell it. refuses: (tx, field, value, ids) → those that a rule of the business keeps from having the value.
    """

    card: str
    model: Any
    matching: Callable[[Tx, Select[Any], Filter | None, str], Select[Any]]
    fields: tuple[str, ...]
    clean: Callable[[Tx, str, Any], Any]
    changed: type[Fact]
    removed: type[Fact]
    restored: type[Fact]
    index: Callable[[Tx, list[int]], None]
    searched: frozenset[str] = frozenset()
    after_removal: Callable[[Tx, list[int]], None] = _nothing
    tells: Callable[[Tx, Iterable[int]], dict[int, dict[str, Any]]] = _nothing_else
    shows: Callable[[Tx, str, Any], Any] = _as_it_is
    refuses: Callable[[Tx, str, Any, list[int]], dict[int, list[Reason]]] = _refuses_none

    @property
    def has_fields(self) -> bool:
        """Whether the company may give it fields of its own."""
        return KINDS[self.card].has_fields


BULK: dict[str, BulkCards] = {}


def register_bulk(cards: BulkCards) -> None:
    """Let many cards of a kind be changed at once."""
    BULK[cards.card] = cards


def need_bulk(card: str) -> BulkCards:
    """The kind of card. Raises NotFound for one whose cards are changed one by one only."""
    if card not in BULK:
        raise NotFound()
    return BULK[card]
