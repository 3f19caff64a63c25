"""One deal, and lists of deals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, select

from crm_app.access.models import Employee
from crm_app.cards.custom_fields import values_of
from crm_app.cards.queries.listed import Listed
from crm_app.cards.ties import ties_of
from crm_app.clients.models import Client
from crm_app.core.door import Tx, query
from crm_app.core.fields import is_open
from crm_app.core.folding import fold
from crm_app.core.keys import among
from crm_app.deals import rules
from crm_app.deals.fields import FIELDS, SORTS
from crm_app.deals.models import Deal, DealItem, DealPlan
from crm_app.deals.policy import may_change
from crm_app.deals.queries.approvals import deals_waiting
from crm_app.deals.queries.board import MOST, PER_COLUMN, PlanRow, hides_amount, seen_amount
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
    """A deal with the names of what it is tied to.

    amount: minor units, None while unknown. tags, is_starred: told in lists alone. waits_for: names of who has to
    approve the next move.
    """

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
    version: int
    waits_for: str = ""
    tags: list[str] = field(default_factory=list)
    is_starred: bool = False


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
_THESE = _SELECTED.where(among(Deal.id, "ids"))
DEALS = Listed("deal", Deal, FIELDS, SORTS, columns=(Deal.id, Deal.responsible_id))
"""How deals are asked about."""


@query("deal.see")
def see_deal(tx: Tx, deal_id: int) -> DealDetails:
    """One deal with all that belongs to it."""
    found = tx.one(_ONE, deal=deal_id)
    if found is None:
        tx.need(Deal, deal_id)
    items, plans = list_items(tx, deal_id), list_plans(tx, deal_id)
    waiting = deals_waiting(tx, [deal_id]).get(deal_id, "")
    deal = replace(_row(tx, found), fields=values_of(tx, "deal", found[0]), waits_for=waiting)
    return DealDetails(deal, items, plans, may_change(tx.actor, found[0]))


@query("deal.see")
def list_items(tx: Tx, deal_id: int) -> list[ItemRow]:
    """The items of a deal, in their order. What they cost is left out for who may not see what the deal is worth."""
    deal = tx.need(Deal, deal_id)
    rows = [item_row(item) for item in tx.all(_ITEMS, deal=deal_id)]
    return [replace(row, price=0, total=0, vat=0) for row in rows] if hides_amount(tx, deal.stage_id) else rows


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
    """Deals of all pipelines, a page at a time. sort: a key of SORTS or "fields." with the key of a custom field, with
    a minus for the greatest first. after: `next` of the page before.

    Raises BadInput for a filter, an order or a cursor that is none.
    """
    found, next_ = DEALS.page(tx, filter, q, sort, after or "", max(1, min(limit, MOST)))
    ties = ties_of(tx, "deal", found)
    rows = {row.Deal.id: _row(tx, row) for row in tx.all(_THESE, ids=[each.id for each in found])} if found else {}
    waiting = deals_waiting(tx, list(rows))
    tied = [(rows[each.id], ties.of(each)) for each in found]
    total = DEALS.count(tx, filter, q) if with_total else None
    return DealPage(
        [
            replace(row, tags=of["tags"], is_starred=of["is_starred"], waits_for=waiting.get(row.id, ""))
            for row, of in tied
        ],
        next_ or None,
        total,
    )


@query("deal.see")
def count_deals(tx: Tx, where: Filter | None = None, q: str = "") -> int:
    """How many deals a filter leaves, exactly."""
    return DEALS.count(tx, where, q)


@query("deal.see")
def list_client_deals(tx: Tx, client_id: int) -> list[DealRow]:
    """The deals of a client, the latest first; none for who may not see whose a deal is."""
    if "client_id" in tx.actor.hidden.get("deal", ()):
        return []
    told = is_open(tx.actor, "deal", "client_id")
    rows = tx.all(_SELECTED.where(Deal.client_id == client_id, told).order_by(Deal.id.desc()).limit(MOST))
    return [_row(tx, row) for row in rows]


def _row(tx: Tx, found: Any) -> DealRow:
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
        amount=seen_amount(tx, deal),
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
        version=deal.version,
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
