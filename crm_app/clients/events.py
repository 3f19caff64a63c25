"""What has happened to clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from crm_app.cards.events import AddedFact, ChangedFact, RemovedFact, RestoredFact
from crm_app.core.events import Fact


class ClientAdded(AddedFact):
    card = "client"


class ClientChanged(ChangedFact):
    """changes: phones and emails as lists, dates as ISO, revenue in minor units."""

    card = "client"


class ClientRemoved(RemovedFact):
    card = "client"


class ClientRestored(RestoredFact):
    card = "client"


@dataclass(frozen=True, kw_only=True)
class ClientsImported(Fact):
    """An import has ended. counts: outcome → rows; kind: of its cards."""

    card: ClassVar[str] = "client_import"
    name: str
    counts: dict[str, int]
    kind: str = "client"

    def topics(self) -> Iterable[str]:
        return (f"import:{self.card_id}", f"{self.kind}s")


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Fact):
    """An import was taken back. taken: clients that went or are as they were; left: those that stay, changed after it;
    stuck: those that could not be taken back."""

    card: ClassVar[str] = "client_import"
    name: str
    taken: int
    left: int
    stuck: int = 0
    kind: str = "client"

    def topics(self) -> Iterable[str]:
        return (f"import:{self.card_id}", f"{self.kind}s")
