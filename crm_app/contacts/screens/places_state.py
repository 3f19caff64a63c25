"""The States of two panels: who works at a client, on its card, and where a contact works, on theirs."""

from __future__ import annotations

from typing import Any, ClassVar

from crm_app.access.screens.base import FillsItself, Part, Undo, handler, number_in
from crm_app.contacts.actions.places import add_contact_at_client, change_place, link_contact, unlink_contact
from crm_app.contacts.queries import find_contacts, find_workplaces, list_places
from crm_app.contacts.screens.lines import PlaceLine, place_line
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.ui.field import Option

NEW = "new"
"""Stands for the id of the contact who is not there yet."""


class Places(FillsItself, mixin=True):
    """One side of the links between contacts and clients. found: what was found for the words typed last.

    _card: the kind of the card whose panel it is.
    """

    _card: ClassVar[str]

    lines: list[PlaceLine] = []
    has_none: bool = False
    found: list[Option] = []
    saves: int = 0

    _card_id: int = 0
    _words: str = ""

    @handler("contact.see")
    async def opened(self) -> None:
        """Show the links of the card in the address, and follow what others change."""
        self._card_id, self.lines, self.has_none, self.found = self._number_in_address, [], False, []
        await self._watch({f"{self._card}:{self._card_id}"}, type(self).changed)
        await self._load()
        self._is_filled()

    @handler("contact.see")
    async def changed(self) -> None:
        """A link of the card has changed."""
        await self._load()

    @handler("contact.see")
    async def position_edited(self, name: str, position: str) -> None:
        """Other words for what the contact does there. name: "position-" and the id of the other card."""
        other_id = number_in(name.rpartition("-")[2])
        if other_id:
            await self._act(change_place, **self._pair(other_id), values={"position": position})
            await self._load()

    @handler("contact.see")
    async def main_wanted(self, other_id: int) -> None:
        """The contact who is talked to first."""
        await self._act(change_place, **self._pair(other_id), values={"is_main": True})
        await self._load()

    @handler("contact.see")
    async def unlinked(self, other_id: int) -> None:
        """Take a link back; the toast brings it again."""
        was = await self._act(unlink_contact, **self._pair(other_id))
        again = Undo(link_contact, {**self._pair(other_id), "values": was})
        await self._toast("contacts.unlinked", undo=again)
        await self._load()

    async def _load(self) -> None:
        of_client = self._card == "client"
        rows = await self._ask(list_places, **{f"{self._card}_id": self._card_id})
        self.lines = [place_line(row, of_client) for row in rows]
        self.has_none = not rows

    async def _link(self, other_id: int) -> None:
        await self._act(link_contact, **self._pair(other_id))
        self.found = []
        self.saves += 1
        await self._load()

    def _pair(self, other_id: int) -> dict[str, int]:
        of_client = self._card == "client"
        contact_id, client_id = (other_id, self._card_id) if of_client else (self._card_id, other_id)
        return {"contact_id": contact_id, "client_id": client_id}


class ClientContacts(Places, Part):
    """Who works at the client whose card is open. doubted: the name of who may be there already."""

    _card: ClassVar = "client"

    _doubted: str = ""

    @handler("contact.see", supersedes=True)
    async def searched(self, words: str) -> None:
        """Contacts in whose text these words stand, and whoever is not there yet."""
        self._words = " ".join(words.split())[:200]
        rows = await self._ask(find_contacts, words=self._words)
        self.found = [{"id": str(contact_id), "label": name, "hint": ""} for contact_id, name in rows]
        if self._words and self._actor.may("contact.create"):
            key = "contacts.add_anyway" if self._words == self._doubted else "contacts.linked_new"
            self.found.append({"id": NEW, "label": text(key, self._locale, name=self._words), "hint": ""})

    @handler("contact.see")
    async def picked(self, option: str) -> None:
        """A contact was chosen, or a new one wanted: a second time, though one like them is there already."""
        if number_in(option):
            await self._link(number_in(option))
        elif option == NEW:
            force, self._doubted = self._words == self._doubted, self._words
            await self._act(add_contact_at_client, client_id=self._card_id, contact={"name": self._words}, force=force)
            self._doubted, self.found = "", []
            self.saves += 1
            await self._load()

    async def _refused(self, error: CrmError) -> Any:
        if error.key != "contacts.error.duplicate":
            self._doubted = ""
        return await super()._refused(error)


class ContactPlaces(Places, Part):
    """Where the contact whose card is open works."""

    _card: ClassVar = "contact"

    @handler("contact.see", supersedes=True)
    async def searched(self, words: str) -> None:
        """Clients in whose text these words stand."""
        rows = await self._ask(find_workplaces, words=words[:200])
        self.found = [{"id": str(client_id), "label": name, "hint": ""} for client_id, name in rows]

    @handler("contact.see")
    async def picked(self, option: str) -> None:
        """A client was chosen."""
        if number_in(option):
            await self._link(number_in(option))
