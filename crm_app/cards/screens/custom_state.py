"""The State of a card's custom fields, whatever its kind: shown and edited in place."""

from __future__ import annotations

from typing import Any

from crm_app.access.screens.base import Part, handler
from crm_app.access.screens.editing import EditsInPlace
from crm_app.cards.actions.fields import write_fields
from crm_app.cards.field_queries import OwnFields, see_own_fields
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.every_card import list_files, search_cards
from crm_app.cards.screens.custom_lines import OwnFieldLine, own_lines
from crm_app.core.actor import LOGGED_IN
from crm_app.ui.field import Option


class CustomFields(EditsInPlace, Part):
    """The panel of the card whose page this is. found: clients to choose from, as somebody types."""

    card: str = ""
    card_id: int = 0
    lines: list[OwnFieldLine] = []
    found: list[Option] = []

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the panel of the card in the address, and follow what others change of it."""
        self.card, self.card_id = card_at(self.router.url.path)
        self.lines, self.found = [], []
        await self._watch({f"{self.card}:{self.card_id}", f"fields:{self.card}"}, CustomFields.changed)
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Somebody has changed the card, or what fields it has."""
        await self._load()

    @handler(LOGGED_IN)
    async def field_edited(self, name: str, text: str) -> None:
        """A field was edited in place."""
        await self._give(name, text)

    @handler(LOGGED_IN)
    async def option_ticked(self, name: str, option: str) -> None:
        """One of several options was chosen, or is not any more."""
        ticks = next((line["ticks"] for line in self.lines if line["name"] == name), [])
        await self._give(name, [tick["id"] for tick in ticks if tick["is_chosen"] != (tick["id"] == option)])

    @handler(LOGGED_IN, supersedes=True)
    async def client_searched(self, words: str) -> None:
        """Find clients while a name is typed."""
        found = await self._ask(search_cards, words=words[:200], limit=8) if len(words.strip()) > 2 else []
        self.found = [{"id": str(row.id), "label": row.title, "hint": ""} for row in found if row.card == "client"]

    async def _give(self, name: str, value: Any) -> None:
        fields = {name.removeprefix("fields."): value}
        with self._edits(name):
            await self._act(write_fields, card=self.card, card_id=self.card_id, fields=fields)
            await self._load()

    async def _load(self) -> None:
        own: OwnFields = await self._ask(see_own_fields, card=self.card, card_id=self.card_id)
        kinds = {each.field.kind for each in own.fields if each.is_written}
        choices: dict[str, list[Option]] = {}
        if "employee" in kinds:
            choices["employee"] = await self._choose_from_employees()
        if "file" in kinds:
            files = await self._ask(list_files, card=self.card, card_id=self.card_id)
            choices["file"] = [{"id": str(row.id), "label": row.name, "hint": ""} for row in files]
        self.lines = own_lines(own, self._locale, choices)
