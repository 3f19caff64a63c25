"""What a scenario does: each module with a `PLUGIN` is a kind of step, and nothing else is edited to add one.

A step is an ordinary action, done within the transaction that notes it, for the scenario's owner and by their rights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from crm_app.core.door import Tx
from crm_app.core.plugins import discover
from crm_app.deals.models import Deal
from crm_app.scenarios.asks import Ask


@dataclass(frozen=True)
class Doing:
    """One step that is done now. asked: what the scenario tells of it; scenario: the name."""

    tx: Tx
    card: str
    card_id: int
    asked: Mapping[str, Any]
    step: Mapping[str, Any]
    scenario: str


@dataclass(frozen=True)
class Outcome:
    """What came of a step. key, params: in words, see the dictionaries; first: steps to do before what is left; ends:
    nothing that is left is done; wakes_at: when the run goes on, with its conditions asked again.
    """

    key: str = "scenarios.came.done"
    params: dict[str, Any] = field(default_factory=dict)
    first: list[dict[str, Any]] = field(default_factory=list)
    ends: bool = False
    wakes_at: datetime | None = None


@dataclass(frozen=True)
class StepKind:
    """branches: whether it has steps of its own, for when its conditions fit and for when they don't."""

    key: str
    asks: tuple[Ask, ...]
    do: Callable[[Doing], Outcome]
    branches: bool = False


@cache
def step_kinds() -> dict[str, StepKind]:
    """All there are, by their keys."""
    return discover(__name__)


def whom(doing: Doing, name: str = "employee") -> int:
    """The employee whom a step names: by id, or whoever is responsible for the card."""
    told = doing.asked[name]
    return doing.tx.need(Deal, doing.card_id).responsible_id if told == "responsible" else int(told)
