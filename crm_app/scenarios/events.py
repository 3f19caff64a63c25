"""What has happened to scenarios, and on the cards that they act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm_app.cards.events import CardFact
from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class ScenarioFact(Fact):
    """A fact about a scenario itself."""

    card = "scenario"

    name: str


@dataclass(frozen=True, kw_only=True)
class ScenarioAdded(ScenarioFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ScenarioChanged(ScenarioFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ScenarioRemoved(ScenarioFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ScenarioRunFact(CardFact):
    """A fact on the card for which a scenario runs. scenario: its name."""

    scenario_id: int
    scenario: str

    def topics(self) -> Iterable[str]:
        return (f"{self.kind}:{self.card_id}", f"scenario:{self.scenario_id}")


@dataclass(frozen=True, kw_only=True)
class ScenarioBegan(ScenarioRunFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ScenarioFailed(ScenarioRunFact):
    """why: a sentence in the company's language."""

    why: str


@dataclass(frozen=True, kw_only=True)
class ScenarioStopped(ScenarioRunFact):
    """why: a sentence in the company's language."""

    why: str
