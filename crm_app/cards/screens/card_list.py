"""What the States of lists of people and companies share beyond any list: stars and ticks.

class Contacts(CardListScreen, Screen):
    _listing: ClassVar = Listing("/contacts", permission="contact.see", usual={**ALL, "sort": "name"})
    _card: ClassVar = "contact"
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from crm_app.access.screens.base import handler
from crm_app.cards.actions.tags import set_star
from crm_app.cards.queries.every_card import list_tags
from crm_app.cards.screens.list_screen import THE_LISTS_OWN, ListScreen
from crm_app.ui.field import Option

PAGE_ROWS = 60


class CardListScreen(ListScreen, mixin=True):
    """A list of cards of one kind, and what is ticked of it. _card: the kind."""

    _card: ClassVar[str]

    sort: str = "name"
    employees: list[Option] = []
    tags: list[Option] = []
    me: str = ""
    ticked: list[int] = []
    all_ticked: bool = False
    saves: int = 0
    query_text: str = ""

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

    def _begin(self) -> dict[str, str]:
        """Take from the address what the list shows; gives all that it says."""
        query = self._read_address()
        self.query_text = "?" + urlencode({name: query[name] for name in ("filter", "q") if query.get(name)})
        self.ticked, self.all_ticked = [], False
        self.me = str(self._actor.id)
        return query

    async def _load_people_and_tags(self) -> None:
        self.employees = await self._choose_from_employees()
        self.tags = [{"id": name, "label": name, "hint": ""} for name in await self._ask(list_tags)]

    def _which(self) -> dict[str, Any]:
        """The cards that a bulk action is for, as actions want them."""
        return self._narrowed() if self.all_ticked else {"ids": self.ticked}
