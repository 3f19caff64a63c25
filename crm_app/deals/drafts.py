"""What is sent to the actions: only what is told is changed."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, Field

from crm_app.core.drafts import Draft


class PlanDraft(Draft):
    """The action to be planned next."""

    kind: str = "call"
    what: str
    at: AwareDatetime


class DealDraft(Draft):
    """Values of a deal's fields. fields: the custom ones by their keys, see cards/field_values.py."""

    name: str = ""
    client_id: int | None = None
    responsible_id: int = 0
    amount: int | None = None
    currency: str = ""
    amount_by_items: bool = False
    payment_method: str = ""
    delivery: str = ""
    lost_reason: str = ""
    fields: dict[str, Any] = Field(default_factory=dict)


class EntryDraft(Draft):
    """What is filled in on the way into a stage: a part of a deal's fields, and what is planned next.

    fields: the custom ones by their keys.
    """

    client_id: int | None = None
    amount: int | None = None
    payment_method: str = ""
    delivery: str = ""
    next_action: PlanDraft | None = None
    fields: dict[str, Any] = Field(default_factory=dict)


class ItemDraft(Draft):
    """Values of an item's fields; see the model."""

    name: str = ""
    quantity_thousandths: int = 1000
    price: int = 0
    discount_basis_points: int = 0
    vat_percent: int | None = None
