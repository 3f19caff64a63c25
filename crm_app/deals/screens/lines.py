"""Deals of a list as the browser gets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from crm_app.deals.queries.cards import DealRow


class DealLine(TypedDict):
    """A line of a list of deals. amount: minor units; tags: "#опт #москва"; times: ISO; client_href: "" for none."""

    id: int
    name: str
    href: str
    number: str
    client: str
    client_href: str
    pipeline: str
    stage: str
    waits_for: str
    colour: str
    amount: int
    has_amount: bool
    currency: str
    responsible: str
    tags: str
    is_starred: bool
    entered_stage_at: str
    updated_at: str


def deal_line(row: DealRow, colours: Mapping[int, str]) -> DealLine:
    """A row of a query as the browser gets it. colours: of stages."""
    return {
        "id": row.id,
        "name": row.name,
        "href": f"/deals/{row.id}",
        "number": row.number,
        "client": row.client_name,
        "client_href": f"/clients/{row.client_id}" if row.client_id and row.client_name else "",
        "pipeline": row.pipeline_name,
        "stage": row.stage_name,
        "waits_for": row.waits_for,
        "colour": colours.get(row.stage_id, "grey"),
        "amount": row.amount or 0,
        "has_amount": row.amount is not None,
        "currency": row.currency,
        "responsible": row.responsible_name,
        "tags": " ".join(f"#{tag}" for tag in row.tags),
        "is_starred": row.is_starred,
        "entered_stage_at": row.entered_stage_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
    }
