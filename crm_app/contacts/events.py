"""What has happened to contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class ContactAdded(Fact):
    card: ClassVar[str] = "contact"
    name: str


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Fact):
    """changes: phones, emails and links as lists, dates as ISO."""

    card: ClassVar[str] = "contact"


@dataclass(frozen=True, kw_only=True)
class ContactRemoved(Fact):
    card: ClassVar[str] = "contact"


@dataclass(frozen=True, kw_only=True)
class ContactRestored(Fact):
    card: ClassVar[str] = "contact"


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
