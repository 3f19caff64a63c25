"""The State of /contacts: the list, as its address says it."""

from __future__ import annotations

from typing import ClassVar

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.cards.screens.card_list import PAGE_ROWS, CardListScreen
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.contacts.actions.bulk import change_contacts, remove_contacts, restore_contacts
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
        await self._watch({"contacts"}, Contacts.changed)
        await self._reload()

    @handler("contact.see")
    async def changed(self) -> None:
        """Somebody has changed a contact: the first rows and the count are asked for again."""
        await self._load("")

    @handler("contact.change")
    async def bulk_changed(self, field: str, text: str) -> None:
        """Give all ticked contacts one responsible employee or tag."""
        if field == "tag" and text:
            outcome = await self._act(change_contacts, **self._which(), add_tag=text)
        elif field == "responsible_id" and number_in(text):
            outcome = await self._act(change_contacts, **self._which(), responsible_id=number_in(text))
        else:
            return
        await self._toast("contacts.bulk.changed", n=outcome)
        self.saves += 1
        await self._reload()

    @handler("contact.delete")
    async def bulk_removed(self) -> None:
        """Move all ticked contacts to the bin; the toast takes it back."""
        ids = await self._act(remove_contacts, **self._which())
        await self._toast("contacts.bulk.removed", undo=Undo(restore_contacts, {"ids": ids}), n=len(ids))
        self.ticked, self.all_ticked = [], False
        await self._reload()

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        found = await self._ask(list_contacts, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        total = self.page["total"] if after else await self._ask(count_contacts, **asked)
        return Found([contact_line(row) for row in found.rows], found.next, total)
