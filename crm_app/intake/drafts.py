"""What is sent to add or change a form or a rule; what is left out stays as it is, None too."""

from __future__ import annotations

from typing import Any

from crm_app.core.drafts import Draft


class LeadFormDraft(Draft):
    """Values of a form's fields; see the model. pipeline_id: 0 for the first pipeline of leads."""

    name: str | None = None
    heading: str | None = None
    intro: str | None = None
    asks: dict[str, str] | None = None
    consent: str | None = None
    consent_url: str | None = None
    thanks: str | None = None
    thanks_url: str | None = None
    source: str | None = None
    channel: str | None = None
    pipeline_id: int | None = None
    frame_origins: list[str] | None = None
    takes_at_once: bool | None = None
    is_open: bool | None = None


class LeadRuleDraft(Draft):
    """Values of a rule; see the model."""

    name: str | None = None
    is_on: bool | None = None
    conditions: dict[str, Any] | None = None
    days: list[int] | None = None
    from_hour: int | None = None
    to_hour: int | None = None
    worktime: str | None = None
    way: str | None = None
    employee_ids: list[int] | None = None
