"""The State of /leads/[lead_id]: one lead with all that staff know of it, and its way through the stages."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.access.screens.editing import EditsInPlace, Standing
from crm_app.cards.kinds import KINDS
from crm_app.cards.screens.asked import fields_on_the_way
from crm_app.cards.screens.custom_lines import OwnFieldLine
from crm_app.cards.screens.values import phones_label, split_values
from crm_app.clients.screens.copies import added, look_for_copies
from crm_app.core.clock import iso
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text as words
from crm_app.leads import rules
from crm_app.leads.actions.cards import change_lead, remove_lead, restore_lead
from crm_app.leads.actions.moves import disqualify_lead, move_lead, take_back_lead, touch_lead, untouch_lead
from crm_app.leads.actions.unconverting import undo_conversion
from crm_app.leads.queries.cards import LeadCard, find_lead_duplicates, list_moves, list_sources, see_lead
from crm_app.leads.queries.converting import see_conversion
from crm_app.leads.screens.lines import source_options
from crm_app.leads.screens.needs import own_values
from crm_app.pipelines.queries import see_pipeline
from crm_app.pipelines.rules import LOST
from crm_app.ui.field import Option

LISTS = ("phones", "emails")


class StepLine(TypedDict):
    """A stage of the lead's pipeline. drop: whether it may be entered now; reason: why not."""

    id: int
    name: str
    kind: str
    colour: str
    is_here: bool
    drop: str
    reason: str


class TouchLine(TypedDict):
    """How the lead stands with its first touch; times are ISO, "" for none."""

    touch: str
    touch_due_at: str
    touched_at: str
    created_at: str


class BecameLine(TypedDict):
    """A card that the lead has become. kind: what such a card is; href: "" for one that the person may not see."""

    kind: str
    name: str
    href: str


NO_TOUCH: TouchLine = {"touch": "", "touch_due_at": "", "touched_at": "", "created_at": ""}


