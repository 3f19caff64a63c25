"""What happens to duplicates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm_app.cards.events import CardFact


@dataclass(frozen=True, kw_only=True)
class MergeFact(CardFact):
    """A fact about two cards, on the timelines of both. name: what the other one is, or was, called."""

    other_id: int
    name: str

    def links(self) -> Iterable[tuple[str, int]]:
        return ((self.kind, self.other_id),)

    def topics(self) -> Iterable[str]:
        return (f"{self.kind}:{self.card_id}", f"{self.kind}:{self.other_id}", f"{self.kind}s", f"pairs:{self.kind}")


@dataclass(frozen=True, kw_only=True)
class CardsMerged(MergeFact):
    """Another card has gone into this one. changes: of this one's fields."""


@dataclass(frozen=True, kw_only=True)
class ValuesLeft(MergeFact):
    """What the other card had and this one did not take over. changes: field → [the other's, this one's]."""


@dataclass(frozen=True, kw_only=True)
class CardSplit(MergeFact):
    """Another card was taken out of this one again. changes: of this one's fields."""
