"""The State of /mailings and /mailings/new."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.cards.screens.address import read_filter
from crm_app.cards.screens.list_screen import ALL, Found, Listing, ListScreen
from crm_app.clients.queries import count_clients
from crm_app.core.errors import CrmError
from crm_app.mailings.actions.drafts import create_mailing
from crm_app.mailings.actions.senders import add_sender, remove_sender
from crm_app.mailings.queries.checks import list_own_merge_fields, why_unready
from crm_app.mailings.queries.lists import count_mailings, list_mailings, list_senders
from crm_app.mailings.rules import MOST_TICKED
from crm_app.mailings.screens.lines import mailing_line, own_names
from crm_app.ui.field import Option

USUAL_ORDER = "-updated_at"


class Mailings(ListScreen, Screen):
    """The list, who mailings may come from, and a new mailing: the address says which clients it is for."""

    _listing: ClassVar = Listing("/mailings", permission="mailing.see", usual={**ALL, "sort": USUAL_ORDER})

    sort: str = USUAL_ORDER
    senders: list[Option] = []
    employees: list[Option] = []
    channel_trouble: str = ""
    ticked: int = 0
    matching: int = 0
    is_for_matching: bool = False
    errors: dict[str, str] = {}
    saves: int = 0

    @handler("mailing.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what changes."""
        self._read_address()
        self.errors = {}
        self.ticked = len(self._ticked_clients())
        matching = self._matching_clients()
        self.is_for_matching = matching is not None
        self.matching = await self._ask(count_clients, where=matching) if matching is not None else 0
        reason = await self._ask(why_unready)
        self.channel_trouble = reason.text(self._locale) if reason else ""
        self.employees = await self._choose_from_employees()
        await self._watch({"mailings", "senders"}, Mailings.changed)
        await self._reload()

    @handler("mailing.see")
    async def changed(self) -> None:
        """A mailing has changed, or gone on."""
        await self._reload()

    @handler("mailing.change")
    async def created(self, fields: dict[str, str]) -> rx.event.EventSpec:
        """Start writing a mailing, to the clients that the address names."""
        self.errors = {}
        chosen: dict[str, Any] = {"client_ids": self._ticked_clients(), "filter_": self._matching_clients()}
        mailing = await self._act(create_mailing, name=fields.get("name", ""), **chosen)
        self.saves += 1
        is_chosen = chosen["client_ids"] or chosen["filter_"] is not None
        return rx.redirect(f"/mailings/{mailing.id}" + ("?step=what" if is_chosen else ""))

    @handler("sender.manage")
    async def sender_added(self, fields: dict[str, str]) -> None:
        """Let mailings come from another address."""
        self.errors = {}
        await self._act(add_sender, address=fields.get("address", ""), name=fields.get("sender_name", ""))
        self.saves += 1
        await self._reload()

    @handler("sender.manage")
    async def sender_removed(self, sender_id: str) -> None:
        """Let no mailing come from an address any more."""
        await self._act(remove_sender, sender_id=number_in(sender_id))
        await self._reload()

    def _ticked_clients(self) -> list[int]:
        """The clients that the address names: asked of the address, since a quick hand is faster than the page."""
        numbers = str(dict(self.router.url.query_parameters).get("clients", "")).split(",")[:MOST_TICKED]
        return [number for number in map(number_in, numbers) if number]

    def _matching_clients(self) -> dict[str, Any] | None:
        """The filter of clients that the address names, {} for every client; None where it names none."""
        return read_audience(str(dict(self.router.url.query_parameters).get("audience", "")))

    async def _reload(self) -> None:
        rows = await self._ask(list_senders)
        self.senders = [{"id": str(row.id), "label": row.name, "hint": row.address} for row in rows]
        await super()._reload()

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        found = await self._ask(list_mailings, **asked, sort=self.sort, after=after)
        total = self.page["total"] if after else await self._ask(count_mailings, **asked)
        is_named = any("fields." in row.title for row in found.rows)
        own = own_names(await self._ask(list_own_merge_fields), self._locale) if is_named else {}
        return Found([mailing_line(row, self._locale, own) for row in found.rows], found.next, total)

    async def _refused(self, error: CrmError) -> None:
        names = {"name": "sender_name"} if self.router.url.path.rstrip("/") == "/mailings" else {}
        reasons = {names.get(r.field, r.field): r.text(self._locale) for r in error.reasons if r.field}
        self.errors = {"address" if name == "email" else name: said for name, said in reasons.items()}
        if not self.errors.keys() & {"name", "sender_name", "address"}:
            await super()._refused(error)


def read_audience(told: str) -> dict[str, Any] | None:
    """The filter of an address, {} for every client; None for one that can't be read: it must not mean everybody."""
    found = read_filter(told)
    return found if found or told == "{}" else None
