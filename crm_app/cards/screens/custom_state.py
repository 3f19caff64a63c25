"""The State of a card's custom fields, whatever its kind: shown and edited in place."""

from __future__ import annotations

from functools import partial

from crm_app.access.screens.base import Part, handler
from crm_app.access.screens.editing import EditsInPlace, Standing, put_last
from crm_app.cards.actions.fields import write_fields
from crm_app.cards.field_queries import OwnFields, see_own_fields
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.every_card import list_files
from crm_app.cards.screens.custom_lines import OwnFieldLine, own_lines
from crm_app.cards.screens.finding import found_clients
from crm_app.core.actor import LOGGED_IN
from crm_app.core.errors import NotFound
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
    async def field_edited(self, name: str, text: str, seen: str) -> None:
        """A field was edited in place."""
        await self._give(name, text, seen)

    @handler(LOGGED_IN)
    async def option_ticked(self, name: str, option: str, is_on: bool) -> None:
        """One of several options was chosen, or is not any more; what others did to the other ones stays."""
        with self._edits(name):
            await put_last(partial(self._stands, name), partial(self._tick, name, option, is_on))
            await self._load()

    @handler(LOGGED_IN, supersedes=True)
    async def client_searched(self, words: str) -> None:
        """Find clients while a name is typed."""
        self.found = await found_clients(self, words)

    async def _stands(self, name: str) -> Standing:
        version = await self._load()
        line = next((line for line in self.lines if line["name"] == name), None)
        if line is None:
            raise NotFound()
        return Standing(line["value"], version, line["shown"])

    async def _put(self, name: str, text: str, version: int | None) -> None:
        fields = {name.removeprefix(PREFIX): text}
        await self._act(write_fields, card=self.card, card_id=self.card_id, fields=fields, version=version)

    async def _tick(self, name: str, option: str, is_on: bool, held: Standing) -> None:
        others = [key for key in held.value.split(",") if key and key != option]
        chosen = [*others, option] if is_on else others
        fields = {name.removeprefix(PREFIX): chosen}
        await self._act(write_fields, card=self.card, card_id=self.card_id, fields=fields, version=held.version)

    async def _load(self) -> int | None:
        """Show the fields; gives the version of their card."""
        own: OwnFields = await self._ask(see_own_fields, card=self.card, card_id=self.card_id)
        kinds = {each.field.kind for each in own.fields if each.is_written}
        choices: dict[str, list[Option]] = {}
        if "employee" in kinds:
            choices["employee"] = await self._choose_from_employees()
        if "file" in kinds:
            files = await self._ask(list_files, card=self.card, card_id=self.card_id)
            choices["file"] = [{"id": str(row.id), "label": row.name, "hint": ""} for row in files]
        self.lines = own_lines(own, self._locale, choices)
        return own.version
