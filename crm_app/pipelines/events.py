"""What has happened to pipelines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class PipelineFact(Fact):
    """A fact about a pipeline: boards that show it ask again."""

    card = "pipeline"

    def topics(self) -> Iterable[str]:
        return ("pipelines", f"board:{self.card_id}")


@dataclass(frozen=True, kw_only=True)
class PipelineAdded(PipelineFact):
    name: str


@dataclass(frozen=True, kw_only=True)
class PipelineChanged(PipelineFact):
    """stage: the name of the stage that was changed, where it was one. version: the number that it has now."""

    stage: str | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class PipelineRemoved(PipelineFact):
    name: str


@dataclass(frozen=True, kw_only=True)
class StageAdded(PipelineFact):
    stage: str


@dataclass(frozen=True, kw_only=True)
class StageMoved(PipelineFact):
    """A stage has another place in the order."""

    stage: str


@dataclass(frozen=True, kw_only=True)
class StageRemoved(PipelineFact):
    stage: str
