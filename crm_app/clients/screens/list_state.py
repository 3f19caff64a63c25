"""The State of /clients: the list, as its address says it."""

from __future__ import annotations

from typing import Any, ClassVar

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.card_list import PAGE_ROWS
from crm_app.cards.screens.cells import CellKind, EditsCells, Typed
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.clients.actions.cards import change_client
from crm_app.clients.queries import ClientCard, count_clients, find_duplicates, list_clients, list_words, see_client
from crm_app.clients.screens.card_state import typed_value, typed_values
from crm_app.clients.screens.copies import added, look_for_copies
from crm_app.clients.screens.lines import client_line, word_options
from crm_app.ui.field import Option

ADDRESS = "/clients"


_CELLS = {
    "name": CellKind("name"), "status": CellKind("status", "select", "statuses"),
    "type": CellKind("type", "select", "types"), "responsible": CellKind("responsible_id", "select", "employees"),
    "phone": CellKind("phones", "tel"), "email": CellKind("emails"), "revenue": CellKind("revenue", "amount"),
    **{name: CellKind(name) for name in (
        "city", "activity", "inn", "kpp", "ogrn", "bic", "account", "bank", "corr_account",
        "address", "site", "contact_name", "position", "employer",
    )},
    "note": CellKind("note", "textarea"), "accounts": CellKind("accounts", "textarea"),
    "first_contact": CellKind("first_contact", "date"), "birthday": CellKind("birthday", "date"),
}  # fmt: skip


class Clients(EditsCells, Screen):
    """The list, and what is done with its ticked rows."""

    _listing: ClassVar = Listing(ADDRESS, permission="client.see", usual={**ALL, "sort": "name"})
    _card: ClassVar = "client"
    _cells: ClassVar = _CELLS

    types: list[Option] = []
    statuses: list[Option] = []

    @handler("client.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        self._begin()
        await self._load_choices()
        await self._watch({"clients", "fields:client"}, Clients.changed)
        await self._load_columns()
        await self._reload()

    @handler("client.see")
    async def changed(self) -> None:
        """Somebody has changed a client, or what fields they have: the first rows and the count are asked for again."""
        await self._hear_of_fields(self._heard(Clients.changed))
        await self._load("")

    async def _load_choices(self) -> None:
        self.types = word_options("type", await self._ask(list_words, field="type"), self._locale)
        self.statuses = word_options("status", await self._ask(list_words, field="status"), self._locale)
        await self._load_people_and_tags()

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        lines, next_ = await self._lines(asked, after)
        return Found(lines, next_, self.page["total"] if after else await self._ask(count_clients, **asked))

    async def _lines(self, asked: dict[str, Any], after: str) -> tuple[list[Any], str]:
        found = await self._ask(list_clients, **asked, sort=self.sort, after=after, limit=PAGE_ROWS)
        return [client_line(row, self._locale) for row in found.rows], found.next

    async def _typed(self, card_id: int) -> Typed:
        seen: ClientCard = await self._ask(see_client, client_id=card_id)
        return Typed(seen.version, seen.may_change, typed_values(seen))

    async def _write(self, card_id: int, name: str, value: str, version: int) -> None:
        await self._act(change_client, client_id=card_id, values={name: typed_value(name, value)}, version=version)

    async def _was_written(self, card_id: int, name: str, value: str, seen: str) -> None:
        if asked := added(name, value, seen):
            inn = (await self._typed(card_id)).values["inn"]
            await look_for_copies(self, find_duplicates, "client", card_id, {"inn": inn, **asked})
