"""What has happened to deals. by_id, by_name: who did it, for those who are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class DealFact(Fact):
    """A fact about a deal: on the timeline of its client too, and on the boards of its pipeline."""

    card = "deal"

    title: str
    pipeline_id: int
    client_id: int | None = None
    by_id: int = 0
    by_name: str = ""

    def links(self) -> Iterable[tuple[str, int]]:
        return () if self.client_id is None else (("client", self.client_id),)

    def topics(self) -> Iterable[str]:
        of_client = () if self.client_id is None else (f"client:{self.client_id}",)
        return (f"deal:{self.card_id}", "deals", f"board:{self.pipeline_id}", *of_client)


@dataclass(frozen=True, kw_only=True)
class DealAdded(DealFact):
    stage: str
    responsible_id: int


@dataclass(frozen=True, kw_only=True)
class DealMoved(DealFact):
    """from_stage, to_stage: their names; reason: why it was lost or put on hold."""

    from_stage_id: int
    to_stage_id: int
    from_stage: str
    to_stage: str
    to_kind: str
    responsible_id: int
    reason: str = ""

    def topics(self) -> Iterable[str]:
        """Of the board only the two columns."""
        others = (topic for topic in super().topics() if not topic.startswith("board:"))
        return (*others, f"stage:{self.from_stage_id}", f"stage:{self.to_stage_id}")


@dataclass(frozen=True, kw_only=True)
class DealOrderOverridden(DealFact):
    """The move that came with it went past the order of the pipeline. from_stage, to_stage: names; reason: why."""

    from_stage: str
    to_stage: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DealApprovalFact(DealFact):
    """A fact about a move that waits for approval. stage: name of where it goes; stage_id: where the deal stands."""

    stage: str
    stage_id: int

    def topics(self) -> Iterable[str]:
        """Of the board only the column in which the deal stands."""
        others = (topic for topic in super().topics() if not topic.startswith("board:"))
        return (*others, f"stage:{self.stage_id}", "approvals")


@dataclass(frozen=True, kw_only=True)
class DealApprovalAsked(DealApprovalFact):
    """whom: names of who may decide now, joined."""

    whom: str


@dataclass(frozen=True, kw_only=True)
class DealApprovalLate(DealApprovalFact):
    """The time of an approver is over. whom: who may decide now besides, joined; "" for nobody."""

    whom: str


@dataclass(frozen=True, kw_only=True)
class DealApprovalGiven(DealApprovalFact):
    word: str


@dataclass(frozen=True, kw_only=True)
class DealApprovalRefused(DealApprovalFact):
    word: str


@dataclass(frozen=True, kw_only=True)
class DealApprovalVoided(DealApprovalFact):
    """What was to be approved has changed: what was said before does not count any more."""


@dataclass(frozen=True, kw_only=True)
class DealApprovalWithdrawn(DealApprovalFact):
    pass


@dataclass(frozen=True, kw_only=True)
class DealApprovalEnded(DealApprovalFact):
    """It ended without a move. why: a sentence in the company's language."""

    why: str


@dataclass(frozen=True, kw_only=True)
class DealCarriedOver(DealFact):
    """A deal is in another stage since the one that it stood on is no more. from_stage, to_stage: names."""

    from_stage: str
    to_stage: str


@dataclass(frozen=True, kw_only=True)
class DealChanged(DealFact):
    """changes: field → [old, new]. responsible_id: whose it is now, where that has changed."""

    responsible_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DealItemAdded(DealFact):
    item: str


@dataclass(frozen=True, kw_only=True)
class DealItemChanged(DealFact):
    item: str


@dataclass(frozen=True, kw_only=True)
class DealItemRemoved(DealFact):
    item: str


@dataclass(frozen=True, kw_only=True)
class DealItemsReordered(DealFact):
    """The items of a deal stand in another order."""


@dataclass(frozen=True, kw_only=True)
class DealActionPlanned(DealFact):
    """at: ISO 8601, in UTC."""

    kind: str
    what: str
    at: str


@dataclass(frozen=True, kw_only=True)
class DealActionDone(DealFact):
    kind: str
    what: str


@dataclass(frozen=True, kw_only=True)
class DealActionDropped(DealFact):
    kind: str
    what: str


@dataclass(frozen=True, kw_only=True)
class DealDeleted(DealFact):
    pass


@dataclass(frozen=True, kw_only=True)
class DealRestored(DealFact):
    pass
