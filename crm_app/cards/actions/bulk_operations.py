"""What can be done to many cards at once, a batch at a time, and how each is taken back.

set      {"field", "value"}        a field of the card, or a custom one ("fields.key")
tag      {"name"}    untag         a tag; a new name is a new tag
group    {"name"}    ungroup       a group; a new name is a new group of one's own
star     {}          unstar        one's own star
remove   {}          restore       to the bin, and out of it

A feature may add what is done to its own cards alone: `move` to a stage is in pipelines/actions/bulk_moves.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy import select

from crm_app.cards.bulk_cards import BulkCards
from crm_app.cards.bulk_rules import BATCH, CHANGED, GONE, NOT_YOURS, SAME
from crm_app.cards.rights import within_reach
from crm_app.core.door import Tx
from crm_app.core.errors import Forbidden, Reason
from crm_app.core.policy import changeable

Arguments = dict[str, Any]
Before = list[Any]
"""[[value, [ids]], …]: what cards were like, those alike together."""


@dataclass
class Done:
    """What became of a batch. before: of the cards that were changed; counts: outcome → cards.

    refused: cards that a rule kept as they were, with its reasons.
    """

    before: Before = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    refused: dict[int, list[Reason]] = field(default_factory=dict)


@dataclass
class Back:
    """What became of a batch that was taken back. left: id → why a card was left alone; refused: what a rule says."""

    taken: int = 0
    left: dict[int, str] = field(default_factory=dict)
    refused: dict[int, list[Reason]] = field(default_factory=dict)


class Operation(ABC):
    """One thing that is done to many cards. right: the last word of the permission that it needs for a kind.

    batch: cards of one transaction, where each costs more than an UPDATE.
    """

    right: str
    batch: ClassVar[int] = BATCH

    def check(self, tx: Tx, cards: BulkCards) -> None:
        """Raises Forbidden for who holds no such permission for any card."""
        if not tx.actor.may(f"{cards.card}.{self.right}"):
            raise Forbidden()

    @abstractmethod
    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        """The arguments as they are kept. Raises BadInput, Forbidden for what no card may be given."""

    @abstractmethod
    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        """Change the cards that the actor may change."""

    @abstractmethod
    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        """Make cards what they were before, those apart that have become otherwise since."""


OPERATIONS: dict[str, Operation] = {}


def sort_out(tx: Tx, cards: BulkCards, right: str, ids: list[int]) -> tuple[list[int], Counter[str]]:
    """Those of the cards that are there and the permission reaches, by id; the others are counted."""
    model = cards.model
    seen = select(model.id).where(model.id.in_(ids))
    rows = tx.all(seen)
    reached = seen.where(within_reach(tx.actor, f"{cards.card}.{right}"))
    if right != "see":
        reached = reached.where(
            changeable(model, tx.actor)
        )  # what the policy lets through, whatever the permission says
    mine = set(tx.all(reached))
    counts = Counter({GONE: len(set(ids)) - len(rows), NOT_YOURS: len(rows) - len(mine)})
    return sorted(mine), counts


def refused(tx: Tx, cards: BulkCards, right: str, ids: Iterable[int]) -> dict[int, str]:
    """Those of the cards that can't be taken back, and why."""
    ids = list(ids)
    mine, _ = sort_out(tx, cards, right, ids)
    seen = set(tx.all(select(cards.model.id).where(cards.model.id.in_(ids))))
    return {card_id: NOT_YOURS if card_id in seen else GONE for card_id in set(ids) - set(mine)}


def gathered(before: Mapping[int, Any]) -> Before:
    """Cards by what they were like, those alike together."""
    found: list[tuple[Any, list[int]]] = []
    places: dict[str, int] = {}
    for card_id, value in sorted(before.items()):
        place = places.setdefault(repr(value), len(found))
        if place == len(found):
            found.append((value, []))
        found[place][1].append(card_id)
    return [list(each) for each in found]


def ids_in(before: Before) -> list[int]:
    """All cards of a batch."""
    return [card_id for _, ids in before for card_id in ids]


def outcome(before: Mapping[int, Any], same: int, counts: Counter[str]) -> Done:
    """What became of a batch, zeros left out."""
    told = Counter({**counts, CHANGED: len(before), SAME: same})
    return Done(gathered(before), Counter({name: n for name, n in told.items() if n}))
