"""The State of the dialog for a new client: by its fields, or written in one line."""

from __future__ import annotations

from typing import Any, ClassVar, TypedDict

import reflex as rx

from crm_app.access.screens.base import Part, handler, number_in
from crm_app.cards.screens.adding import AddsCard
from crm_app.cards.screens.custom_lines import typed_values
from crm_app.cards.screens.values import phones_label, split_values
from crm_app.clients.actions.cards import add_client
from crm_app.clients.one_line import TakenApart, take_apart
from crm_app.clients.queries import find_duplicates
from crm_app.clients.rules import ClientValues
from crm_app.clients.screens.lines import kind_label
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text

ADDRESS = "/clients"
HINTED = ("name", "inn", "phones", "emails")
"""Fields by which a client who is there already is found."""
_TYPED = ("name", "kind", "type", "status", "inn", "city")


class TakenLine(TypedDict):
    """A field of a client that was written in one line, as it is read."""

    label: str
    value: str


class AddingClient(AddsCard, Part):
    """A new client. taken: what the line comes to; in_line: whether the line was sent, and not the fields."""

    _card: ClassVar = "client"
    _address: ClassVar = ADDRESS
    _duplicate: ClassVar = "clients.error.duplicate"

    taken: list[TakenLine] = []
    in_line: bool = False
    _typed: dict[str, str] = {}

    @handler("client.see")
    async def opened(self) -> None:
        """The address may ask for the dialog at once."""
        self._begin(self._is_asked_for)
        if self.adds:
            await self._ask_for_fields()

    @handler("client.create")
    async def dialog_opened(self) -> None:
        """A new client."""
        await self._ask_for_fields()
        self._begin(True)

    @handler("client.see")
    async def dialog_closed(self) -> None:
        """The dialog was closed."""
        self._begin(False)

    @handler("client.create", supersedes=True)
    async def typed(self, field: str, text: str) -> None:
        """Look for the same client while name, phones, addresses and taxpayer's number are being typed."""
        if field not in HINTED:
            return
        self.in_line = False
        self._typed = {**self._typed, field: text[:300]}
        name, inn = (self._typed.get(each, "") for each in ("name", "inn"))
        ways = {way: split_values(self._typed.get(way, ""))[:5] for way in ("phones", "emails")}
        name = name if len(name.strip()) > 2 else ""
        self._look(await self._ask(find_duplicates, name=name, inn=inn, **ways))

    @handler("client.create", supersedes=True)
    async def line_typed(self, line: str) -> None:
        """Show what a line comes to, and who may be there already."""
        taken = take_apart(line)
        self.in_line, self.taken = True, _taken_lines(taken, self._locale)
        described = {"name": taken.name, "kind": taken.kind, "inn": taken.inn}
        self._look(await self._ask(find_duplicates, **described, phones=taken.phones, emails=taken.emails))

    @handler("client.create")
    async def client_added(self, fields: dict[str, str]) -> rx.event.EventSpec | None:
        """Add a client; one that is there already is shown first, and a second click adds all the same."""
        self.in_line = False
        return await self._add(_values(fields), fields)

    @handler("client.create")
    async def line_added(self, fields: dict[str, str]) -> rx.event.EventSpec | None:
        """The same, written in one line."""
        self.in_line = True
        return await self._add(_values_of(take_apart(fields.get("line", ""))), fields)

    async def _add(self, values: ClientValues, fields: dict[str, str]) -> rx.event.EventSpec:
        self.errors = {}
        client = await self._act(add_client, values=values, force=fields.get("force") == "true")
        self.saves += 1
        self._begin(False)
        return rx.redirect(f"{ADDRESS}/{client.id}")

    def _begin(self, adds: bool) -> None:
        super()._begin(adds)
        self.in_line, self.taken, self._typed = False, [], {}

    def _wrong(self, error: CrmError) -> dict[str, str]:
        if not self.in_line:
            return super()._wrong(error)
        return {"line": " ".join(reason.text(self._locale) for reason in error.reasons)}


def _taken_lines(taken: TakenApart, locale: str) -> list[TakenLine]:
    shown = {
        "name": taken.name,
        "kind": kind_label(taken.kind, locale) if taken.name else "",
        "phones": phones_label(taken.phones, locale),
        "emails": ", ".join(taken.emails),
        "inn": taken.inn,
        "site": taken.site,
        "note": taken.note,
    }
    return [{"label": text(f"field.client.{name}", locale), "value": value} for name, value in shown.items() if value]


def _values_of(taken: TakenApart) -> ClientValues:
    return {
        "name": taken.name,
        "kind": taken.kind,
        "phones": list(taken.phones),
        "emails": list(taken.emails),
        "inn": taken.inn,
        "site": taken.site,
        "note": taken.note,
    }


def _values(fields: dict[str, str]) -> ClientValues:
    values: dict[str, Any] = {name: fields[name] for name in _TYPED if fields.get(name)}
    values["name"] = fields.get("name", "")
    values |= {name: [fields[name]] for name in ("phones", "emails") if fields.get(name)}
    if responsible_id := number_in(fields.get("responsible_id")):
        values["responsible_id"] = responsible_id
    values["fields"] = typed_values(fields)
    return values
