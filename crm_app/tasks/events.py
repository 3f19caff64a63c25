"""What has happened to tasks. cards: the cards it is tied to, as [kind, id]; by_id: the employee who did it, or 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class TaskFact(Fact):
    """A fact about a task, shown on the timelines of the cards that the task is about too."""

    card: ClassVar[str] = "task"
    title: str
    by_id: int = 0
    cards: list[list[str | int]] = field(default_factory=list)

    def links(self) -> Iterable[tuple[str, int]]:
        return [(str(kind), int(card_id)) for kind, card_id in self.cards]

    def topics(self) -> Iterable[str]:
        return (*super().topics(), *(f"{kind}:{card_id}" for kind, card_id in self.cards))


@dataclass(frozen=True, kw_only=True)
class TaskCreated(TaskFact):
    responsible_id: int


@dataclass(frozen=True, kw_only=True)
class TaskChanged(TaskFact):
    """What is new stands in `changes`."""


@dataclass(frozen=True, kw_only=True)
class TaskClosed(TaskFact):
    """status: how it ended, "done" or "cancelled"."""

    status: str


@dataclass(frozen=True, kw_only=True)
class TaskReopened(TaskFact):
    """It is open again."""


@dataclass(frozen=True, kw_only=True)
class TaskTied(TaskFact):
    """to: the card, as [kind, id], that the task is now about too."""

    to: list[str | int]


@dataclass(frozen=True, kw_only=True)
class TaskUntied(TaskFact):
    """from_: the card, as [kind, id], that the task is no longer about."""

    from_: list[str | int]


@dataclass(frozen=True, kw_only=True)
class TaskDeleted(TaskFact):
    """It lies in the bin."""


@dataclass(frozen=True, kw_only=True)
class TaskRestored(TaskFact):
    """It is out of the bin."""
