"""The State of /mailings and /mailings/new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

import reflex as rx

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.cards.screens.address import read_filter
from crm_app.cards.screens.list_screen import ALL, Found, Listing, ListScreen
from crm_app.clients.queries import count_clients
from crm_app.contacts.queries import count_contacts
from crm_app.core.errors import CrmError
from crm_app.leads.queries.cards import count_leads
from crm_app.mailings.actions.drafts import create_mailing
from crm_app.mailings.actions.senders import add_sender, remove_sender
from crm_app.mailings.queries.checks import list_own_merge_fields, why_unready
from crm_app.mailings.queries.lists import count_mailings, list_mailings, list_senders
from crm_app.mailings.recipients import kinds_seen
from crm_app.mailings.rules import CARDS, MOST_TICKED, Card
from crm_app.mailings.screens.lines import mailing_line, own_names
from crm_app.ui.field import Option

USUAL_ORDER = "-updated_at"
_COUNTS: dict[str, Callable[..., Any]] = {"client": count_clients, "contact": count_contacts, "lead": count_leads}


class Mailings(ListScreen, Screen):
    """The list, who mailings may come from, and a new mailing: the address says which cards it is for.

    card: their kind.
    """

    _listing: ClassVar = Listing("/mailings", permission="mailing.see", usual={**ALL, "sort": USUAL_ORDER})

    sort: str = USUAL_ORDER
    senders: list[Option] = []
    employees: list[Option] = []
    channel_trouble: str = ""
    card: Card = "client"
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
        whom = read_recipients(dict(self.router.url.query_parameters))
        self.card, self.ticked = whom.card, len(whom.ids)
        self.is_for_matching = whom.filter is not None
        self.matching = await self._ask(_COUNTS[whom.card], where=whom.filter) if self.is_for_matching else 0
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
        """Start writing a mailing, to the cards that the address names: asked of the address, since a quick hand is
        faster than the page.
        """
        self.errors = {}
        whom = read_recipients(dict(self.router.url.query_parameters))
        chosen: dict[str, Any] = {"card_ids": whom.ids, "filter_": whom.filter, "card": whom.card}
        mailing = await self._act(create_mailing, name=fields.get("name", ""), **chosen)
        self.saves += 1
        is_chosen = whom.ids or whom.filter is not None
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

    async def _reload(self) -> None:
        rows = await self._ask(list_senders)
        self.senders = [{"id": str(row.id), "label": row.name, "hint": row.address} for row in rows]
        await super()._reload()

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        found = await self._ask(list_mailings, **asked, sort=self.sort, after=after)
        total = self.page["total"] if after else await self._ask(count_mailings, **asked)
        is_named = any("fields." in row.title for row in found.rows)
        own: dict[str, str] = {}
        for card in kinds_seen(self._actor) if is_named else ():
            own = own_names(await self._ask(list_own_merge_fields, card=card), self._locale) | own
        return Found([mailing_line(row, self._locale, own) for row in found.rows], found.next, total)

    async def _refused(self, error: CrmError) -> None:
        names = {"name": "sender_name"} if self.router.url.path.rstrip("/") == "/mailings" else {}
        reasons = {names.get(r.field, r.field): r.text(self._locale) for r in error.reasons if r.field}
        self.errors = {"address" if name == "email" else name: said for name, said in reasons.items()}
        if not self.errors.keys() & {"name", "sender_name", "address"}:
            await super()._refused(error)


class Recipients(NamedTuple):
    """Whom an address names: ticked cards of a kind, and those of a filter; None for no filter, {} for every card."""

    card: Card
    ids: list[int]
    filter: dict[str, Any] | None


def read_recipients(query: Mapping[str, Any]) -> Recipients:
    """Whom the address of a new mailing names. One that names two kinds of card, or none that there is, names nobody:
    a wrong one must not become a mailing to others.
    """
    ticked = [card for card in CARDS if query.get(f"{card}s")]
    matching = [card for card in CARDS if query.get("audience") and query.get("of", "clients") == f"{card}s"]
    if len({*ticked, *matching}) != 1 or (query.get("audience") and not matching):
        return Recipients("client", [], None)
    card = (ticked or matching)[0]
    numbers = str(query.get(f"{card}s", "")).split(",")[:MOST_TICKED]
    ids = [number for number in map(number_in, numbers) if number]
    return Recipients(card, ids, read_audience(str(query.get("audience", ""))))


def read_audience(told: str) -> dict[str, Any] | None:
    """The filter of an address, {} for every card; None for one that can't be read: it must not mean everybody."""
    found = read_filter(told)
    return found if found or told == "{}" else None
