"""The State of /contacts/[contact_id]: one contact with all that staff know of them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.access.screens.editing import EditsInPlace, Standing
from crm_app.cards.screens.merged_away import lead_on
from crm_app.cards.screens.pictures_state import may_picture
from crm_app.cards.screens.values import phones_label, split_values
from crm_app.clients.screens.copies import added, look_for_copies
from crm_app.contacts import rules
from crm_app.contacts.actions.cards import change_contact, remove_contact, restore_contact
from crm_app.contacts.queries import ContactCard, find_contact_duplicates, see_contact
from crm_app.core.errors import NotFound
from crm_app.ui.field import Option

LISTS = ("phones", "emails", "links")


class OneContact(EditsInPlace, Screen):
    """One contact as one employee sees it. values: each field as it is typed; shown: as it is read."""

    contact_id: int = 0
    name: str = ""
    picture: str = ""
    may_picture: bool = False
    values: dict[str, str] = {}
    shown: dict[str, str] = {}
    links: list[str] = []
    may_change: bool = False
    may_delete: bool = False
    employees: list[Option] = []

    @handler("contact.see")
    async def opened(self) -> rx.event.EventSpec | None:
        """Fill the page, and follow what others change; a card that was merged leads to the one that stands for it."""
        self.contact_id = self._number_in_address
        self.name, self.values, self.shown, self.links = "", {}, {}, []
        self.picture, self.may_picture = "", False
        self.employees = await self._choose_from_employees()
        await self._watch({f"contact:{self.contact_id}"}, OneContact.changed)
        return await self._show_or_lead_on()

    @handler("contact.see")
    async def changed(self) -> rx.event.EventSpec | None:
        """Somebody has changed the contact, or merged it."""
        return await self._show_or_lead_on()

    @handler("contact.change")
    async def field_edited(self, name: str, text: str, seen: str) -> None:
        """A field was edited in place."""
        if name in rules.FIELDS:
            await self._give(name, text, seen)
            if self.verdicts[name]["state"] == "saved":
                asked = added(name, text, seen)
                await look_for_copies(self, find_contact_duplicates, "contact", self.contact_id, asked)

    @handler("contact.delete")
    async def removed(self) -> rx.event.EventSpec:
        """Move the contact to the bin; the toast takes it back."""
        await self._act(remove_contact, contact_id=self.contact_id)
        await self._toast("contacts.removed", undo=Undo(restore_contact, {"contact_id": self.contact_id}))
        return rx.redirect("/contacts")

    async def _show_or_lead_on(self) -> rx.event.EventSpec | None:
        try:
            await self._load()
        except NotFound as missing:
            return await lead_on(self, "contact", self.contact_id, missing)
        return None

    async def _stands(self, name: str) -> Standing:
        version = await self._load()
        return Standing(self.values[name], version)

    async def _put(self, name: str, text: str, version: int) -> None:
        values = {name: typed_value(name, text)}
        await self._act(change_contact, contact_id=self.contact_id, values=values, version=version)

    async def _load(self) -> int:
        """Show the card; gives its version."""
        seen: ContactCard = await self._ask(see_contact, contact_id=self.contact_id)
        self.name, self.may_change, self.may_delete, self.links = (
            seen.name, seen.may_change, seen.may_delete, seen.links,
        )  # fmt: skip
        self.picture, self.may_picture = seen.picture, may_picture(self._actor, "contact", seen.may_change)
        self.values = typed_values(seen)
        self.shown = {"responsible_id": seen.responsible, "phones": phones_label(seen.phones, self._locale)}
        return seen.version


def typed_values(card: ContactCard) -> dict[str, str]:
    """Each field as text, in the form in which it is typed."""
    values = {name: str(getattr(card, name) or "") for name in rules.FIELDS}
    return values | {name: ", ".join(getattr(card, name)) for name in LISTS}


def typed_value(name: str, text: str) -> Any:
    """What was typed, as the action takes it."""
    if name in LISTS:
        return split_values(text)
    if name == "responsible_id":
        return number_in(text) or None
    return (text or None) if name == "birthday" else text
