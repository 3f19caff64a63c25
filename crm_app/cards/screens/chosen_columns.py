"""What the States of lists share whose columns each employee chooses, puts in order and sizes."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypedDict

from crm_app.access.screens.base import handler, number_in
from crm_app.cards.actions.columns import reset_columns, set_columns
from crm_app.cards.columns import COLUMNS, NARROWEST, WIDEST, Place
from crm_app.cards.queries.columns import ListColumn, see_columns, tell_more
from crm_app.cards.screens.list_screen import THE_LISTS_OWN, ListScreen
from crm_app.ui.table import ShownColumn


class ColumnChoice(TypedDict):
    """A column that could be there. width: as it is typed, "" for its own; is_first, is_last: of those shown."""

    key: str
    label: str
    width: str
    is_shown: bool
    is_fixed: bool
    is_first: bool
    is_last: bool


class ChosenColumns(ListScreen, mixin=True):
    """A list of cards of one kind with the columns of who looks at it. _card: the kind."""

    _card: ClassVar[str]

    shown: list[ShownColumn] = []
    column_choices: list[ColumnChoice] = []
    has_own_columns: bool = False

    @handler(THE_LISTS_OWN)
    async def column_shown(self, key: str, is_shown: bool) -> None:
        """A column comes, as the last one, or goes."""
        places = [place for place in await self._places() if place["key"] != key]
        await self._place([*places, {"key": key, "width": 0}] if is_shown else places)

    @handler(THE_LISTS_OWN)
    async def column_moved(self, key: str, by: Literal[-1, 1]) -> None:
        """A column changes places with its neighbour."""
        places = await self._places()
        at = next((n for n, place in enumerate(places) if place["key"] == key), -1)
        if at >= 0 and 0 <= at + by < len(places):
            places[at], places[at + by] = places[at + by], places[at]
            await self._place(places)

    @handler(THE_LISTS_OWN)
    async def column_sized(self, key: str, width: int) -> None:
        """A column is so wide from now on, in pixels; 0: as the list finds right."""
        await self._size(key, width)

    @handler(THE_LISTS_OWN)
    async def column_width_typed(self, key: str, width: str) -> None:
        """The same, by keys."""
        await self._size(key, number_in(width))

    @handler(THE_LISTS_OWN)
    async def columns_reset(self) -> None:
        """The columns that the list comes with."""
        await self._act(reset_columns, card=self._card)
        await self._load_columns()
        await self._load("")

    async def _load_columns(self) -> None:
        """Which columns there are, and which of them are shown; before the rows are asked for."""
        known = await self._ask(see_columns, card=self._card)
        shown = [column for column in known.columns if column.is_shown]
        self.has_own_columns = known.is_own
        self.shown = [_face(column) for column in shown] if known.is_own else []
        ends = (shown[0].key, shown[-1].key)
        self.column_choices = [_choice(column, ends, COLUMNS[self._card].always) for column in known.columns]

    async def _completed(self, lines: list[Any]) -> list[Any]:
        keys = [column["key"] for column in self.shown if not column["is_face"]]
        if not keys or not lines:
            return lines
        told = await self._ask(tell_more, card=self._card, ids=[line["id"] for line in lines], keys=keys)
        return [{**line, "more": told.get(line["id"], {})} for line in lines]

    async def _size(self, key: str, width: int) -> None:
        width = max(NARROWEST, min(width, WIDEST)) if width else 0
        places = await self._places()
        sized: list[Place] = [{"key": p["key"], "width": width if p["key"] == key else p["width"]} for p in places]
        if sized != places:  # whoever only passes through a field has chosen nothing
            await self._place(sized)

    async def _places(self) -> list[Place]:
        known = await self._ask(see_columns, card=self._card)
        return [{"key": column.key, "width": column.width} for column in known.columns if column.is_shown]

    async def _place(self, places: list[Place]) -> None:
        had = {column["key"] for column in self.shown}
        await self._act(set_columns, card=self._card, columns=places)
        await self._load_columns()
        if any(column["key"] not in had and not column["is_face"] for column in self.shown):
            await self._reload()


def _face(column: ListColumn) -> ShownColumn:
    return {
        "key": column.key,
        "title": column.label,
        "width": column.width,
        "is_face": column.is_face,
        "sortable": column.is_sortable,
        "align": "end" if column.is_end else "start",
    }


def _choice(column: ListColumn, ends: tuple[str, str], always: str) -> ColumnChoice:
    return {
        "key": column.key,
        "label": column.label,
        "width": str(column.width) if column.width else "",
        "is_shown": column.is_shown,
        "is_fixed": column.key == always,
        "is_first": column.key == ends[0],
        "is_last": column.key == ends[1],
    }
