"""The State of /clients/[client_id]: one client with all that staff know of them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.access.screens.editing import EditsInPlace, Standing
from crm_app.cards.screens.merged_away import lead_on
from crm_app.cards.screens.pictures_state import may_picture
from crm_app.cards.screens.values import phones_label, split_values
from crm_app.clients import rules
from crm_app.clients.actions.cards import change_client, remove_client, restore_client
from crm_app.clients.queries import ClientCard, find_activities, find_duplicates, list_words, see_client
from crm_app.clients.screens.copies import added, look_for_copies
from crm_app.clients.screens.lines import kind_label, sign_of, tone_of, word_options
from crm_app.core.errors import NotFound
from crm_app.core.money import Money
from crm_app.ui.field import Option

EDITED = (
    "name", "kind", "type", "status", "activity", "responsible_id", "phones", "emails", "site", "inn", "kpp", "ogrn",
    "bic", "account", "bank", "corr_account", "accounts",
    "city", "address", "contact_name", "position", "employer", "first_contact", "birthday",
    "revenue", "note",
)  # fmt: skip


class OneClient(EditsInPlace, Screen):
    """One client as one employee sees it. values: each field as it is typed; shown: as it is read."""

    client_id: int = 0
    name: str = ""
    picture: str = ""
    may_picture: bool = False
    values: dict[str, str] = {}
    shown: dict[str, str] = {}
    may_change: bool = False
    may_delete: bool = False
    types: list[Option] = []
    statuses: list[Option] = []
    employees: list[Option] = []
    activities: list[Option] = []

    @handler("client.see")
    async def opened(self) -> rx.event.EventSpec | None:
        """Fill the page, and follow what others change; a card that was merged leads to the one that stands for it."""
        self.client_id = self._number_in_address
        self.name, self.values, self.shown, self.activities = "", {}, {}, []
        self.picture, self.may_picture = "", False
        self.types = word_options("type", await self._ask(list_words, field="type"), self._locale)
        self.statuses = word_options("status", await self._ask(list_words, field="status"), self._locale)
        self.employees = await self._choose_from_employees()
        await self._watch({f"client:{self.client_id}"}, OneClient.changed)
        return await self._show_or_lead_on()

    @handler("client.see")
    async def changed(self) -> rx.event.EventSpec | None:
        """Somebody has changed the client, or merged it."""
        return await self._show_or_lead_on()

    @handler("client.change")
    async def field_edited(self, name: str, text: str, seen: str) -> None:
        """A field was edited in place."""
        if name in EDITED:
            await self._give(name, text, seen)
            await self._look_for_copies(name, text, seen)

    @handler("client.see", supersedes=True)
    async def activity_searched(self, words: str) -> None:
        """Offer what OKVED has for a code or words that are being typed."""
        found = await self._ask(find_activities, words=words)
        self.activities = [{"id": each, "label": each, "hint": ""} for each in found]

    @handler("client.delete")
    async def removed(self) -> rx.event.EventSpec:
        """Move the client to the bin; the toast takes it back."""
        await self._act(remove_client, client_id=self.client_id)
        await self._toast("clients.removed", undo=Undo(restore_client, {"client_id": self.client_id}))
        return rx.redirect("/clients")

    async def _look_for_copies(self, name: str, text: str, seen: str) -> None:
        """Say so where another card has what was typed."""
        asked = added(name, text, seen)
        if asked and self.verdicts[name]["state"] == "saved":
            about = {"inn": self.values["inn"], **asked}
            await look_for_copies(self, find_duplicates, "client", self.client_id, about)

    async def _show_or_lead_on(self) -> rx.event.EventSpec | None:
        try:
            await self._load()
        except NotFound as missing:
            return await lead_on(self, "client", self.client_id, missing)
        return None

    async def _stands(self, name: str) -> Standing:
        version = await self._load()
        return Standing(self.values[name], version)

    async def _put(self, name: str, text: str, version: int) -> None:
        values = {name: typed_value(name, text)}
        await self._act(change_client, client_id=self.client_id, values=values, version=version)

    async def _load(self) -> int:
        """Show the card; gives its version."""
        seen: ClientCard = await self._ask(see_client, client_id=self.client_id)
        self.name, self.may_change, self.may_delete = seen.name, seen.may_change, seen.may_delete
        self.picture, self.may_picture = seen.picture, may_picture(self._actor, "client", seen.may_change)
        self.values, self.shown = typed_values(seen), _shown(seen, self._locale)
        return seen.version


def typed_value(name: str, text: str) -> Any:
    """What was typed, as the action takes it."""
    if name in ("phones", "emails"):
        return split_values(text)
    if name == "responsible_id":
        return number_in(text) or None
    if name in ("first_contact", "birthday", "revenue"):
        return text or None
    return text


def typed_values(card: ClientCard) -> dict[str, str]:
    """Each field as text, in the form in which it is typed."""
    values = {name: str(getattr(card, name) or "") for name in EDITED}
    values["phones"] = ", ".join(card.phones)
    values["emails"] = ", ".join(card.emails)
    values["revenue"] = str(Money(card.revenue, card.currency).amount) if card.revenue else ""
    return values


def _shown(card: ClientCard, locale: str) -> dict[str, str]:
    """Fields that are read otherwise than they are typed."""
    return {
        "kind": kind_label(card.kind, locale),
        "sign": sign_of(card.kind, card.name),
        "type": rules.word_label("type", card.type, locale),
        "status": rules.word_label("status", card.status, locale),
        "tone": tone_of(card.status),
        "responsible_id": card.responsible,
        "phones": phones_label(card.phones, locale),
        "revenue": Money(card.revenue, card.currency).format(locale or "ru") if card.revenue else "",
    }