class OneLead(EditsInPlace, Screen):
    """One lead as one employee sees it. values: each field as it is typed; shown: as it is read."""

    lead_id: int = 0
    name: str = ""
    values: dict[str, str] = {}
    shown: dict[str, str] = {}
    steps: list[StepLine] = []
    stage: str = ""
    stage_kind: str = ""
    colour: str = ""
    reason: str = ""
    is_converted: bool = False
    became: list[BecameLine] = []
    touch: TouchLine = NO_TOUCH
    may_change: bool = False
    may_delete: bool = False
    employees: list[Option] = []
    sources: list[Option] = []
    errors: dict[str, str] = {}
    saves: int = 0
    asks: bool = False
    asked: list[str] = []
    own: list[OwnFieldLine] = []
    asked_stage: str = ""
    form_key: int = 0

    _wanted_stage: int = 0
    _reason: str = ""

    @handler("lead.see")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        self.lead_id = self._number_in_address
        self.name, self.values, self.shown, self.steps, self.touch = "", {}, {}, [], NO_TOUCH
        self.is_converted, self.became, self.asks = False, [], False
        self.employees = await self._choose_from_employees()
        self.sources = source_options(await self._ask(list_sources), self._locale)
        await self._watch({f"lead:{self.lead_id}"}, OneLead.changed)
        await self._load()

    @handler("lead.see")
    async def changed(self) -> None:
        """Somebody has changed the lead."""
        await self._load()

    @handler("lead.change")
    async def field_edited(self, name: str, text: str, seen: str) -> None:
        """A field was edited in place."""
        if name in rules.FIELDS:
            await self._give(name, text, seen)
            if self.verdicts[name]["state"] == "saved":
                await look_for_copies(self, find_lead_duplicates, "lead", self.lead_id, added(name, text, seen))

    @handler("lead.change")
    async def stage_chosen(self, stage_id: int) -> None:
        """Enter another stage, or be asked for what it wants."""
        rows = await self._ask(list_moves, lead_id=self.lead_id)
        verdict = next((row for row in rows if row.stage_id == stage_id), None)
        if verdict is not None and verdict.drop == "needs":
            await self._ask_for(stage_id, [reason.field for reason in verdict.reasons])
            return
        await self._act(move_lead, lead_id=self.lead_id, stage_id=stage_id)
        await self._load()

    @handler("lead.change")
    async def needs_given(self, fields: dict[str, str]) -> None:
        """Save what was asked for, and the stage, together."""
        self.errors = {}
        own, reason = own_values(fields, self.asked), fields.get("reason", "") or self._reason
        where = {"lead_id": self.lead_id, "stage_id": self._wanted_stage}
        try:
            await self._act(move_lead, **where, reason=reason, fields=own)
        except CrmError as refused:
            self.errors = self._by_field(refused)
            if not self.errors:
                raise
            return
        self.asks = False
        self.saves += 1
        await self._load()

    @handler("lead.change")
    async def needs_closed(self) -> None:
        """The lead stays where it is."""
        self.asks, self.errors = False, {}

    @handler("lead.change")
    async def disqualified(self, fields: dict[str, str]) -> None:
        """It comes to nothing, for a reason; the toast takes it back."""
        self.errors = {}
        try:
            await self._act(disqualify_lead, lead_id=self.lead_id, reason=fields.get("reason", ""))
        except CrmError as refused:
            self.errors = self._by_field(refused)
            if not self.errors:
                raise
            if "reason" not in self.errors:
                lost = next((step["id"] for step in self.steps if step["kind"] == LOST), 0)
                await self._ask_for(lost, list(self.errors), fields.get("reason", ""))
            return
        await self._toast("leads.disqualified", undo=Undo(take_back_lead, {"lead_id": self.lead_id}))
        self.saves += 1
        await self._load()

    @handler("lead.change")
    async def taken_back(self) -> None:
        """It is worked on again."""
        await self._act(take_back_lead, lead_id=self.lead_id)
        await self._toast("leads.taken_back")
        await self._load()

    @handler("lead.change")
    async def unconverted(self) -> None:
        """It is a lead again; what was worked on since stays, and is told."""
        outcome = await self._act(undo_conversion, lead_id=self.lead_id)
        left = {each.partition(".")[0] for each in (*outcome.kept, *outcome.left)}
        named = ", ".join(words(f"card.{kind}", self._locale) for kind in sorted(left))
        await self._toast("leads.unconverted_but" if left else "leads.unconverted", left=named)
        await self._load()

    @handler("lead.change")
    async def touched(self) -> None:
        """Somebody has got in touch; the toast takes it back."""
        await self._act(touch_lead, lead_id=self.lead_id)
        await self._toast("leads.touched", undo=Undo(untouch_lead, {"lead_id": self.lead_id}))
        await self._load()

    @handler("lead.delete")
    async def removed(self) -> rx.event.EventSpec:
        """Move the lead to the bin; the toast takes it back."""
        await self._act(remove_lead, lead_id=self.lead_id)
        await self._toast("leads.removed", undo=Undo(restore_lead, {"lead_id": self.lead_id}))
        return rx.redirect("/leads")

    async def _ask_for(self, stage_id: int, asked: list[str], reason: str = "") -> None:
        """Open the sheet for what a stage wants. reason: why the lead is disqualified, where that is known."""
        self._wanted_stage, self._reason, self.asked = stage_id, reason, asked
        self.asked_stage = next((step["name"] for step in self.steps if step["id"] == stage_id), "")
        self.own = await fields_on_the_way(self, "lead", self.lead_id, asked)
        self.asks, self.errors, self.form_key = True, {}, self.form_key + 1

    async def _stands(self, name: str) -> Standing:
        version = await self._load()
        return Standing(self.values[name], version)

    async def _put(self, name: str, text: str, version: int) -> None:
        values = {name: typed_value(name, text)}
        await self._act(change_lead, lead_id=self.lead_id, values=values, version=version)

    async def _load(self) -> int:
        """Show the card; gives its version."""
        seen: LeadCard = await self._ask(see_lead, lead_id=self.lead_id)
        self.name, self.may_change, self.may_delete = seen.name, seen.may_change, seen.may_delete
        self.stage, self.stage_kind, self.reason = seen.stage, seen.stage_kind, seen.disqualified_reason
        self.values = typed_values(seen, self._locale)
        self.shown = {
            "responsible_id": seen.responsible,
            "phones": phones_label(seen.phones, self._locale),
            "channel": rules.channel_label(seen.channel, self._locale),
        }
        self.touch = {
            "touch": seen.touch,
            "touch_due_at": iso(seen.touch_due_at),
            "touched_at": iso(seen.touched_at),
            "created_at": iso(seen.created_at),
        }
        await self._load_steps(seen)
        await self._load_became(seen)
        return seen.version

    async def _load_became(self, seen: LeadCard) -> None:
        self.is_converted = seen.converted_at is not None
        found = await self._ask(see_conversion, lead_id=self.lead_id) if self.is_converted else []
        self.became = [
            {
                "kind": words(f"card.{each.card}", self._locale),
                "name": each.name or words("leads.became_unseen", self._locale),
                "href": KINDS[each.card].href.format(id=each.id) if each.name else "",
            }
            for each in found
        ]

    async def _load_steps(self, seen: LeadCard) -> None:
        way = await self._ask(see_pipeline, pipeline_id=seen.pipeline_id)
        moves = {row.stage_id: row for row in await self._ask(list_moves, lead_id=self.lead_id)}
        self.steps = [
            {
                "id": stage.id,
                "name": stage.name,
                "kind": stage.kind,
                "colour": stage.colour,
                "is_here": stage.id == seen.stage_id,
                "drop": moves[stage.id].drop,
                "reason": "; ".join(reason.text(self._locale) for reason in moves[stage.id].reasons),
            }
            for stage in way.stages
        ]
        self.colour = next((step["colour"] for step in self.steps if step["is_here"]), "")


def typed_values(card: LeadCard, locale: str) -> dict[str, str]:
    """Each field as text, in the form in which it is typed."""
    values = {name: str(getattr(card, name) or "") for name in rules.FIELDS}
    values |= {name: ", ".join(getattr(card, name)) for name in LISTS}
    return values | {"source": rules.source_label(card.source, locale)}


def typed_value(name: str, text: str) -> Any:
    """What was typed, as the action takes it."""
    if name in LISTS:
        return split_values(text)
    return (number_in(text) or None) if name == "responsible_id" else text
