"""What is sent to change a pipeline or a stage, and a pipeline as a whole: its plan."""

from __future__ import annotations

from typing import Any

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
    rot_from: str | None = None
    wip_limit: int | None = None
    wip_rule: str | None = None


class StagePlan(Draft):
    """A stage as it is to be. key: its id; below zero for one that is new."""

    key: int
    name: str
    kind: str = "open"
    colour: str = "blue"
    probability: int = 0
    rot_days: int = 0
    rot_from: str = "entry"
    wip_limit: int = 0
    wip_rule: str = "warn"
    required_fields: list[str] = Field(default_factory=list)


class TransitionPlan(Draft):
    """A way from an open stage to another stage, told by their keys: what it asks for, whether it takes a right."""

    from_key: int
    to_key: int
    required_fields: list[str] = Field(default_factory=list)
    is_guarded: bool = False


class ApprovalPlan(Draft):
    """A rule by which cards enter a stage only once others have approved it.

    key: tells the rule from others of the pipeline and of its older versions; below zero for a new one. to_key,
    from_key: the stage that is entered, and from which one; 0: from any. conditions: a filter of the cards; {}: all.
    approvers: "employee:7", "role:head" (one of those who hold it) or "head" (of the responsible's department).
    needs: how many of them; 0: all. in_turn: one after the other. limit: working hours or days ("unit") that each has,
    0: any; then the substitute is asked too, an approver as above, "" for none. spares_responsible: the responsible
    employee does not approve. words: what approvers are told besides.
    """

    key: int
    to_key: int
    from_key: int = 0
    conditions: dict[str, Any] = Field(default_factory=dict)
    approvers: list[str] = Field(default_factory=list)
    needs: int = 0
    in_turn: bool = False
    limit: int = 0
    unit: str = "hours"
    substitute: str = ""
    spares_responsible: bool = False
    words: str = ""


class RightPlan(Draft):
    """What a role is kept from on cards that stand in a stage. stage_key: 0 for all of the pipeline.

    role: the key of a role; field: a field that roles can be kept from, "fields.size" of the company's own; level:
    "hidden" or "read". It only takes away: what the role is kept from everywhere stays so.
    """

    role: str
    field: str
    level: str
    stage_key: int = 0


class PipelinePlan(Draft):
    """A pipeline as it is to be. stages: in their order; those that are not named are to go."""

    name: str
    order_rule: str = "free"
    touch_minutes: int = 0
    stages: list[StagePlan]
    transitions: list[TransitionPlan] = Field(default_factory=list)
    approvals: list[ApprovalPlan] = Field(default_factory=list)
    rights: list[RightPlan] = Field(default_factory=list)
