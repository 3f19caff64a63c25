"""The State of /contacts: the list, as its address says it."""

from __future__ import annotations

from typing import Any, ClassVar

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.card_list import PAGE_ROWS
from crm_app.cards.screens.cells import CellKind, EditsCells, Typed
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.clients.screens.copies import added, look_for_copies
from crm_app.contacts.actions.cards import change_contact
from crm_app.contacts.queries import ContactCard, count_contacts, find_contact_duplicates, list_contacts, see_contact
from crm_app.contacts.screens.card_state import typed_value, typed_values
from crm_app.contacts.screens.lines import contact_line

ADDRESS = "/contacts"


_CELLS = {
    "name": CellKind("name"), "responsible": CellKind("responsible_id", "select", "employees"),
    "phone": CellKind("phones", "tel"), "email": CellKind("emails"), "birthday": CellKind("birthday", "date"),
    "note": CellKind("note", "textarea"),
    **{name: CellKind(name) for name in ("city", "last_name", "first_name", "patronymic", "address")},
}  # fmt: skip


class Contacts(EditsCells, Screen):
    """The list, and what is done with its ticked rows."""

    _listing: ClassVar = Listing(ADDRESS, permission="contact.see", usual={**ALL, "sort": "name"})
    _card: ClassVar = "contact"
    _cells: ClassVar = _CELLS

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
        lines, next_ = await self._lines(asked, after)
        return Found(lines, next_, self.page["total"] if after else await self._ask(count_contacts, **asked))

    async def _lines(self, asked: dict[str, Any], after: str) -> tuple[list[Any], str]:
        found = await self._ask(list_contacts, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        return [contact_line(row) for row in found.rows], found.next

    async def _typed(self, card_id: int) -> Typed:
        seen: ContactCard = await self._ask(see_contact, contact_id=card_id)
        return Typed(seen.version, seen.may_change, {**typed_values(seen), "name": seen.name})

    async def _write(self, card_id: int, name: str, value: str, version: int) -> None:
        await self._act(change_contact, contact_id=card_id, values={name: typed_value(name, value)}, version=version)

    async def _was_written(self, card_id: int, name: str, value: str, seen: str) -> None:
        await look_for_copies(self, find_contact_duplicates, "contact", card_id, added(name, value, seen))
