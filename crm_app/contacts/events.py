"""What has happened to contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from crm_app.cards.events import AddedFact, ChangedFact, RemovedFact, RestoredFact
from crm_app.core.events import Fact


class ContactAdded(AddedFact):
    card = "contact"


class ContactChanged(ChangedFact):
    """changes: phones, emails and links as lists, dates as ISO."""

    card = "contact"


class ContactRemoved(RemovedFact):
    card = "contact"


class ContactRestored(RestoredFact):
    card = "contact"


@dataclass(frozen=True, kw_only=True)
class PlaceFact(Fact):
    """A fact about a contact's work at a client, on the timelines of both. named: the two, kind → id."""

    card: ClassVar[str] = "contact"
    named: dict[str, int]

    def links(self) -> Iterable[tuple[str, int]]:
        return (("client", self.named["client"]),)

    def topics(self) -> Iterable[str]:
        return (f"contact:{self.card_id}", "contacts", f"client:{self.named['client']}")


@dataclass(frozen=True, kw_only=True)
class ContactLinked(PlaceFact):
    position: str


@dataclass(frozen=True, kw_only=True)
class ContactUnlinked(PlaceFact):
    position: str


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(PlaceFact):
    """changes: of the position, the main contact, the days."""
