"""What lists and boards of deals can be filtered and sorted by, and what columns lists can have."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, select

from crm_app.access.models import Employee
from crm_app.cards.columns import Columns, register_columns
from crm_app.cards.custom_fields import with_custom
from crm_app.cards.filter_fields import employee_field, fields_of_every_card, group_field, in_index, sorted_fields
from crm_app.cards.filter_values import read_id
from crm_app.cards.filters import ME, Fields, Filter, FilterField
from crm_app.cards.lists import CardList, ReadyFilter, register_list
from crm_app.cards.next_steps import has_next_step, next_step
from crm_app.clients.models import Client
from crm_app.core.db import folded
from crm_app.core.door import Tx
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk, DealPlan
from crm_app.pipelines.choices import pipelines_of, stages_of_all
from crm_app.pipelines.models import Pipeline, Stage
from crm_app.pipelines.rules import CLOSED, HOLD, LOST, OPEN, WON


def _of(name: Any, row_id: Any, column: Any, label: str) -> Any:
    """What another table says of a deal, as a column to sort by: None where the reader does not see it."""
    return select(name).where(row_id == column).correlate(Deal).scalar_subquery().label(label)


SORTS: dict[str, tuple[Any, ...]] = {
    "name": (folded(Deal.name).label("sort_name"),),
    "number": (Deal.id,),
    "client": (_of(Client.sort_name, Client.id, Deal.client_id, "sort_client"),),
    "pipeline": (_of(func.coalesce(Pipeline.name, ""), Pipeline.id, Deal.pipeline_id, "sort_pipeline"),),
    "stage": (
        Deal.pipeline_id, func.coalesce(_of(Stage.position, Stage.id, Deal.stage_id, "place"), 0).label("sort_stage"),
    ),
    "amount": (Deal.amount,),
    "responsible": (_of(Employee.name, Employee.id, Deal.responsible_id, "sort_responsible"),),
    "payment_method": (Deal.payment_method,),
    "delivery": (Deal.delivery,),
    "lost_reason": (Deal.lost_reason,),
    "entered_stage_at": (Deal.entered_stage_at,),
    "created_at": (Deal.created_at,),
    "updated_at": (Deal.updated_at,),
}  # fmt: skip
"""Names of rows, so that whoever is kept from a field may not sort by it either: see access/roles.py, SHOWN_AS."""

_KINDS = {OPEN: "open", WON: "won", LOST: "lost", HOLD: "hold"}


def _in_stages(kind: str) -> FilterField:
    """Whether a deal is in a stage of some kind."""

    def holds(_tx: Tx, _value: Any) -> ColumnElement[bool]:
        return Deal.stage_id.in_(select(Stage.id).where(Stage.kind == kind))

    return FilterField("flag", f"deals.filter.{_KINDS[kind]}", holds=holds)


def _waits(_tx: Tx, _value: Any) -> ColumnElement[bool]:
    """A move of the deal waits for approval."""
    row: Any = DealApproval
    return Deal.id.in_(select(row.deal_id).where(row.state == "open"))


def _waits_for_me(tx: Tx, _value: Any) -> ColumnElement[bool]:
    """The same, by whoever asks."""
    row, ask = DealApproval, DealApprovalAsk
    mine = select(ask.approval_id).where(ask.employee_id == tx.actor.id, ask.is_open)
    return Deal.id.in_(select(row.deal_id).where(row.state == "open", row.id.in_(mine)))


def _no_step(_tx: Tx, _value: Any) -> ColumnElement[bool]:
    """Nothing is planned with a deal that is not closed."""
    closed = Deal.stage_id.in_(select(Stage.id).where(Stage.kind.in_(CLOSED)))
    return not_(closed | has_next_step("deal", Deal.id))


def _planned() -> tuple[Any, Select[Any]]:
    column: Any = DealPlan.deal_id
    return column, select(column).where(DealPlan.done_at.is_(None))


next_step("deal", _planned)


def _name_in(model: Any, tx: Tx, value: Any) -> str:
    name = tx.scalar(select(model.name).where(model.id == read_id(value)))
    return name or str(value)


FIELDS: dict[str, FilterField] = {
    "name": FilterField("text", "field.deal.name", Deal.name, search=in_index("deal", Deal.id)),
    "number": FilterField("text", "field.deal.number", Deal.number, search=in_index("deal", Deal.id), is_sorted=True),
    "client_id": FilterField("card", "field.deal.client_id", Deal.client_id, name_of=partial(_name_in, Client)),
    "pipeline_id": FilterField(
        "card", "field.deal.pipeline_id", Deal.pipeline_id,
        name_of=partial(_name_in, Pipeline), options=partial(pipelines_of, card="deal"),
    ),
    "stage_id": FilterField(
        "card", "field.deal.stage_id", Deal.stage_id,
        name_of=partial(_name_in, Stage), options=partial(stages_of_all, card="deal"),
    ),
    "open": _in_stages(OPEN),
    "won": _in_stages(WON),
    "lost": _in_stages(LOST),
    "hold": _in_stages(HOLD),
    "waits": FilterField("flag", "deals.filter.waits", holds=_waits),
    "waits_for_me": FilterField("flag", "deals.filter.waits_for_me", holds=_waits_for_me),
    "no_step": FilterField("flag", "deals.filter.no_step", holds=_no_step),
    "responsible_id": employee_field(Deal.responsible_id),
    "amount": FilterField("money", "field.deal.amount", Deal.amount),
    "currency": FilterField("choice", "field.deal.currency", Deal.currency),
    "amount_by_items": FilterField("flag", "field.deal.amount_by_items", Deal.amount_by_items),
    **sorted_fields("deal", Deal, ("payment_method", "delivery", "lost_reason"), "text"),
    "created_by_id": employee_field(Deal.created_by_id, "field.deal.created_by_id"),
    "created_at": FilterField("moment", "field.deal.created_at", Deal.created_at),
    "updated_at": FilterField("moment", "field.deal.updated_at", Deal.updated_at),
    "entered_stage_at": FilterField("moment", "field.deal.entered_stage_at", Deal.entered_stage_at),
    "group": group_field("deal", Deal.id),
    **fields_of_every_card("deal", Deal.id),
}  # fmt: skip


def asked_by(tx: Tx, chosen: Filter) -> Fields:
    """The fields that a filter may ask about, custom ones too."""
    return with_custom(tx, "deal", Deal, FIELDS, chosen)


def _only(field: str, op: str, value: Any) -> Filter:
    return {"all": [{"field": field, "op": op, "value": value}]}


_SYSTEM = (
    ReadyFilter("all", "deals.filter.all", {}),
    ReadyFilter("star", "deals.filter.star", _only("star", "eq", True)),
    ReadyFilter("mine", "deals.filter.mine", _only("responsible_id", "eq", ME)),
)
_PRESETS = [
    ReadyFilter("open", "deals.filter.open", _only("open", "eq", True)),
    ReadyFilter(
        "no_step",
        "deals.filter.no_step",
        _only("no_step", "eq", True),
    ),
    ReadyFilter("won", "deals.filter.won", _only("won", "eq", True)),
    ReadyFilter("lost", "deals.filter.lost", _only("lost", "eq", True)),
    ReadyFilter("new", "deals.filter.new", _only("created_at", "in", "last_7_days")),
]

LIST = "/deals/list"
register_list(CardList("deal", LIST, "deal.see", FIELDS, _SYSTEM, _PRESETS, board="/deals"))

_FACES = {
    "star": "cards.field.star", "name": "field.deal.name", "number": "field.deal.number",
    "client": "field.deal.client_id", "stage": "field.deal.stage_id", "amount": "field.deal.amount",
    "responsible": "field.deal.responsible_id", "entered_stage_at": "field.deal.entered_stage_at",
    "pipeline": "field.deal.pipeline_id", "updated_at": "field.deal.updated_at",
}  # fmt: skip
_MORE = ("payment_method", "delivery", "lost_reason", "currency", "created_at")
register_columns("deal", Columns(_FACES, _MORE, SORTS, spare=("number", "pipeline")))
