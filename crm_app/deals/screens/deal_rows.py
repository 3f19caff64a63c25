"""One deal as the browser holds it: each field as it is typed and as it is read, stages, items, plans, history."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from crm_app.cards.queries import CommentRow, FileRow, TimelineRow
from crm_app.core.actor import Actor
from crm_app.core.i18n import text
from crm_app.core.money import Money
from crm_app.deals.queries.board import PlanRow
from crm_app.deals.queries.cards import DealRow, ItemRow
from crm_app.deals.queries.moves import MoveRow
from crm_app.pipelines.queries import StageRow

ICONS = {
    "DealAdded": "plus", "DealMoved": "arrow-right", "DealDeleted": "trash-2", "DealRestored": "arrow-right",
    "DealItemAdded": "plus", "DealItemRemoved": "trash-2", "DealActionPlanned": "clock", "DealActionDone": "check",
    "DealActionDropped": "ban", "CommentAdded": "message-square", "FileAdded": "file", "FileRemoved": "trash-2",
    "TagsChanged": "tag",
}  # fmt: skip


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


class ItemLine(TypedDict):
    """An item: figures as they are typed; total in minor units."""

    id: int
    name: str
    quantity: str
    price: str
    discount: str
    vat: str
    total: int


class PlanLine(TypedDict):
    id: int
    kind: str
    what: str
    at: str
    is_done: bool
    is_late: bool


class CommentLine(TypedDict):
    id: int
    author: str
    body: str
    at: str
    is_internal: bool
    is_mine: bool


class FileLine(TypedDict):
    id: int
    name: str
    href: str
    size: int


class ChangeLine(TypedDict):
    """One field that changed, as people read it."""

    field: str
    old: str
    new: str


class EventLine(TypedDict):
    """One line of the timeline; who is "" where the sentence names them."""

    id: int
    icon: str
    who: str
    what: str
    at: str
    changes: list[ChangeLine]


def typed_values(deal: DealRow) -> dict[str, str]:
    """Each field in the form in which it is typed."""
    return {
        "name": deal.name,
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
        "discount": _plain(Decimal(item.discount_basis_points).scaleb(-2)),
        "vat": "" if item.vat_percent is None else str(item.vat_percent),
        "total": item.total,
    }


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


def comment_line(row: CommentRow, actor: Actor) -> CommentLine:
    """A comment; one's own can be taken back."""
    return {
        "id": row.id,
        "author": row.author_name,
        "body": row.body,
        "at": row.created_at.isoformat(),
        "is_internal": row.is_internal,
        "is_mine": (row.author_kind, row.author_id) == (actor.kind, actor.id),
    }


def file_line(row: FileRow) -> FileLine:
    """A file, with the address that gives it."""
    return {"id": row.id, "name": row.name, "href": f"/files/{row.id}", "size": row.size}


def event_line(row: TimelineRow, currency: str, locale: str) -> EventLine:
    """A fact of the timeline in the reader's words, with old and new values."""
    what = text(f"fact.{row.name}", locale, **{**row.details, "who": row.actor_name})
    changes = row.details.get("changes") or {}
    return {
        "id": row.id,
        "icon": ICONS.get(row.name, "pencil"),
        "who": "" if row.actor_name and row.actor_name in what else row.actor_name,
        "what": what,
        "at": row.at.isoformat(),
        "changes": [
            {
                "field": text(f"field.deal.{field}", locale),
                "old": _shown(field, old, currency, locale),
                "new": _shown(field, new, currency, locale),
            }
            for field, (old, new) in changes.items()
        ],
    }


def _shown(field: str, value: Any, currency: str, locale: str) -> str:
    if isinstance(value, bool):
        return text("deals.yes" if value else "deals.no", locale)
    if value in (None, ""):
        return "—"
    return Money(int(value), currency).format(locale or "ru") if field == "amount" else str(value)
