"""How programs see deals."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from typing_extensions import TypedDict

from crm_app.api.forms import FieldsJson, MoneyJson, money
from crm_app.deals.queries.board import PlanRow
from crm_app.deals.queries.cards import ItemRow
from crm_app.deals.rules import totals_of
from crm_app.pipelines.queries import StageRow


class ItemJson(TypedDict):
    """What is sold. price: of one, VAT included; total, vat: after the discount."""

    id: int
    name: str
    quantity: str
    price: MoneyJson
    discount_percent: str
    vat_percent: int | None
    total: MoneyJson
    vat: MoneyJson


class VatJson(TypedDict):
    """The VAT of the items of one rate."""

    vat_percent: int
    vat: MoneyJson


class ItemsTotalsJson(TypedDict):
    """What the items come to: full - discount = total, VAT included; net: total without it. Sums of rounded lines."""

    full: MoneyJson
    discount: MoneyJson
    net: MoneyJson
    vat: list[VatJson]
    total: MoneyJson


class DealInColumn(TypedDict):
    """A deal as a card of the board. return_stage_id: the open stage that it came from, on hold or closed."""

    id: int
    number: str
    name: str
    stage_id: int
    client_id: int | None
    client_name: str
    responsible_id: int
    responsible_name: str
    amount: MoneyJson | None
    entered_stage_at: datetime
    return_stage_id: int | None
    next_action: PlanRow | None
    waits_for: str


class DealInList(TypedDict):
    """A deal in a list. stage_kind: "open", "won", "lost" or "hold"; fields: the company's own.

    waits_for: names of who has to approve its next move.
    """

    id: int
    number: str
    name: str
    client_id: int | None
    client_name: str
    pipeline_id: int
    pipeline_name: str
    stage_id: int
    stage_name: str
    stage_kind: str
    responsible_id: int
    responsible_name: str
    amount: MoneyJson | None
    amount_by_items: bool
    return_stage_id: int | None
    lost_reason: str
    payment_method: str
    delivery: str
    fields: FieldsJson
    version: int
    waits_for: str
    entered_stage_at: datetime
    created_at: datetime
    updated_at: datetime


class DealJson(DealInList):
    """A deal with its items and planned actions."""

    items: list[ItemJson]
    items_totals: ItemsTotalsJson
    plans: list[PlanRow]


class ReasonJson(TypedDict):
    """Why not: a code for programs, the field it is about, a sentence for people."""

    code: str
    field: str
    text: str


class MoveJson(TypedDict):
    """What a drop on a stage means: "needs" fields, or an "approval", or "no" way.

    may_override: only the order says no, and it may be overridden with a reason.
    """

    stage_id: int
    drop: Literal["free", "needs", "approval", "no"]
    reasons: list[ReasonJson]
    may_override: bool


class ColumnJson(TypedDict):
    """A column of a board: exact figures over all its deals, and the first of them.

    sum: in the currency that most of them have, None where the reader is kept from what deals of the stage are worth;
    sums: in each currency. next: the cursor for more of this column.
    load: how many deals stand in it, whoever sees them, where its stage has a limit; else 0.
    """

    stage_id: int
    stage: StageRow
    count: int
    sum: MoneyJson | None
    sums: list[MoneyJson]
    cards: list[DealInColumn]
    next: str | None
    load: int


class BoardJson(TypedDict):
    """A pipeline with its columns, in order."""

    pipeline_id: int
    name: str
    order_rule: str
    columns: list[ColumnJson]


def item_json(item: ItemRow, currency: str) -> ItemJson:
    """An item as programs get it."""
    sums = {name: money(getattr(item, name), currency) for name in ("price", "total", "vat")}
    return {
        "id": item.id,
        "name": item.name,
        "quantity": _decimal(item.quantity_thousandths, 3),
        "discount_percent": _decimal(item.discount_basis_points, 2),
        "vat_percent": item.vat_percent,
        **sums,  # type: ignore[typeddict-item]
    }


def totals_json(items: list[ItemRow], currency: str) -> ItemsTotalsJson:
    """What items come to, as programs get it."""
    totals = totals_of(items)
    sums = {name: money(getattr(totals, name), currency) for name in ("full", "discount", "net", "total")}
    vat = [{"vat_percent": rate, "vat": money(part, currency)} for rate, part in totals.vat.items()]
    return {**sums, "vat": vat}  # type: ignore[typeddict-item]


def _decimal(whole: int, places: int) -> str:
    return f"{Decimal(whole).scaleb(-places).normalize():f}"
