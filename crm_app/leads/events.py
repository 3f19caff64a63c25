"""What has happened to leads. by_id, by_name: who did it, for those who are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from crm_app.cards.events import AddedFact, ChangedFact, RemovedFact, RestoredFact
from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class LeadAdded(AddedFact):
    card = "lead"
    responsible_id: int | None = None
    by_id: int = 0
    by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadChanged(ChangedFact):
    """changes: phones and emails as lists."""

    card = "lead"
    by_id: int = 0
    by_name: str = ""


class LeadRemoved(RemovedFact):
    card = "lead"


class LeadRestored(RestoredFact):
    card = "lead"


@dataclass(frozen=True, kw_only=True)
class LeadTouched(Fact):
    """Somebody got in touch for the first time. in_time: before the limit, or without one."""

    card = "lead"
    in_time: bool


@dataclass(frozen=True, kw_only=True)
class LeadMoved(Fact):
    """from_stage, to_stage: names of stages; to_kind: "open", "won" (qualified) or "lost" (for a reason)."""

    card = "lead"
    title: str
    from_stage_id: int
    to_stage_id: int
    from_stage: str
    to_stage: str
    to_kind: str
    reason: str = ""
    responsible_id: int | None = None
    by_id: int = 0
    by_name: str = ""

    def topics(self) -> Iterable[str]:
        """The two columns of the board too."""
        return (*super().topics(), f"stage:{self.from_stage_id}", f"stage:{self.to_stage_id}")


@dataclass(frozen=True, kw_only=True)
class LeadCarriedOver(Fact):
    """A lead is in another stage since the one that it stood on is no more. from_stage, to_stage: names."""

    card = "lead"
    title: str
    from_stage: str
    to_stage: str


@dataclass(frozen=True, kw_only=True)
class ConversionFact(Fact):
    """A fact on the timelines of a lead and of what it has become. named: the cards, kind → id."""

    card: ClassVar[str] = "lead"
    named: dict[str, int]

    def links(self) -> Iterable[tuple[str, int]]:
        return ((kind, card_id) for kind, card_id in self.named.items() if kind != "lead")

    def topics(self) -> Iterable[str]:
        return (*super().topics(), *(f"{kind}:{card_id}" for kind, card_id in self.links()))


@dataclass(frozen=True, kw_only=True)
class LeadBecameContact(ConversionFact):
    pass


@dataclass(frozen=True, kw_only=True)
class LeadBecameClient(ConversionFact):
    pass


@dataclass(frozen=True, kw_only=True)
class LeadBecameDeal(ConversionFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ConversionUndone(ConversionFact):
    """The lead is a lead again. kept: kinds of cards that stay, since they were changed after it."""

    kept: list[str]
