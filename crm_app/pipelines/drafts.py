"""What is sent to change a pipeline or a stage; None leaves a value as it is."""

from __future__ import annotations

from crm_app.core.drafts import Draft


class PipelineDraft(Draft):
    """Values of a pipeline's fields; see the model."""

    name: str | None = None
    order_rule: str | None = None
    touch_minutes: int | None = None


class StageDraft(Draft):
    """Values of a stage's fields; see the model."""

    name: str | None = None
    colour: str | None = None
    probability: int | None = None
    required_fields: list[str] | None = None
    rot_days: int | None = None
