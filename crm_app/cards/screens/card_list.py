"""What the States of lists of people and companies share beyond any list: stars and ticks.

class Contacts(CardListScreen, Screen):
    _listing: ClassVar = Listing("/contacts", permission="contact.see", usual={**ALL, "sort": "name"})
    _card: ClassVar = "contact"
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from crm_app.access.screens.base import handler, number_in
from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.actions.tags import set_star
from crm_app.cards.bulk_cards import need_bulk
from crm_app.cards.field_queries import list_own_fields
from crm_app.cards.models import BulkChange
from crm_app.cards.queries.bulk_changes import choose_cards
from crm_app.cards.queries.every_card import list_tags
from crm_app.cards.screens.address import write_filter
from crm_app.cards.screens.bulk_lines import tell_outcome
from crm_app.cards.screens.chosen_columns import ChosenColumns
from crm_app.cards.screens.list_screen import NO_FILTER, THE_LISTS_OWN
from crm_app.cards.ways import search_words
from crm_app.core.i18n import text
from crm_app.ui.field import Option

PAGE_ROWS = 60
OF_ITS_OWN = ("type", "status", "responsible_id")
"""Fields that the bar for ticked rows has a choice for; the others stand under "More"."""
NAMED, PLAIN = ("untag", "ungroup"), ("star", "unstar", "remove")
"""What else is done with ticked rows: by a name, or just so."""
FORMED = ("task",)
"""What is done with them by a form of several fields."""


class CardListScreen(ChosenColumns, mixin=True):
    """A list of cards of one kind, and what is ticked of it. _card: the kind."""

    _card: ClassVar[str]

    sort: str = "name"
    employees: list[Option] = []
    tags: list[Option] = []
    me: str = ""
    ticked: list[int] = []
    all_ticked: bool = False
    bulk_fields: list[Option] = []
    saves: int = 0
    query_text: str = ""
    ticked_query: str = ""
    audience_text: str = ""

    @handler(THE_LISTS_OWN)
    async def star_clicked(self, card_id: int, starred: bool) -> None:
        """Put one's star on a card, or take it off."""
        await self._act(set_star, card=self._card, card_id=card_id, starred=starred)
        rows = [{**row, "is_starred": starred} if row["id"] == card_id else row for row in self.page["rows"]]
        self.page = {**self.page, "rows": rows}

    @handler(THE_LISTS_OWN)
    async def rows_ticked(self, ids: list[int], all_matching: bool) -> None:
        """Which rows the next bulk action is for."""
        self.ticked, self.all_ticked = ids, all_matching
        only = {"all": [{"field": "id", "op": "in", "value": list(ids)}]}
        self.ticked_query = self.query_text if all_matching else "?" + urlencode({"filter": write_filter(only)})

    @handler(THE_LISTS_OWN)
    async def bulk_changed(self, what: str, value: str) -> None:
        """Do something with all ticked cards: see NAMED and PLAIN; or give a field one value."""
        if what in PLAIN:
            await self._change_all(what)
        elif what in NAMED and value.strip():
            await self._change_all(what, name=value)
        elif what in OF_ITS_OWN and value:
            await self._change_all("set", field=what, value=number_in(value) or value)

    @handler(THE_LISTS_OWN)
    async def bulk_grouped(self, fields: dict[str, str]) -> None:
        """Put all ticked cards into a group, a new one where there is none of that name."""
        await self._change_all("group", name=fields.get("group", ""))

    @handler(THE_LISTS_OWN)
    async def bulk_tagged(self, fields: dict[str, str]) -> None:
        """Put a tag on all ticked cards, a new one where there is none of that name."""
        await self._change_all("tag", name=fields.get("tag", ""))

    @handler(THE_LISTS_OWN)
    async def bulk_given(self, fields: dict[str, str]) -> None:
        """Give all ticked cards a value of the field that was chosen; an empty one empties it."""
        name, value = fields.get("field", ""), fields.get("value", "").strip()
        own = {each.field.full: each.field.kind for each in await self._ask(list_own_fields, card=self._card)}
        if own.get(name) == "employee":
            value = next((each["id"] for each in self.employees if each["label"] == value), value)
        if name:
            await self._change_all("set", field=name, value=number_in(value) if own.get(name) == "employee" else value)

    @handler(THE_LISTS_OWN)
    async def bulk_filled_in(self, fields: dict[str, str]) -> None:
        """Do to all ticked cards what a form asks that another feature has put into the bar: see FORMED."""
        if (operation := fields.get("operation", "")) in FORMED:
            told = {name: value for name, value in fields.items() if name != "operation"}
            await self._change_all(operation, **told)

    @handler(THE_LISTS_OWN)
    async def bulk_fields_wanted(self) -> None:
        """The fields that many cards can be given one value of."""
        standard = [name for name in need_bulk(self._card).fields if name not in OF_ITS_OWN]
        named = [(name, text(f"field.{self._card}.{name}", self._locale)) for name in standard]
        own = [each.field for each in await self._ask(list_own_fields, card=self._card) if each.is_written]
        named += [(each.full, each.name(self._locale)) for each in own if each.kind not in ("formula", "file")]
        self.bulk_fields = [{"id": name, "label": label, "hint": ""} for name, label in named]

    async def _change_all(self, operation: str, **arguments: Any) -> BulkChange:
        """Change all ticked cards: few at once, more by the worker, as they match now; the toast takes it back."""
        chosen: dict[str, Any] = {"ids": list(self.ticked)}
        if self.all_ticked:
            chosen = {"parts": await self._ask(choose_cards, card=self._card, **self._narrowed())}
        asked = {"card": self._card, "operation": operation, "arguments": arguments}
        change: BulkChange = await self._act(start_bulk, **asked, **chosen)
        await tell_outcome(self, change)
        self.saves += 1
        if operation == "remove":
            self.ticked, self.all_ticked = [], False
        await self._reload()
        return change

    def _begin(self) -> dict[str, str]:
        """Take from the address what the list shows; gives all that it says."""
        query = self._read_address()
        self.query_text = "?" + urlencode({name: query[name] for name in ("filter", "q") if query.get(name)})
        matching = write_filter(self._matching()) or NO_FILTER
        self.audience_text = "?" + urlencode({"of": f"{self._card}s", "audience": matching})
        self.ticked, self.all_ticked = [], False
        self.me = str(self._actor.id)
        return query

    def _matching(self) -> dict[str, Any]:
        """All that match, as one filter: whom a mailing goes to."""
        words = [{"field": "text", "op": "has", "value": search_words(self.words)}] if self.words.strip() else []
        return {"all": [self.filter, *words]} if self.filter and words else {"all": words} if words else self.filter

    async def _load_people_and_tags(self) -> None:
        self.employees = await self._choose_from_employees()
        self.tags = [{"id": name, "label": name, "hint": ""} for name in await self._ask(list_tags)]

    async def _hear_of_fields(self, touched: set[str]) -> None:
        """What cards of this kind have may have changed: touched are the topics that were."""
        if f"fields:{self._card}" in touched:
            await self._load_columns()
