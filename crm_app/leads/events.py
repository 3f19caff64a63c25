"""What has happened to leads. by_id, by_name: who did it, for those who are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
