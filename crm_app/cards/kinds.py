"""The kinds of card that exist: each feature registers its own, and everything in `cards` then works on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import SQLModel

from crm_app.core import fields, search
from crm_app.core.actor import Actor
from crm_app.core.db import folded
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.core.folding import fold
from crm_app.core.policy import exists_visible


@dataclass(frozen=True)
class Way:
    """A pipeline that cards of a kind go through. stages: id and name of each, in their order."""

    id: int
    name: str
    stages: list[tuple[int, str]]


def _no_ways(_tx: Tx) -> list[Way]:
    return []


@dataclass(frozen=True)
class CardKind:
    """One kind of card. number: its place in the search index, never changed. href: its page, with {id}.

    title: the column with what people call the card. responsible: the row's responsible employee's id, or None.
    people: columns with an employee's id: a card is theirs. parted_by: columns by whose values a role may have other
    rights, the most exact first. sources: doors by which cards come and that can be closed, see sources.py. is_reached:
    whether its cards have telephone numbers and e-mail addresses. has_fields: whether the company may give it fields of
    its own; is_linked: whether its cards are linked with each other and with those of other such kinds. computed_of:
    fields that formulas may use, with their kinds. guarded: fields that a role may be kept from, where these are not
    all that people fill in. ways: the pipelines that its cards go through. placed_by: the column that tells where a
    card stands, where fields may be hidden or read-only in some places alone (core/fields.py).
    """

    key: str
    number: int
    model: type[SQLModel]
    href: str
    title: Any
    responsible: Callable[[Any], int | None] = lambda row: row.responsible_id
    people: tuple[str, ...] = ("responsible_id",)
    parted_by: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    is_reached: bool = False
    has_fields: bool = False
    is_linked: bool = False
    computed_of: Mapping[str, str] = field(default_factory=dict)
    guarded: tuple[str, ...] = ()
    ways: Callable[[Tx], list[Way]] = _no_ways
    placed_by: Any = None

    def title_of(self, row: Any) -> str:
        """What people call a card."""
        return str(getattr(row, self.title.key))


KINDS: dict[str, CardKind] = {}
FieldWriter = Callable[[Tx, int, dict[str, Any], int | None], Any]
FIELD_WRITERS: dict[str, FieldWriter] = {}
"""By kind of card, the action that gives custom fields of one card other values: each feature tells its own. Its last
argument is the version of the card that one has seen, None where that does not matter."""


def register(kind: CardKind) -> None:
    """Make a table's rows cards: commented, tagged, found, shown on timelines."""
    KINDS[kind.key] = kind
    if kind.placed_by is not None:
        fields.PLACES[kind.key] = kind.placed_by
    search.register(kind.key, kind.number)


def need_card(tx: Tx, card: str, card_id: int) -> Any:
    """The row of a card. Raises NotFound for an unknown kind as for an unseen row."""
    kind = KINDS.get(card)
    if kind is None:
        raise NotFound()
    return tx.need(kind.model, card_id)


def openly(tx: Tx, card: str, words: str) -> list[ColumnElement[bool]]:
    """By what a reader from whom fields of a kind are hidden may find its cards: by their titles alone.

    The search index knows every field: with it, they could guess a hidden one until a card is found.
    """
    placed = sorted(place for place, names in tx.actor.hidden_at.get(card, {}).items() if names)
    if not tx.actor.hidden.get(card) and not placed:
        return []
    titles = [folded(KINDS[card].title).contains(word, autoescape=True) for word in fold(words).split()]
    if tx.actor.hidden.get(card):
        return titles
    return [or_(KINDS[card].placed_by.not_in(placed), title) for title in titles]


def unseen_on(tx: Tx, card: str, ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """By card, in the bin too, the fields that are hidden from the actor where it stands; none where all are seen."""
    everywhere, wanted = tx.actor.hidden.get(card, frozenset()), set(ids)
    if card not in tx.actor.hidden_at or not wanted:
        return dict.fromkeys(wanted, everywhere) if everywhere else {}
    model: Any = KINDS[card].model
    with tx.with_bin():
        places = dict(tx.all(select(model.id, KINDS[card].placed_by).where(model.id.in_(wanted))))
    return {card_id: tx.actor.hidden_in(card, places.get(card_id)) for card_id in wanted}


def locked_on(tx: Tx, card: str, field_: str, ids: Iterable[int]) -> set[int]:
    """Of some cards, those on which a field that the actor may change elsewhere may not be changed."""
    places = [place for place, names in tx.actor.locked_at.get(card, {}).items() if field_ in names]
    model: Any = KINDS[card].model
    wanted = list(ids)
    if not places or not wanted:
        return set()
    return set(tx.all(select(model.id).where(model.id.in_(wanted), KINDS[card].placed_by.in_(places))))


def card_at(path: str) -> tuple[str, int]:
    """The kind and id of the card whose page stands at an address, ("", 0) where it is no card's."""
    folder, _, last = path.rstrip("/").rpartition("/")
    for kind in KINDS.values():
        if kind.href == f"{folder}/{{id}}" and last.isascii() and last.isdigit() and len(last) < 10:
            return kind.key, int(last)
    return "", 0


def of_visible_cards(card: Any, card_id: Any, actor: Actor) -> ColumnElement[bool]:
    """The condition that a (card, card_id) pair names a card that the actor sees."""
    ways = [and_(card == kind.key, exists_visible(kind.model, card_id, actor)) for kind in KINDS.values()]
    return or_(*ways) if ways else false()
