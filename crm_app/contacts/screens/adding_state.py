"""The State of the dialog for a new contact."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from crm_app.access.screens.base import Part, handler, number_in
from crm_app.cards.screens.adding import AddsCard
from crm_app.cards.screens.custom_lines import typed_values
from crm_app.cards.screens.values import split_values
from crm_app.contacts.actions.cards import add_contact
from crm_app.contacts.queries import find_contact_duplicates
from crm_app.contacts.rules import PARTS, ContactValues

ADDRESS = "/contacts"
HINTED = (*PARTS, "phones", "emails")
"""Fields by which somebody who is there already is found."""


class AddingContact(AddsCard, Part):
    """A new contact."""

    _card: ClassVar = "contact"
    _address: ClassVar = ADDRESS
    _duplicate: ClassVar = "contacts.error.duplicate"

    _typed: dict[str, str] = {}

    @handler("contact.see")
    async def opened(self) -> None:
        """The address may ask for the dialog at once."""
        self._begin(self._is_asked_for)
        if self.adds:
            await self._ask_for_fields()

    @handler("contact.create")
    async def dialog_opened(self) -> None:
        """A new contact."""
        await self._ask_for_fields()
        self._begin(True)

    @handler("contact.see")
    async def dialog_closed(self) -> None:
        """The dialog was closed."""
        self._begin(False)

    @handler("contact.create", supersedes=True)
    async def typed(self, field: str, text: str) -> None:
        """Look for the same person while name, phones and addresses are being typed."""
        if field not in HINTED:
            return
        self._typed = {**self._typed, field: text[:300]}
        name = " ".join(self._typed.get(part, "") for part in PARTS)
        ways = {way: split_values(self._typed.get(way, ""))[:5] for way in ("phones", "emails")}
        self._look(await self._ask(find_contact_duplicates, name=name, **ways))

    @handler("contact.create")
    async def contact_added(self, fields: dict[str, str]) -> rx.event.EventSpec | None:
        """Add a contact; one that is there already is shown first, and a second click adds all the same."""
        self.errors = {}
        contact = await self._act(add_contact, values=_values(fields), force=fields.get("force") == "true")
        self.saves += 1
        self._begin(False)
        return rx.redirect(f"{ADDRESS}/{contact.id}")

    def _begin(self, adds: bool) -> None:
        super()._begin(adds)
        self._typed = {}


def _values(fields: dict[str, str]) -> ContactValues:
    values: dict[str, Any] = {name: fields.get(name, "") for name in (*PARTS, "city", "birthday")}
    values |= {name: split_values(fields.get(name, "")) for name in ("phones", "emails")}
    if responsible_id := number_in(fields.get("responsible_id")):
        values["responsible_id"] = responsible_id
    values["fields"] = typed_values(fields)
    return values
