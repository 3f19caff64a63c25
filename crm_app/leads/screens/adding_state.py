"""The State of the dialog for a new lead."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from crm_app.access.screens.base import Part, handler, number_in
from crm_app.cards.screens.adding import AddsCard
from crm_app.cards.screens.custom_lines import typed_values
from crm_app.cards.screens.values import split_values
from crm_app.leads.actions.cards import add_lead
from crm_app.leads.queries.cards import find_lead_duplicates, list_sources
from crm_app.leads.rules import LeadValues
from crm_app.leads.screens.lines import source_options
from crm_app.pipelines.queries import list_pipelines
from crm_app.pipelines.rules import OPEN
from crm_app.ui.field import Option

ADDRESS = "/leads"
WAYS = ("phones", "emails")
TEXTS = ("name", "person", "organisation", "source", "channel", "interest")


class AddingLead(AddsCard, Part):
    """A new lead: in the pipeline whose board is open, else in the first one."""

    _card: ClassVar = "lead"
    _address: ClassVar = ADDRESS
    _duplicate: ClassVar = "leads.error.duplicate"

    me: str = ""
    employees: list[Option] = []
    sources: list[Option] = []

    _typed: dict[str, str] = {}

    @handler("lead.see")
    async def opened(self) -> None:
        """The address may ask for the dialog at once."""
        self.me = str(self._actor.id)
        self.employees = await self._choose_from_employees()
        self.sources = source_options(await self._ask(list_sources), self._locale)
        self._begin(self._is_asked_for)
        if self.adds:
            await self._ask_for_fields(*await self._beginning())

    @handler("lead.create")
    async def dialog_opened(self) -> None:
        """A new lead."""
        await self._ask_for_fields(*await self._beginning())
        self._begin(True)

    @handler("lead.see")
    async def dialog_closed(self) -> None:
        """The dialog was closed."""
        self._begin(False)

    @handler("lead.create", supersedes=True)
    async def typed(self, field: str, text: str) -> None:
        """Look for who has asked before while phones and addresses are being typed."""
        if field not in WAYS:
            return
        self._typed = {**self._typed, field: text[:300]}
        ways = {way: split_values(self._typed.get(way, ""))[:5] for way in WAYS}
        self._look(await self._ask(find_lead_duplicates, **ways))

    @handler("lead.create")
    async def lead_added(self, fields: dict[str, str]) -> rx.event.EventSpec:
        """Add a lead; one that is there already is shown first, and a second click adds all the same."""
        self.errors = {}
        asked = {"force": fields.get("force") == "true", "pipeline_id": self._shown_pipeline}
        lead = await self._act(add_lead, values=_values(fields), **asked)
        self.saves += 1
        self._begin(False)
        return rx.redirect(f"{ADDRESS}/{lead.id}")

    @property
    def _shown_pipeline(self) -> int | None:
        """The pipeline whose board is open."""
        return number_in(dict(self.router.url.query_parameters).get("pipeline")) or None

    async def _beginning(self) -> tuple[int, int]:
        """The pipeline that the lead will go through, and its first stage; 0 and 0 where there is none."""
        ways = await self._ask(list_pipelines, card="lead")
        way = next((way for way in ways if self._shown_pipeline in (None, way.id)), None)
        first = next((stage.id for stage in way.stages if stage.kind == OPEN), 0) if way else 0
        return (way.id if way else 0), first

    def _begin(self, adds: bool) -> None:
        super()._begin(adds)
        self._typed = {}


def _values(fields: dict[str, str]) -> LeadValues:
    values: dict[str, Any] = {name: fields[name] for name in TEXTS if fields.get(name, "").strip()}
    values |= {name: split_values(fields.get(name, "")) for name in WAYS}
    if responsible_id := number_in(fields.get("responsible_id")):
        values["responsible_id"] = responsible_id
    values["fields"] = typed_values(fields)
    return values
