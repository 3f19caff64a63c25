"""One deal, and lists of deals."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, func, select, tuple_

from crm_app.access.models import Employee
from crm_app.cards.custom_fields import values_of
from crm_app.cards.filters import compile_filter
from crm_app.cards.kinds import openly
from crm_app.clients.models import Client
from crm_app.core import search
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold
from crm_app.deals import rules
from crm_app.deals.models import Deal, DealItem, DealPlan
from crm_app.deals.policy import may_change
from crm_app.deals.queries.board import MOST, PER_COLUMN, PlanRow
from crm_app.deals.queries.filter_fields import asked_by
from crm_app.pipelines.models import Pipeline, Stage

Filter = dict[str, Any]


@dataclass(frozen=True)
class ItemRow:
    """An item of a deal; see the model. total, vat: minor units, after the discount."""

    id: int
    name: str
    quantity_thousandths: int
    price: int
    discount_basis_points: int
    vat_percent: int | None
    total: int
    vat: int


@dataclass(frozen=True)
class DealRow:
    """A deal with the names of what it is tied to. amount: minor units, None while unknown."""

    __card__: ClassVar[str] = "deal"

    id: int
    number: str
    name: str
    client_id: int
    client_name: str
    pipeline_id: int
    pipeline_name: str
    stage_id: int
    stage_name: str
    stage_kind: str
    responsible_id: int
    responsible_name: str
    amount: int | None
    currency: str
    amount_by_items: bool
    return_stage_id: int
    lost_reason: str
    payment_method: str
    delivery: str
    fields: dict[str, Any]
    entered_stage_at: datetime
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True)
class DealPage:
    """A page of a list of deals. next: the cursor for more, None at the end; total: of all pages, if asked for."""

    rows: list[DealRow]
    next: str | None
    total: int | None


@dataclass(frozen=True)
class DealDetails:
    """A deal with its items and planned actions: those to be done first. may_change: whether the reader may."""

    deal: DealRow
    items: list[ItemRow]
    plans: list[PlanRow]
    may_change: bool


_SELECTED = (
    select(Deal, Client.name, Pipeline.name, Stage.name, Stage.kind, Employee.name)
    .outerjoin(Client, Client.id == Deal.client_id)
    .join(Pipeline, Pipeline.id == Deal.pipeline_id)
    .join(Stage, Stage.id == Deal.stage_id)
    .outerjoin(Employee, Employee.id == Deal.responsible_id)
)
_ONE = _SELECTED.where(Deal.id == bindparam("deal"))
_ITEMS = select(DealItem).where(DealItem.deal_id == bindparam("deal")).order_by(DealItem.position, DealItem.id)
_ALL_PLANS = (
    select(DealPlan)
    .where(DealPlan.deal_id == bindparam("deal"))
    .order_by(DealPlan.done_at.is_not(None), DealPlan.at, DealPlan.id)
    .limit(MOST)
)
_SORTS = {
    "name": Deal.name,
    "amount": func.coalesce(Deal.amount, -1),
    "created_at": Deal.created_at,
    "updated_at": Deal.updated_at,
    "entered_stage_at": Deal.entered_stage_at,
}


@query("deal.see")
def see_deal(tx: Tx, deal_id: int) -> DealDetails:
    """One deal with all that belongs to it."""
    found = tx.one(_ONE, deal=deal_id)
    if found is None:
        tx.need(Deal, deal_id)
    items, plans = list_items(tx, deal_id), list_plans(tx, deal_id)
    deal = replace(_row(found), fields=values_of(tx, "deal", found[0]))
    return DealDetails(deal, items, plans, may_change(tx.actor, found[0]))


@query("deal.see")
def list_items(tx: Tx, deal_id: int) -> list[ItemRow]:
    """The items of a deal, in their order."""
    tx.need(Deal, deal_id)
    return [item_row(item) for item in tx.all(_ITEMS, deal=deal_id)]


@query("deal.see")
def list_plans(tx: Tx, deal_id: int) -> list[PlanRow]:
    """What is planned for a deal: what is to be done first comes first, what is done last."""
    tx.need(Deal, deal_id)
    rows = tx.all(_ALL_PLANS, deal=deal_id)
    return [PlanRow(plan.id, plan.kind, plan.what, plan.at, plan.done_at is not None) for plan in rows]


@query("deal.see")
def list_deals(
    tx: Tx,
    filter: Filter | None = None,  # noqa: A002  the API's own word
    q: str = "",
    sort: str = "-updated_at",
    after: str | None = None,
    limit: int = PER_COLUMN,
    with_total: bool = False,
) -> DealPage:
    """Deals of all pipelines, a page at a time. sort: a name of _SORTS, with a minus for the greatest first."""
    conditions = [compile_filter(tx, filter, asked_by(tx, filter), "deal")] if filter else []
    if q:
        conditions += [search.has_words(tx.session, "deal", Deal.id, q), *openly(tx, "deal", q)]
    column, is_descending = _SORTS.get(sort.lstrip("-")), sort.startswith("-")
    if column is None:
        raise BadInput("deals.error.bad_sort", field="sort")
    key = (column, Deal.id)
    chosen = _SELECTED.add_columns(column.label("sort_key")).where(*conditions)
    if after is not None:
        last = _read_cursor(after, sort)
        chosen = chosen.where(tuple_(*key) < last if is_descending else tuple_(*key) > last)
    most = max(1, min(limit, MOST))
    rows = tx.all(chosen.order_by(*(part.desc() if is_descending else part for part in key)).limit(most + 1))
    more = f"{_cursor_value(rows[most - 1].sort_key)}:{rows[most - 1].Deal.id}" if len(rows) > most else None
    total = tx.scalar(select(func.count()).select_from(Deal).where(*conditions)) if with_total else None
    return DealPage([_row(row) for row in rows[:most]], more, total)


@query("deal.see")
def list_client_deals(tx: Tx, client_id: int) -> list[DealRow]:
    """The deals of a client, the latest first."""
    rows = tx.all(_SELECTED.where(Deal.client_id == client_id).order_by(Deal.id.desc()).limit(MOST))
    return [_row(row) for row in rows]


def _cursor_value(value: Any) -> str:
    return json.dumps(value.isoformat() if isinstance(value, datetime) else value, ensure_ascii=False)


def _read_cursor(after: str, sort: str) -> tuple[Any, int]:
    text, _, last_id = after.rpartition(":")
    try:
        value = json.loads(text)
        return (datetime.fromisoformat(value) if sort.endswith("_at") else value), int(last_id)
    except (ValueError, TypeError):
        raise BadInput("deals.error.bad_cursor", field="after") from None


def _row(found: Any) -> DealRow:
    deal, client_name, pipeline_name, stage_name, stage_kind, responsible_name = found[:6]
    return DealRow(
        id=deal.id,
        number=deal.number,
        name=deal.name,
        client_id=deal.client_id or 0,
        client_name=client_name or "",
        pipeline_id=deal.pipeline_id,
        pipeline_name=pipeline_name,
        stage_id=deal.stage_id,
        stage_name=stage_name,
        stage_kind=stage_kind,
        responsible_id=deal.responsible_id,
        responsible_name=responsible_name or "",
        amount=deal.amount,
        currency=deal.currency,
        amount_by_items=deal.amount_by_items,
        return_stage_id=deal.return_stage_id or 0,
        lost_reason=deal.lost_reason,
        payment_method=deal.payment_method,
        delivery=deal.delivery,
        fields=deal.fields,
        entered_stage_at=deal.entered_stage_at,
        created_at=deal.created_at,
        updated_at=deal.updated_at,
        deleted_at=deal.deleted_at,
    )


def item_row(item: DealItem) -> ItemRow:
    """A stored item as a row, with what it comes to."""
    return ItemRow(
        id=item.id or 0,
        name=item.name,
        quantity_thousandths=item.quantity_thousandths,
        price=item.price,
        discount_basis_points=item.discount_basis_points,
        vat_percent=item.vat_percent,
        total=rules.line_total(item),
        vat=rules.line_vat(item),
    )


@query("deal.see")
def find_clients(tx: Tx, words: str = "") -> list[tuple[int, str]]:
    """Clients to choose from, as (id, name): those in whose text the words stand; without words, the latest."""
    found = select(Client.id, Client.name).order_by(Client.id.desc()).limit(20)
    if words.strip():
        found = found.where(Client.sort_name.contains(fold(words.strip()), autoescape=True))
    return [(row.id, row.name) for row in tx.all(found)]
