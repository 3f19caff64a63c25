"""One deal as the browser holds it: each field as it is typed and as it is read, stages, items, plans."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from crm_app.core.money import Money
from crm_app.deals.queries.board import PlanRow
from crm_app.deals.queries.cards import DealRow, ItemRow
from crm_app.deals.queries.moves import MoveRow
from crm_app.deals.rules import Totals
from crm_app.pipelines.queries import StageRow


class StepLine(TypedDict):
    """A stage of the deal's pipeline. drop: whether it may be entered now; reason: why not, or what it asks for."""

    id: int
    name: str
    kind: str
    colour: str
    is_here: bool
    is_past: bool
    drop: str
    reason: str
    may_override: bool


class ItemLine(TypedDict):
    """An item: figures as they are typed; price_minor and total in minor units."""

    id: int
    name: str
    quantity: str
    price: str
    price_minor: int
    discount: str
    vat: str
    total: int


class TotalLine(TypedDict):
    """What items come to. name: "full", "discounted", "vat_of" (with its rate), "net" or "total".

    minor: minor units.
    """

    name: str
    rate: str
    minor: int


class PlanLine(TypedDict):
    id: int
    kind: str
    what: str
    at: str
    is_done: bool
    is_late: bool


def typed_values(deal: DealRow) -> dict[str, str]:
    """Each field in the form in which it is typed."""
    return {
        "name": deal.name,
        "client_id": str(deal.client_id or ""),
        "responsible_id": str(deal.responsible_id),
        "amount": major(deal.amount),
        "currency": deal.currency,
        "payment_method": deal.payment_method,
        "delivery": deal.delivery,
        "lost_reason": deal.lost_reason,
    }


def major(minor: int | None) -> str:
    """Money as it is typed: "1250000.50"; "" for none."""
    return "" if minor is None else str(Money(minor).amount)


def step_lines(stages: list[StageRow], moves: list[MoveRow], deal: DealRow, locale: str) -> list[StepLine]:
    """The stages in order, each with what entering it would mean."""
    here = next(stage for stage in stages if stage.id == deal.stage_id)
    verdicts = {row.stage_id: row for row in moves}
    return [
        {
            "id": stage.id,
            "name": stage.name,
            "kind": stage.kind,
            "colour": stage.colour,
            "is_here": stage.id == here.id,
            "is_past": stage.kind == here.kind == "open" and stage.position < here.position,
            "drop": verdicts[stage.id].drop,
            "reason": "; ".join(reason.text(locale) for reason in verdicts[stage.id].reasons),
            "may_override": verdicts[stage.id].may_override,
        }
        for stage in stages
    ]


def item_line(item: ItemRow) -> ItemLine:
    """An item as it is edited in place."""
    return {
        "id": item.id,
        "name": item.name,
        "quantity": _plain(Decimal(item.quantity_thousandths).scaleb(-3)),
        "price": major(item.price),
        "price_minor": item.price,
        "discount": _plain(Decimal(item.discount_basis_points).scaleb(-2)),
        "vat": "" if item.vat_percent is None else str(item.vat_percent),
        "total": item.total,
    }


def total_lines(totals: Totals) -> list[TotalLine]:
    """What is shown below the items, the total last. Without a discount, or without VAT, nothing is said of it."""
    lines = [("full", "", totals.full), ("discounted", "", -totals.discount)] if totals.discount else []
    if totals.vat:
        lines += [("net", "", totals.net), *(("vat_of", str(rate), part) for rate, part in totals.vat.items())]
    lines.append(("total", "", totals.total))
    return [{"name": name, "rate": rate, "minor": minor} for name, rate, minor in lines]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def plan_line(plan: PlanRow, now: datetime) -> PlanLine:
    """A planned action."""
    return {
        "id": plan.id,
        "kind": plan.kind,
        "what": plan.what,
        "at": plan.at.isoformat(),
        "is_done": plan.is_done,
        "is_late": not plan.is_done and plan.at < now,
    }
