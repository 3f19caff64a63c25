"""What a lead is to become: each part is a card that is there already, by its id, or a new one."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One card. id: of one that is there already, None for a new one; name: of a new one, "" for what the lead says."""

    model_config = ConfigDict(extra="forbid")

    id: int | None = None
    name: str = ""


class ContactPart(Part):
    """The person who asks."""


class ClientPart(Part):
    """Whom they ask for. kind: "" for a company where the lead names an organisation, else a person."""

    kind: Literal["", "company", "person"] = ""
    inn: str = ""


class DealPart(Part):
    """What is to be sold. pipeline_id: None for the first one; amount: minor units of the currency."""

    pipeline_id: int | None = None
    stage_id: int | None = None
    amount: int | None = None
    currency: str = ""
