"""The State of /mailings and /mailings/new."""

from __future__ import annotations

from typing import Any, TypedDict
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.clients.queries import count_clients
from crm_app.core.errors import CrmError
from crm_app.mailings.actions.drafts import create_mailing
from crm_app.mailings.actions.senders import add_sender, remove_sender
from crm_app.mailings.queries.checks import why_unready
from crm_app.mailings.queries.lists import count_mailings, list_mailings, list_senders
from crm_app.mailings.rules import MOST_TICKED
from crm_app.mailings.screens.lines import MailingLine, mailing_line
from crm_app.ui.field import Option


class MailingsPage(TypedDict):
    """One page of the list, as the table wants it."""

    rows: list[MailingLine]
    after: str
    next: str
    total: int
    generation: int


USUAL_ORDER = "-updated_at"


class Mailings(Screen):
    """What the list shows; the address says which mailings in which order, and which clients a new one is for."""

    filter: dict[str, Any] = {}
    words: str = ""
    sort: str = USUAL_ORDER
    page: MailingsPage = {"rows": [], "after": "", "next": "", "total": 0, "generation": 0}
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
        query = dict(self.router.url.query_parameters)
        self.filter = read_filter(query.get("filter"))
        self.words = str(query.get("q", ""))[:200]
        self.sort = str(query.get("sort", USUAL_ORDER))[:40]
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

    @handler("mailing.see")
    async def more_needed(self, after: str) -> None:
        """The next page of the list."""
        await self._load(after)

    @handler("mailing.see")
    async def filter_changed(self, conditions: dict[str, Any]) -> rx.event.EventSpec:
        """Other conditions."""
        return self._show_in_address(filter=write_filter(conditions))

    @handler("mailing.see")
    async def all_wanted(self) -> rx.event.EventSpec:
        """Every mailing, whatever narrowed the list down."""
        return self._show_in_address(filter="", q="")

    @handler("mailing.see")
    async def sorted_by(self, sort: str) -> rx.event.EventSpec:
        """Another order."""
        return self._show_in_address(sort=sort)

    @handler("mailing.see", supersedes=True)
    async def searched(self, words: str) -> rx.event.EventSpec:
        """Only mailings in which these words stand."""
        return self._show_in_address(q=words)

    @handler("mailing.see")
    async def row_opened(self, row_id: int) -> rx.event.EventSpec:
        """Go to a mailing."""
        return rx.redirect(f"/mailings/{row_id}")

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
        await self._act(remove_sender, sender_id=int(sender_id) if sender_id.isdigit() else 0)
        await self._reload()

    def _ticked_clients(self) -> list[int]:
        """The clients that the address names: asked of the address, since a quick hand is faster than the page."""
        numbers = str(dict(self.router.url.query_parameters).get("clients", "")).split(",")[:MOST_TICKED]
        return [int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 10]

    def _matching_clients(self) -> dict[str, Any] | None:
        """The filter of clients that the address names, {} for every client; None where it names none."""
        return read_audience(str(dict(self.router.url.query_parameters).get("audience", "")))

    async def _reload(self) -> None:
        rows = await self._ask(list_senders)
        self.senders = [{"id": str(row.id), "label": row.name, "hint": row.address} for row in rows]
        self.page = {**self.page, "generation": self.page["generation"] + 1}
        await self._load("")

    async def _load(self, after: str) -> None:
        asked = {"where": self.filter or None, "q": self.words}
        found = await self._ask(list_mailings, **asked, sort=self.sort, after=after)
        total = self.page["total"] if after else await self._ask(count_mailings, **asked)
        self.page = {
            "rows": [mailing_line(row, self._locale) for row in found.rows],
            "after": after,
            "next": found.next,
            "total": total,
            "generation": self.page["generation"],
        }

    def _show_in_address(self, **changed: str) -> rx.event.EventSpec:
        query = {"filter": write_filter(self.filter), "q": self.words, "sort": self.sort, **changed}
        told = {name: value for name, value in query.items() if value and (name, value) != ("sort", USUAL_ORDER)}
        return rx.redirect(f"/mailings?{urlencode(told)}" if told else "/mailings", replace=True)

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
