"""The State of /deals/[deal_id]: one deal with all that staff know of it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.access.screens.editing import EditsInPlace, Standing
from crm_app.cards.screens.asked import fields_on_the_way
from crm_app.cards.screens.custom_lines import OwnFieldLine
from crm_app.core import clock
from crm_app.core.errors import CrmError
from crm_app.deals.actions.cards import change_deal, delete_deal, restore_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.cards import see_deal
from crm_app.deals.queries.moves import moves
from crm_app.deals.queries.stays import list_stays
from crm_app.deals.screens.asked_fields import entry_of, minor_units
from crm_app.deals.screens.deal_rows import StepLine, step_lines, typed_values
from crm_app.deals.screens.stays_panel import StageLine, StayLine, stage_lines, stay_lines
from crm_app.pipelines.queries import see_pipeline
from crm_app.ui.field import Option

EDITED = ("name", "client_id", "responsible_id", "amount", "payment_method", "delivery", "lost_reason")


class OneDeal(EditsInPlace, Screen):
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
    days_here: int = 0
    steps: list[StepLine] = []
    stays: list[StayLine] = []
    stages_stayed: list[StageLine] = []
    employees: list[Option] = []
    may_change: bool = False

    asks: bool = False
    asked: list[str] = []
    own: list[OwnFieldLine] = []
    asked_stage: str = ""
    override_reason: str = ""
    """Why the order says no, where somebody is about to go past it."""
    errors: dict[str, str] = {}
    form_key: int = 0

    _wanted_stage: int = 0

    @handler("deal.see")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        number = self._number_in_address
        self.number, self.values, self.steps, self.asks = 0, {}, [], False
        self.employees = await self._choose_from_employees()
        await self._watch({f"deal:{number}"}, OneDeal.changed)
        await self._load(number)

    @handler("deal.see")
    async def changed(self) -> None:
        """Somebody has changed the deal."""
        await self._load(self.number)

    # ---- fields ------------------------------------------------------------------------------------------------------

    @handler("deal.change")
    async def field_edited(self, name: str, text: str, seen: str) -> None:
        """A field was edited in place."""
        if name in EDITED:
            await self._give(name, text, seen)

    @handler("deal.change")
    async def by_items_toggled(self) -> None:
        """The amount is the sum of the items, or one's own figure."""
        await self._change({"amount_by_items": not self.amount_by_items})

    async def _stands(self, name: str) -> Standing:
        version = await self._load(self.number)
        return Standing(self.values[name], version, self.client_name if name == "client_id" else "")

    async def _put(self, name: str, text: str, version: int) -> None:
        values = {name: typed_value(name, text)}
        await self._act(change_deal, deal_id=self.number, values=values, version=version)

    async def _change(self, values: dict[str, Any]) -> None:
        await self._act(change_deal, deal_id=self.number, values=values)
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
            self.override_reason = ""
            await self._open_needs(step, [reason.field for reason in verdict.reasons])
            return
        if verdict.drop == "no" and verdict.may_override:
            self.override_reason = verdict.reasons[0].text(self._locale)
            await self._open_needs(step, ["reason"])
            return
        await self._act(move_deal, deal_id=self.number, stage_id=stage_id)
        await self._load(self.number)

    @handler("deal.override")
    async def override_wanted(self, stage_id: int) -> None:
        """Go past an approval that the deal waits for, and say why."""
        step = next((step for step in self.steps if step["id"] == stage_id), None)
        verdict = next((row for row in await self._ask(moves, deal_id=self.number) if row.stage_id == stage_id), None)
        if step is not None and verdict is not None and verdict.may_override:
            self.override_reason = verdict.reasons[0].text(self._locale)
            await self._open_needs(step, ["reason"])

    async def _open_needs(self, step: StepLine, asked: list[str]) -> None:
        self._wanted_stage, self.asked_stage, self.asked = step["id"], step["name"], asked
        self.own = await fields_on_the_way(self, "deal", self.number, asked)
        self.asks, self.errors, self.form_key = True, {}, self.form_key + 1

    @handler("deal.move")
    async def needs_given(self, fields: dict[str, str]) -> None:
        """Save what was asked for, and the stage, together."""
        self.errors = {}
        try:
            entry, reason = entry_of(fields, self.asked), fields.get("reason", "")
            told: dict[str, Any] = {"fields": entry, "reason": reason, "override": self.override_reason != ""}
            await self._act(move_deal, deal_id=self.number, stage_id=self._wanted_stage, **told)
        except CrmError as refused:
            if refused.key == "deals.error.approval_asked":
                self.asks = False
                await self._load(self.number)
            self._note(refused)
            missing = [field for field in self.errors if field not in self.asked]
            if self.override_reason and missing:  # the order was all that was known to stand in the way
                self.asked = [*self.asked, *missing]
                self.own = await fields_on_the_way(self, "deal", self.number, self.asked)
            return
        self.asks = False
        await self._load(self.number)

    @handler("deal.move")
    async def needs_closed(self) -> None:
        """The deal stays where it is."""
        self.asks, self.errors = False, {}

    @handler("deal.delete")
    async def removed(self) -> rx.event.EventSpec:
        """Move the deal to the bin; the toast takes it back."""
        await self._act(delete_deal, deal_id=self.number)
        await self._toast("deals.deleted", undo=Undo(restore_deal, {"deal_id": self.number}))
        return rx.redirect("/deals")

    # ---- what is shown -----------------------------------------------------------------------------------------------

    async def _load(self, number: int) -> int:
        """Show the deal; gives its version."""
        seen = await self._ask(see_deal, deal_id=number)
        deal, self.number, self.values = seen.deal, seen.deal.id, typed_values(seen.deal)
        self.client_name = deal.client_name
        self.client_href = f"/clients/{deal.client_id}" if deal.client_name else ""
        self.pipeline_name, self.responsible = deal.pipeline_name, deal.responsible_name
        self.amount, self.has_amount = deal.amount or 0, deal.amount is not None
        self.amount_by_items, self.is_lost = deal.amount_by_items, deal.stage_kind == "lost"
        self.since, self.days_here = deal.entered_stage_at.isoformat(), (clock.now() - deal.entered_stage_at).days
        way, rows = await self._ask(see_pipeline, pipeline_id=deal.pipeline_id), await self._ask(moves, deal_id=number)
        self.steps = step_lines(way.stages, rows, deal, self._locale)
        stays = await self._ask(list_stays, deal_id=number)
        self.stays, self.stages_stayed = stay_lines(stays), stage_lines(stays)
        self.may_change = seen.may_change
        return int(deal.version)

    def _note(self, refused: CrmError) -> None:
        self.errors = self._by_field(refused)
        if not self.errors:
            raise refused


def typed_value(name: str, text: str) -> Any:
    """What was typed, as the action takes it."""
    if name == "amount":
        return minor_units(text) if text else None
    if name == "responsible_id":
        return number_in(text)
    if name == "client_id":
        return number_in(text) or None
    return text
