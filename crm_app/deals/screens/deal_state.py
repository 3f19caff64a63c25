"""The State of /deals/[deal_id]: one deal with all that staff know of it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import reflex as rx

from crm_app.access.queries import list_employees
from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.core import clock
from crm_app.core.errors import BadInput, CrmError, NotFound
from crm_app.deals.actions.cards import change_deal, delete_deal, restore_deal
from crm_app.deals.actions.items import add_item, change_item, remove_item
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.actions.plans import drop_plan, finish_plan, plan_action
from crm_app.deals.queries.cards import find_clients, see_deal
from crm_app.deals.queries.moves import moves
from crm_app.deals.screens.asked_fields import entry_of, minor_units, plan_of
from crm_app.deals.screens.deal_rows import (
    ItemLine,
    PlanLine,
    StepLine,
    item_line,
    plan_line,
    step_lines,
    typed_values,
)
from crm_app.pipelines.queries import see_pipeline
from crm_app.ui.field import Option
from crm_app.ui.inline_edit import Refusal

EDITED = ("name", "responsible_id", "amount", "payment_method", "delivery", "lost_reason")
NO_REFUSAL: Refusal = {"field": "", "text": "", "number": 0}


class OneDeal(Screen):
    """One deal as one employee sees it. values: each field as it is typed."""

    number: int = 0
    values: dict[str, str] = {}
    client_name: str = ""
    client_href: str = ""
    pipeline_name: str = ""
    responsible: str = ""
    amount: int = 0
    has_amount: bool = False
    amount_by_items: bool = False
    is_lost: bool = False
    since: str = ""
    steps: list[StepLine] = []
    items: list[ItemLine] = []
    items_total: int = 0
    items_vat: int = 0
    plans: list[PlanLine] = []
    employees: list[Option] = []
    clients: list[Option] = []
    may_change: bool = False
    refusal: Refusal = NO_REFUSAL
    saves: int = 0

    asks: bool = False
    asked: list[str] = []
    asked_stage: str = ""
    errors: dict[str, str] = {}
    form_key: int = 0

    _wanted_stage: int = 0
    _editing: str = ""

    @handler("deal.see")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        number = self._number_in_address
        if number != self.number:
            self.number, self.values, self.steps, self.asks = 0, {}, [], False
        people = await self._ask(list_employees)
        self.employees = [{"id": str(row.id), "label": row.name, "hint": row.department} for row in people]
        await self._watch({f"deal:{number}"}, OneDeal.changed)
        await self._load(number)

    @handler("deal.see")
    async def changed(self) -> None:
        """Somebody has changed the deal."""
        await self._load(self.number)

    # ---- fields ------------------------------------------------------------------------------------------------------

    @handler("deal.change")
    async def field_edited(self, name: str, text: str) -> None:
        """A field was edited in place."""
        if name not in EDITED:
            return
        self._editing = name
        await self._change({name: _value(name, text)})

    @handler("deal.change")
    async def client_picked(self, client_id: str) -> None:
        """The deal is with another client."""
        await self._change({"client_id": int(client_id) if client_id.isdigit() else None})
        self.saves += 1

    @handler("deal.change")
    async def by_items_toggled(self) -> None:
        """The amount is the sum of the items, or one's own figure."""
        await self._change({"amount_by_items": not self.amount_by_items})

    @handler("deal.see", supersedes=True)
    async def client_searched(self, words: str) -> None:
        """Clients to choose from."""
        found = await self._ask(find_clients, words=words[:200])
        self.clients = [{"id": str(client_id), "label": name, "hint": ""} for client_id, name in found]

    async def _change(self, values: dict[str, Any]) -> None:
        await self._act(change_deal, deal_id=self.number, values=values)
        self._editing = ""
        await self._load(self.number)

    # ---- the way through the stages ----------------------------------------------------------------------------------

    @handler("deal.move")
    async def stage_clicked(self, stage_id: int) -> None:
        """Enter a stage, or be asked for what it wants."""
        step = next((step for step in self.steps if step["id"] == stage_id), None)
        verdict = next((row for row in await self._ask(moves, deal_id=self.number) if row.stage_id == stage_id), None)
        if step is None or verdict is None or step["is_here"]:
            return
        if verdict.drop == "needs":
            self._wanted_stage, self.asked_stage = stage_id, step["name"]
            self.asked, self.asks = [reason.field for reason in verdict.reasons], True
            self.errors, self.form_key = {}, self.form_key + 1
            return
        await self._act(move_deal, deal_id=self.number, stage_id=stage_id)
        await self._load(self.number)

    @handler("deal.move")
    async def needs_given(self, fields: dict[str, str]) -> None:
        """Save what was asked for, and the stage, together."""
        self.errors = {}
        try:
            entry, reason = entry_of(fields, self.asked), fields.get("reason", "")
            await self._act(move_deal, deal_id=self.number, stage_id=self._wanted_stage, fields=entry, reason=reason)
        except CrmError as refused:
            self._note(refused)
            return
        self.asks = False
        await self._load(self.number)

    @handler("deal.move")
    async def needs_closed(self) -> None:
        """The deal stays where it is."""
        self.asks, self.errors = False, {}

    # ---- items and planned actions -----------------------------------------------------------------------------------

    @handler("deal.change")
    async def item_added(self, fields: dict[str, str]) -> None:
        """Add an item by its name; its figures are edited in place."""
        await self._act(add_item, deal_id=self.number, values={"name": fields.get("item", "")})
        self.saves += 1
        await self._load(self.number)

    @handler("deal.change")
    async def item_edited(self, name: str, text: str) -> None:
        """A figure of an item was edited in place. name: "12:price"."""
        item_id, _, field = name.partition(":")
        self._editing = name
        values = _item_value(field, text)
        await self._act(change_item, item_id=int(item_id) if item_id.isdigit() else 0, values=values)
        self._editing = ""
        await self._load(self.number)

    @handler("deal.change")
    async def item_removed(self, item_id: int) -> None:
        """Take an item out."""
        await self._act(remove_item, item_id=item_id)
        await self._load(self.number)

    @handler("deal.change")
    async def plan_added(self, fields: dict[str, str]) -> None:
        """Plan the next action."""
        self.errors = {}
        try:
            await self._act(plan_action, deal_id=self.number, plan=plan_of(fields))
        except CrmError as refused:
            self._note(refused)
            return
        self.saves, self.form_key = self.saves + 1, self.form_key + 1
        await self._load(self.number)

    @handler("deal.change")
    async def plan_done(self, plan_id: int) -> None:
        """A planned action is done."""
        await self._act(finish_plan, plan_id=plan_id)
        await self._load(self.number)

    @handler("deal.change")
    async def plan_dropped(self, plan_id: int) -> None:
        """A planned action is not needed."""
        await self._act(drop_plan, plan_id=plan_id)
        await self._load(self.number)

    @handler("deal.delete")
    async def removed(self) -> rx.event.EventSpec:
        """Move the deal to the bin; the toast takes it back."""
        await self._act(delete_deal, deal_id=self.number)
        await self._toast("deals.deleted", undo=Undo(restore_deal, {"deal_id": self.number}))
        return rx.redirect("/deals")

    # ---- what is shown -----------------------------------------------------------------------------------------------

    async def _load(self, number: int) -> None:
        seen = await self._ask(see_deal, deal_id=number)
        deal, self.number, self.values = seen.deal, seen.deal.id, typed_values(seen.deal)
        self.client_name = deal.client_name
        self.client_href = f"/clients/{deal.client_id}" if deal.client_name else ""
        self.pipeline_name, self.responsible = deal.pipeline_name, deal.responsible_name
        self.amount, self.has_amount = deal.amount or 0, deal.amount is not None
        self.amount_by_items, self.is_lost = deal.amount_by_items, deal.stage_kind == "lost"
        self.since = deal.entered_stage_at.isoformat()
        self.items = [item_line(item) for item in seen.items]
        self.items_total, self.items_vat = sum(i.total for i in seen.items), sum(i.vat for i in seen.items)
        self.plans = [plan_line(plan, clock.now()) for plan in seen.plans]
        way, rows = await self._ask(see_pipeline, pipeline_id=deal.pipeline_id), await self._ask(moves, deal_id=number)
        self.steps = step_lines(way.stages, rows, deal, self._locale)
        self.may_change = seen.may_change

    def _note(self, refused: CrmError) -> None:
        self.errors = {reason.field: reason.text(self._locale) for reason in refused.reasons if reason.field}
        if not self.errors:
            raise refused

    async def _refused(self, error: CrmError) -> Any:
        if isinstance(error, NotFound) and not self.number:
            await super()._refused(error)
            return rx.redirect("/deals", replace=True)
        if not self._editing:
            return await super()._refused(error)
        told = error.reasons[0] if error.reasons else None
        sentence = told.text(self._locale) if told else error.text(self._locale)
        self.refusal = {"field": self._editing, "text": sentence, "number": self.refusal["number"] + 1}
        self._editing = ""
        return None


def _value(name: str, text: str) -> Any:
    """What was typed, as the action takes it."""
    if name == "amount":
        return minor_units(text) if text else None
    if name == "responsible_id":
        return int(text) if text.isdigit() else 0
    return text


def _item_value(field: str, text: str) -> dict[str, Any]:
    """One figure of an item, as the action takes it. Raises BadInput for what is no number."""
    if field == "price":
        return {"price": minor_units(text) if text else 0}
    if field == "quantity":
        return {"quantity_thousandths": _scaled(text, 1000, "deals.error.bad_quantity")}
    if field == "discount":
        return {"discount_basis_points": _scaled(text, 100, "deals.error.bad_discount")}
    if field == "vat":
        return {"vat_percent": int(text) if text.isdigit() else None}
    return {"name": text}


def _scaled(text: str, by: int, key: str) -> int:
    try:
        number = Decimal(text.replace(",", ".").replace(" ", "") or "0") * by
        return int(number.to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        raise BadInput(key) from None
