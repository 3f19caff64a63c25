"""The State of /contacts: the list, as its address says it."""

from __future__ import annotations

from typing import ClassVar

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.card_list import PAGE_ROWS, CardListScreen
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.contacts.queries import count_contacts, list_contacts
from crm_app.contacts.screens.lines import contact_line

ADDRESS = "/contacts"


class Contacts(CardListScreen, Screen):
    """The list, and what is done with its ticked rows."""

    _listing: ClassVar = Listing(ADDRESS, permission="contact.see", usual={**ALL, "sort": "name"})
    _card: ClassVar = "contact"

    @handler("contact.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        self._begin()
        await self._load_people_and_tags()
        await self._watch({"contacts", "fields:contact"}, Contacts.changed)
        await self._load_columns()
        await self._reload()

    @handler("contact.see")
    async def changed(self) -> None:
        """Somebody has changed a contact, or what fields they have: rows and count are asked for again."""
        await self._hear_of_fields(self._heard(Contacts.changed))
        await self._load("")

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        found = await self._ask(list_contacts, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        total = self.page["total"] if after else await self._ask(count_contacts, **asked)
        return Found([contact_line(row) for row in found.rows], found.next, total)
