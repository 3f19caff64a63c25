"""What programs do with deals: cards, moves, boards. Items and planned actions: parts_api.py."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime

from crm_app.api.cursors import seal, unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import (
    After,
    Body,
    Count,
    FieldsBody,
    FilterJson,
    Id,
    Limit,
    Listing,
    MoneyBody,
    MoneyJson,
    Sort,
    Words,
    money,
    page,
    shaped,
)
from crm_app.cards.custom_fields import stored_json, values_json
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.core.money import DEFAULT_CURRENCY
from crm_app.deals.actions.cards import change_deal, create_deal, delete_deal, restore_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.api_shapes import (
    BoardJson,
    ColumnJson,
    DealInColumn,
    DealInList,
    DealJson,
    MoveJson,
    item_json,
    totals_json,
)
from crm_app.deals.drafts import DealDraft, EntryDraft, PlanDraft
from crm_app.deals.queries.board import ColumnRow, DealCard, see_board, see_column
from crm_app.deals.queries.cards import DealRow, list_deals, see_deal
from crm_app.deals.queries.moves import MoveRow, moves
from crm_app.pipelines.queries import see_pipeline

endpoints = Endpoints()


class PlanBody(Body):
    """What is to be done next. kind: call, meeting or document."""

    what: str
    at: AwareDatetime
    kind: str = "call"

    def draft(self) -> PlanDraft:
        return PlanDraft(kind=self.kind, what=self.what, at=self.at)


class DealValuesBody(Body):
    """What is said of a deal. amount_by_items: the amount is the sum of the items."""

    client_id: Id | None = None
    responsible_id: Id = 0
    amount: MoneyBody | None = None
    amount_by_items: bool = False
    payment_method: str = ""
    delivery: str = ""
    fields: FieldsBody = {}

    def values(self) -> dict[str, Any]:
        """What was sent, as the actions take it."""
        told = {name: value for name, value in self.told().items() if name in DealDraft.model_fields}
        if self.amount is not None:
            told |= {"amount": self.amount.minor, "currency": self.amount.currency}
        return told


class DealBody(DealValuesBody):
    """A deal to be added: to the pipeline's first stage, where none is named."""

    name: str
    pipeline_id: Id
    stage_id: Id | None = None
    next_action: PlanBody | None = None


class DealChanges(DealValuesBody):
    """What is to be changed of a deal. version: as it was seen; another's change since then is a conflict."""

    name: str = ""
    lost_reason: str = ""
    version: int | None = None


class EntryBody(Body):
    """What is filled in on the way into a stage. fields: custom ones by their keys."""

    client_id: Id | None = None
    amount: MoneyBody | None = None
    payment_method: str = ""
    delivery: str = ""
    next_action: PlanBody | None = None
    fields: FieldsBody = {}

    def draft(self) -> EntryDraft:
        """What was sent, as the action takes it."""
        told = self.told()
        if self.amount is not None:
            told["amount"] = self.amount.minor
        if self.next_action is not None:
            told["next_action"] = self.next_action.draft()
        return EntryDraft(**told)


class MoveBody(Body):
    """Where a deal is to go. before_id, after_id: the deal next to which it is put, else it goes on top.

    override: past the order of the pipeline, for those who may, with a reason.
    """

    stage_id: Id
    fields: EntryBody | None = None
    reason: str = ""
    before_id: Id | None = None
    after_id: Id | None = None
    override: bool = False


@endpoints.get("/deals", "deal.see")
def list_all_deals(
    tx: Tx,
    filter: FilterJson | None = None,  # noqa: A002  the API's own word
    q: Words = "",
    sort: Sort = "-updated_at",
    after: After = "",
    limit: Limit = 50,
    count: Count = False,
) -> Listing[DealInList]:
    """Deals of all pipelines, a page at a time.

    Sorted by name, number, client, pipeline, stage, amount, responsible, payment_method, delivery, lost_reason,
    created_at, updated_at, entered_stage_at, or "fields." with the key of one of the company's own.
    """
    listing = f"deals {sort}"
    place = unseal(listing, after) or None
    found = seen(tx, list_deals, filter=filter, q=q, sort=sort, after=place, limit=limit, with_total=count)
    own = stored_json(tx, "deal", [row.id for row in found.rows])
    return page([_in_list(row, own[row.id]) for row in found.rows], listing, found.next, found.total)


@endpoints.post("/deals", "deal.create", status=201)
def create_one_deal(tx: Tx, body: DealBody) -> DealJson:
    """Add a deal on top of a stage."""
    plan = body.next_action.draft() if body.next_action else None
    values = DealDraft(**body.values())
    return _deal(tx, tx.do(create_deal, body.pipeline_id, values, stage_id=body.stage_id, next_action=plan).id)


@endpoints.get("/deals/{deal_id}", "deal.see")
def see_one_deal(tx: Tx, deal_id: Id) -> DealJson:
    """One deal with its items and planned actions."""
    return _deal(tx, deal_id)


