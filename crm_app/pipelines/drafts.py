"""What is sent to change a pipeline or a stage, and a pipeline as a whole: its plan."""

from __future__ import annotations

from pydantic import Field

from crm_app.core.drafts import Draft


class PipelineDraft(Draft):
    """Values of a pipeline's fields; see the model. None leaves a value as it is."""

    name: str | None = None
    order_rule: str | None = None
    touch_minutes: int | None = None


class StageDraft(Draft):
    """Values of a stage's fields; see the model. None leaves a value as it is."""

    name: str | None = None
    colour: str | None = None
    probability: int | None = None
    required_fields: list[str] | None = None
    rot_days: int | None = None


class StagePlan(Draft):
    """A stage as it is to be. key: its id; below zero for one that is new."""

    key: int
    name: str
    kind: str = "open"
    colour: str = "blue"
    probability: int = 0
    rot_days: int = 0
    required_fields: list[str] = Field(default_factory=list)


class TransitionPlan(Draft):
    """A way from an open stage to another stage, told by their keys: what it asks for, whether it takes a right."""

    from_key: int
    to_key: int
    required_fields: list[str] = Field(default_factory=list)
    is_guarded: bool = False


class PipelinePlan(Draft):
    """A pipeline as it is to be. stages: in their order; those that are not named are to go."""

    name: str
    order_rule: str = "free"
    touch_minutes: int = 0
    stages: list[StagePlan]
    transitions: list[TransitionPlan] = Field(default_factory=list)
