"""What the States of lists share whose cells are edited where they stand: one opens, is saved, refused, or told apart.

    class Contacts(EditsCells, CardListScreen, Screen):
        _cells: ClassVar = {"city": CellKind("city"), "responsible": CellKind("responsible_id", "select", "employees")}

        async def _typed(self, card_id: int) -> Typed: …
        async def _write(self, card_id: int, field: str, text: str, version: int) -> None: …

The browser tells with each value what stood in the field when its cell opened: where that has changed since, nothing is
written, and the person chooses between what stands there now and what they typed. Further columns and the company's own
fields are edited too, but for files.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from crm_app.access.screens.base import handler
from crm_app.access.screens.editing import Standing, put_unless_changed
from crm_app.cards.actions.fields import write_fields
from crm_app.cards.field_queries import OwnFields, list_own_fields, see_own_fields
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.screens.card_list import CardListScreen
from crm_app.cards.screens.custom_lines import IN_CELLS, OwnFieldLine, control_of, own_lines
from crm_app.cards.screens.finding import found_clients
from crm_app.cards.screens.list_screen import THE_LISTS_OWN
from crm_app.core.errors import CrmError, Forbidden, NotFound
from crm_app.core.i18n import text as words
from crm_app.ui.field import Option
from crm_app.ui.table import NO_CELL, CellAnswer


@dataclass(frozen=True)
class CellKind:
    """How a column is edited. field: of the card; kind: see ui/inline_edit.py; options: the var to choose from.

    A cell of kind "search" takes a client that is found by words.
    """

    field: str
    kind: str = "text"
    options: str = ""


@dataclass(frozen=True)
class Typed:
    """A card as its fields are typed. version: of the card; options: instead of those of the list; shown: what can't be
    read from the value itself.
    """

    version: int
    may_change: bool
    values: Mapping[str, str]
    options: Mapping[str, list[Option]] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Held(Standing):
    """What stands in one field of one card, and how it is edited."""

    kind: str = "text"
    options: list[Option] = field(default_factory=list)


class EditsCells(CardListScreen, mixin=True):
    """A list whose cells are edited. edits: keys of the columns that the person may edit at all; cell_found: clients to
    choose from, as somebody types.
    """

    _cells: ClassVar[Mapping[str, CellKind]]

    cell: CellAnswer = NO_CELL
    edits: list[str] = []
    cell_found: list[Option] = []

    @handler(THE_LISTS_OWN)
    async def cell_wanted(self, card_id: int, key: str) -> None:
        """Open a cell with what stands in it now."""
        try:
            held = await self._held(card_id, key)
        except CrmError as refused:
            self._answer("refused", card_id, key, told=_sentence(refused, self._locale))
            return
        self.cell_found = []
        told = {"value": held.value, "kind": held.kind, "options": held.options, "shown": held.shown}
        self._answer("open", card_id, key, **told)

    @handler(THE_LISTS_OWN, supersedes=True)
    async def cell_searched(self, words: str) -> None:
        """Find clients while a name is typed into a cell."""
        self.cell_found = await found_clients(self, words)

    @handler(THE_LISTS_OWN)
    async def cell_given(self, card_id: int, key: str, value: str, seen: str) -> None:
        """Save what was typed into a cell. seen: what stood there when it opened."""
        try:
            theirs = await self._save(card_id, key, value, seen)
        except CrmError as refused:
            self._answer("refused", card_id, key, value=value, told=_sentence(refused, self._locale))
            return
        if theirs is not None:
            self._answer("conflict", card_id, key, value=theirs.value, shown=theirs.shown)
            return
        self._answer("saved", card_id, key, rows=await self._row(card_id))
        if key in self._cells:
            await self._was_written(card_id, self._cells[key].field, value, seen)

    @abstractmethod
    async def _typed(self, card_id: int) -> Typed:
        """One card as it is typed. Raises NotFound."""

    @abstractmethod
    async def _write(self, card_id: int, name: str, value: str, version: int) -> None:
        """Give a field another value, by the action that the card's own page passes."""

    async def _was_written(self, card_id: int, name: str, value: str, seen: str) -> None:
        """A field has another value now; lists that have something to say about that say it here."""

    @abstractmethod
    async def _lines(self, asked: dict[str, Any], after: str) -> tuple[list[Any], str]:
        """Lines of the list, and the key of those that follow."""

    async def _load_columns(self) -> None:
        await super()._load_columns()
        locked = self._actor.locked(self._card)
        mine = [key for key, cell in self._cells.items() if cell.field not in locked]
        own = [each for each in await self._ask(list_own_fields, card=self._card) if each.is_written]
        mine += [each.field.full for each in own if control_of(each.field) in IN_CELLS]
        self.edits = mine if self._actor.may(f"{self._card}.change") else []

    async def _save(self, card_id: int, key: str, value: str, seen: str) -> Standing | None:
        """Write a field; gives what somebody else wrote there meanwhile, and then nothing is written."""
        stands, put = partial(self._held, card_id, key), partial(self._put, card_id, key, value)
        return await put_unless_changed(stands, put, value, seen)

    async def _put(self, card_id: int, key: str, value: str, version: int) -> None:
        if not key.startswith(PREFIX):
            await self._write(card_id, self._cells[key].field, value, version)
            return
        several = (await self._held(card_id, key)).kind == "ticks"
        given = {key.removeprefix(PREFIX): [each for each in value.split(",") if each] if several else value}
        await self._act(write_fields, card=self._card, card_id=card_id, fields=given, version=version)

    async def _held(self, card_id: int, key: str) -> _Held:
        """Raises Forbidden for what the person may not change, NotFound for a cell or a card that is not there."""
        if key.startswith(PREFIX):
            return await self._held_own(card_id, key)
        cell = self._cells.get(key)
        if cell is None:
            raise NotFound()
        typed = await self._typed(card_id)
        if not typed.may_change:
            raise Forbidden("core.error.not_yours")
        if cell.field in self._actor.locked(self._card):
            raise Forbidden("core.error.field_read_only", field=cell.field)
        options = typed.options.get(cell.field) or (getattr(self, cell.options) if cell.options else [])
        shown = typed.shown.get(cell.field, "")
        return _Held(typed.values[cell.field], typed.version, shown, cell.kind, list(options))

    async def _held_own(self, card_id: int, key: str) -> _Held:
        own: OwnFields = await self._ask(see_own_fields, card=self._card, card_id=card_id)
        lines: list[OwnFieldLine] = own_lines(own, self._locale, {"employee": self.employees})
        found = next((line for line in lines if line["name"] == key), None)
        if found is None or found["control"] not in IN_CELLS:
            raise NotFound()
        if not found["is_written"]:
            raise Forbidden("core.error.field_read_only", field=key)
        options = found["options"] or [{"id": t["id"], "label": t["label"], "hint": ""} for t in found["ticks"]]
        kind = "search" if found["control"] == "client" else found["control"]
        return _Held(found["value"], own.version, found["shown"], kind, list(options))

    async def _row(self, card_id: int) -> list[Any]:
        """The card's line as it is now; none where it is not there any more."""
        only = {"all": [{"field": "id", "op": "eq", "value": card_id}]}
        lines, _ = await self._lines({"where": only, "q": ""}, "")
        return await self._completed(lines)

    def _answer(self, state: str, row_id: int, key: str, **told: Any) -> None:
        number = self.cell["number"] + 1
        self.cell = {**NO_CELL, "number": number, "state": state, "row_id": row_id, "key": key, **told}  # type: ignore[typeddict-item]


def _sentence(refused: CrmError, locale: str) -> str:
    """Why not, in words."""
    return "; ".join(reason.text(locale) for reason in refused.reasons) or words(refused.key, locale, **refused.params)