@endpoints.patch("/deals/{deal_id}", "deal.change")
def update_deal(tx: Tx, deal_id: Id, body: DealChanges) -> DealJson:
    """Change what is sent; the rest stays as it is."""
    tx.do(change_deal, deal_id, DealDraft(**body.values()), version=body.version)
    return _deal(tx, deal_id)


@endpoints.delete("/deals/{deal_id}", "deal.delete")
def delete_one_deal(tx: Tx, deal_id: Id) -> None:
    """Move a deal to the bin."""
    tx.do(delete_deal, deal_id)


@endpoints.post("/deals/{deal_id}/restore", "deal.delete")
def bring_deal_back(tx: Tx, deal_id: Id) -> DealJson:
    """Take a deal out of the bin."""
    tx.do(restore_deal, deal_id)
    return _deal(tx, deal_id)


@endpoints.post("/deals/{deal_id}/move", "deal.move")
def move_one_deal(tx: Tx, deal_id: Id, body: MoveBody) -> DealJson:
    """Move a deal to another stage of its pipeline; 409 with reasons where a rule says no.

    fields: what the stage asks for; their amount is of the deal's currency. reason: why the deal is lost, or why
    the order is overridden.
    """
    fields = body.fields.draft() if body.fields else None
    near = {"before_id": body.before_id, "after_id": body.after_id}
    tx.do(move_deal, deal_id, body.stage_id, fields=fields, reason=body.reason, override=body.override, **near)
    return _deal(tx, deal_id)


@endpoints.get("/deals/{deal_id}/moves", "deal.see")
def list_deal_moves(tx: Tx, deal_id: Id) -> Listing[MoveJson]:
    """For every stage of the deal's pipeline, in order: what a drop there would mean, and why."""
    return page([_move(tx, row) for row in seen(tx, moves, deal_id=deal_id)], "moves", None)


@endpoints.get("/boards/{pipeline_id}", "deal.see")
def see_one_board(
    tx: Tx,
    pipeline_id: Id,
    stage_id: Id | None = None,
    after: After = "",
    filter: FilterJson | None = None,  # noqa: A002  the API's own word
    q: Words = "",
    mine: bool = False,
    limit: Limit = 50,
) -> BoardJson:
    """Each column with its exact count and sum, and its first cards.

    `stage_id` and `after` (the `next` of the column) ask for more of one column.
    """
    asked: dict[str, Any] = {"filter": filter, "q": q, "mine": mine}
    pipeline = seen(tx, see_pipeline, pipeline_id=pipeline_id)
    if stage_id is None:
        columns = seen(tx, see_board, pipeline_id=pipeline_id, **asked, per_column=limit).columns
    elif stage_id in {stage.id for stage in pipeline.stages}:
        place = unseal(f"column {stage_id}", after) or None
        columns = [seen(tx, see_column, stage_id=stage_id, after=place, **asked, per_column=limit)]
    else:
        raise NotFound()
    return shaped(BoardJson, pipeline, pipeline_id=pipeline_id, columns=[_column(column) for column in columns])


def _deal(tx: Tx, deal_id: int | None) -> DealJson:
    tx.session.flush()
    found = seen(tx, see_deal, deal_id=deal_id)
    items = [item_json(item, found.deal.currency) for item in found.items]
    own = values_json(tx, "deal", found.deal.fields, found.deal.pipeline_id)
    totals = totals_json(found.items, found.deal.currency)
    parts: dict[str, Any] = {"items": items, "items_totals": totals, "plans": found.plans}
    return shaped(DealJson, found.deal, **_told(found.deal), **parts, fields=own)


def _in_list(row: DealRow, own: dict[str, Any]) -> DealInList:
    return shaped(DealInList, row, **_told(row), fields=own)


def _told(row: DealRow | DealCard) -> dict[str, Any]:
    return {
        "amount": money(row.amount, row.currency),
        "client_id": row.client_id or None,
        "return_stage_id": row.return_stage_id or None,
    }


def _move(tx: Tx, row: MoveRow) -> MoveJson:
    reasons = [reason.to_json(tx.actor.locale) for reason in row.reasons]
    return {"stage_id": row.stage_id, "drop": row.drop, "reasons": reasons, "may_override": row.may_override}  # type: ignore[typeddict-item]


def _column(column: ColumnRow) -> ColumnJson:
    sums = [told for one in column.sums if (told := money(one.amount, one.currency))]
    # sums of which none can be told are kept from the reader: a nought is a figure
    nothing = None if column.sums else MoneyJson(amount="0.00", currency=DEFAULT_CURRENCY)
    return {
        "stage_id": column.stage.id,
        "stage": column.stage,
        "count": column.count,
        "sum": sums[0] if sums else nothing,
        "sums": sums,
        "cards": [shaped(DealInColumn, card, **_told(card)) for card in column.cards],
        "next": seal(f"column {column.stage.id}", column.after),
        "load": column.load,
    }
