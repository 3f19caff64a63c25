"""What is sent to the actions."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ScenarioDraft(BaseModel):
    """A scenario as it is put together, whole."""

    model_config = ConfigDict(extra="forbid")

    name: str
    is_on: bool = False
    trigger: str
    asked: dict[str, Any] = Field(default_factory=dict)
    conditions: dict[str, Any] = Field(default_factory=dict)
    steps: list[dict[str, Any]] = Field(default_factory=list)
