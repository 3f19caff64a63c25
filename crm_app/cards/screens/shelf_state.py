"""The State of what stands at the left of a list: filters and groups of the kind of card that the page lists."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Part, Undo, handler
from crm_app.cards.actions.filters import change_filter, place_filter, remove_filter, restore_filter, save_filter
from crm_app.cards.actions.groups import add_group, change_group, remove_group, restore_group
from crm_app.cards.lists import LISTS, list_at
from crm_app.cards.queries.shelf import Shelf, ShelfFilter, ShelfGroup, count_filters, see_shelf
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.cards.screens.list_screen import NO_FILTER
from crm_app.core.actor import LOGGED_IN
from crm_app.core.i18n import text
from crm_app.ui.field import Option
from crm_app.ui.shelf import ShelfEntry

PASSING = ("new", "client")
"""Words of an address that are meant once."""
BUILT_IN, FILTER, GROUP = "system", "filter", "group"


class ListShelf(Part):
    """The shelf of one list. filter: what the list shows now; at: the key of the entry that says the same.

    choices: the entries, to be chosen from where there is no room for a shelf.
    """

    card: str = ""
    filter: dict[str, Any] = {}
    entries: list[ShelfEntry] = []
    counts: dict[str, int] = {}
    at: str = ""
    can_save: bool = False
    may_share: bool = False
    group_options: list[Option] = []
    choices: list[Option] = []

    _conditions: dict[str, dict[str, Any]] = {}

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the shelf of the list in the address, and follow what others share."""
        card = list_at(self.router.url.path)
        self.filter = read_filter(dict(self.router.url.query_parameters).get("filter", NO_FILTER))
        if card != self.card:
            self.card, self.entries, self.counts = card, [], {}
        await self._watch({f"filters:{card}"}, ListShelf.changed)
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Somebody has changed what everyone sees."""
        await self._load()

    @handler(LOGGED_IN)
    async def counts_wanted(self) -> None:
        """How many cards each filter leaves: asked for when the list itself is there."""
        ids = [number for kind, number in map(_parts, self._conditions) if kind == FILTER]
        keys = [key.partition(":")[2] for key in self._conditions if key.startswith(BUILT_IN)]
        found = await self._ask(count_filters, card=self.card, filter_ids=ids, keys=keys)
        told = {f"{FILTER if name.isdigit() else BUILT_IN}:{name}": n for name, n in found.items()}
        self.counts = {key: n for key, n in self.counts.items() if key.startswith(GROUP)} | told

    @handler(LOGGED_IN)
    async def entry_chosen(self, key: str) -> rx.event.EventSpec | None:
        """Show what an entry asks for; all else that the address says stays."""
        if key not in self._conditions:
            return None
        told = {name: str(value) for name, value in self.router.url.query_parameters.items() if name not in PASSING}
        told |= {"filter": write_filter(self._conditions[key])}
        query = urlencode({name: value for name, value in told.items() if value})
        path = self.router.url.path
        return rx.redirect(f"{path}?{query}" if query else path, replace=True)

    @handler(LOGGED_IN)
    async def filter_saved(self, name: str) -> None:
        """Keep what the list shows now."""
        await self._act(save_filter, card=self.card, name=name, conditions=self.filter)
        await self._toast("cards.shelf.saved", name=name)
        await self._load()

    @handler(LOGGED_IN)
    async def group_added(self, name: str) -> None:
        """A new group."""
        await self._act(add_group, card=self.card, name=name)
        await self._load()

    @handler(LOGGED_IN)
    async def entry_named(self, key: str, name: str) -> None:
        """Another name for a filter or a group."""
        kind, number = _parts(key)
        if kind == FILTER:
            await self._act(change_filter, filter_id=number, name=name)
        else:
            await self._act(change_group, group_id=number, name=name)
        await self._load()

    @handler(LOGGED_IN)
    async def entry_updated(self, key: str) -> None:
        """A filter asks what the list shows now."""
        await self._act(change_filter, filter_id=_parts(key)[1], conditions=self.filter)
        await self._load()

    @handler(LOGGED_IN)
    async def entry_placed(self, key: str, shared: bool, before: str) -> None:
        """A filter among everyone's or among one's own, before another one; a group everyone's, or one's own."""
        kind, number = _parts(key)
        if kind == FILTER:
            await self._act(place_filter, filter_id=number, shared=shared, before_id=_parts(before)[1] or None)
        else:
            await self._act(change_group, group_id=number, shared=shared)
        await self._load()

    @handler(LOGGED_IN)
    async def entry_removed(self, key: str) -> rx.event.EventSpec | None:
        """Take a filter or a group away; the toast brings it back."""
        kind, number = _parts(key)
        name = next((entry["name"] for entry in self.entries if entry["key"] == key), "")
        if kind == FILTER:
            await self._act(remove_filter, filter_id=number)
            undo = Undo(restore_filter, {"filter_id": number})
        else:
            await self._act(remove_group, group_id=number)
            undo = Undo(restore_group, {"group_id": number})
        await self._toast("cards.shelf.removed", undo=undo, name=name)
        is_shown = key == self.at
        await self._load()
        return rx.redirect(LISTS[self.card].address) if is_shown else None

    async def _load(self) -> None:
        shelf: Shelf = await self._ask(see_shelf, card=self.card)
        address = LISTS[self.card].address
        entries = [_filter_entry(each, address) for each in shelf.filters]
        entries += [_group_entry(each, address) for each in shelf.groups]
        self._conditions = {_filter_key(each): each.conditions for each in shelf.filters}
        self._conditions |= {f"{GROUP}:{each.id}": _of_group(each.id) for each in shelf.groups}
        self.entries, self.may_share = entries, shelf.may_share
        self.counts = {key: n for key, n in self.counts.items() if not key.startswith(GROUP)} | {
            f"{GROUP}:{each.id}": each.count for each in shelf.groups
        }
        self.group_options = [{"id": str(each.id), "label": each.name, "hint": ""} for each in shelf.groups]
        self.choices = [{"id": "", "label": text("cards.shelf.unnamed", self._locale), "hint": ""}]
        self.choices += [{"id": each["key"], "label": each["name"], "hint": ""} for each in entries]
        shown = write_filter(self.filter)
        self.at = next((key for key, where in self._conditions.items() if write_filter(where) == shown), "")
        self.can_save = bool(shown) and not self.at


def shelf_choices(shelf: Shelf) -> list[tuple[str, str, dict[str, Any]]]:
    """Filters and groups of a shelf that can be asked, to be chosen from elsewhere: key, name and conditions."""
    filters = [(_filter_key(each), each.name, each.conditions) for each in shelf.filters if each.can_be_asked]
    return filters + [(f"{GROUP}:{each.id}", each.name, _of_group(each.id)) for each in shelf.groups]


def _filter_key(row: ShelfFilter) -> str:
    return f"{FILTER}:{row.id}" if row.id else f"{BUILT_IN}:{row.key}"


def _filter_entry(row: ShelfFilter, address: str) -> ShelfEntry:
    return {
        "key": _filter_key(row),
        "side": row.side,
        "name": row.name,
        "words": row.words,
        "href": _href(address, row.conditions),
        "is_shared": row.side == "shared",
        "may_change": row.may_change,
    }


def _group_entry(row: ShelfGroup, address: str) -> ShelfEntry:
    return {
        "key": f"{GROUP}:{row.id}",
        "side": "group",
        "name": row.name,
        "words": "",
        "href": _href(address, _of_group(row.id)),
        "is_shared": row.side == "shared",
        "may_change": row.may_change,
    }


def _of_group(group_id: int) -> dict[str, Any]:
    return {"all": [{"field": "group", "op": "has", "value": str(group_id)}]}


def _href(address: str, conditions: dict[str, Any]) -> str:
    shown = write_filter(conditions)
    return f"{address}?{urlencode({'filter': shown})}" if shown else address


def _parts(key: str) -> tuple[str, int]:
    """A key as "filter:7" has it; 0 for what names nothing that is kept."""
    kind, _, number = key.partition(":")
    return kind, int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
