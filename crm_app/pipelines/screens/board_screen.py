"""What the States of all boards share: the address says which pipeline, filter and words; only what changed is sent.

class Board(DropsCards, Screen):
    _wall: ClassVar = Wall("/deals", card="deal", permission="deal.see")

    columns: list[BoardColumn] = []
    patch: Patch = NO_PATCH
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.cards.screens.shelf_state import PASSING
from crm_app.pipelines.queries import PipelineRow, list_pipelines
from crm_app.pipelines.screens.board_prints import Print, changes, print_of
from crm_app.ui.field import Option
from crm_app.ui.kanban import Moves, Verdict

NO_PATCH: Any = {"number": 0, "columns": []}
NO_MOVES: Moves = {"card_id": 0, "stages": {}}
AT_FIRST, PER_COLUMN, MOST = 20, 50, 200
"""Cards of each column before somebody asks for more (what lies below costs every drop and is seldom looked at), cards
that one more asking adds, and cards of one column at most."""
THE_BOARDS_OWN = "the board's own"
"""Stands for the permission that each board names; nobody holds this one: a board which names none is refused."""


@dataclass(frozen=True)
class Wall:
    """A board: its address, the kind of card that goes through its pipelines, and who may see it."""

    address: str
    card: str
    permission: str


class BoardScreen(Screen, mixin=True):
    """What a board shows. A board itself has `columns` and `patch` of its own types: {"number", "columns"}."""

    _wall: ClassVar[Wall]

    is_ready: bool = False
    pipelines: list[Option] = []
    pipeline_id: int = 0
    rule: str = "free"
    generation: int = 0
    verdicts: list[Verdict] = []
    moves: Moves = NO_MOVES

    mine: bool = False
    with_closed: bool = False
    words: str = ""
    filter: dict[str, Any] = {}
    is_narrowed: bool = False
    """Whether only some of the cards are asked for."""

    _prints: dict[int, Print] = {}
    _shown: dict[int, int] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        """Mark the handlers below, which each board gets a copy of, with the permission of the board."""
        super().__init_subclass__(**options)
        for event in cls.event_handlers.values():
            if getattr(event.fn, "__crm_permission__", "") == THE_BOARDS_OWN:
                event.fn.__crm_permission__ = cls._wall.permission

    @handler(THE_BOARDS_OWN)
    async def changed(self) -> None:
        """Somebody has changed this board: only what looks different is sent."""
        heard = self._heard(type(self).changed)
        if f"board:{self.pipeline_id}" in heard:
            await self._send_changes()
        elif stages := [int(topic.removeprefix("stage:")) for topic in heard]:
            await self._send_columns(stages)

    @handler(THE_BOARDS_OWN)
    async def patch_missed(self, generation: int) -> None:
        """The browser was told of two changes before it looked at the first: it is told all."""
        if generation == self.generation:
            self._send_all(*await self._board())

    @handler(THE_BOARDS_OWN)
    async def pipeline_chosen(self, pipeline_id: str) -> rx.event.EventSpec:
        """Another board."""
        return self._go(pipeline=pipeline_id, filter="", q="")

    @handler(THE_BOARDS_OWN)
    async def mine_toggled(self) -> rx.event.EventSpec:
        """One's own cards, or all."""
        return self._go(mine="" if self.mine else "1")

    @handler(THE_BOARDS_OWN)
    async def closed_toggled(self) -> rx.event.EventSpec:
        """Stages that are not open as columns too, or not."""
        return self._go(closed="" if self.with_closed else "1")

    @handler(THE_BOARDS_OWN, supersedes=True)
    async def searched(self, words: str) -> rx.event.EventSpec:
        """Only cards in which these words stand."""
        return self._go(q=words)

    @handler(THE_BOARDS_OWN)
    async def filter_changed(self, conditions: dict[str, Any]) -> rx.event.EventSpec:
        """Only cards that fit the filter."""
        return self._go(filter=write_filter(conditions))

    @handler(THE_BOARDS_OWN)
    async def more_wanted(self, stage_id: int) -> None:
        """Show more of a column."""
        self._shown = {**self._shown, stage_id: min(self._shown.get(stage_id, AT_FIRST) + PER_COLUMN, MOST)}
        await self._send_changes()

    @abstractmethod
    async def _board(self) -> tuple[str, Sequence[Any]]:
        """The order rule of the pipeline, and all its columns as the browser gets them."""

    @abstractmethod
    async def _columns_anew(self, windows: dict[int, int]) -> Sequence[Any]:
        """Some columns as they are now. windows: how many cards of each; 0 for count and sums alone."""

    async def _begin(self) -> PipelineRow | None:
        """Show the board that the address asks for, and follow what others change; None where there is none."""
        query = dict(self.router.url.query_parameters)
        known = await self._ask(list_pipelines, card=self._wall.card)
        self.pipelines = [{"id": str(row.id), "label": row.name, "hint": ""} for row in known]
        chosen = next((row for row in known if str(row.id) == query.get("pipeline")), known[0] if known else None)
        self.mine, self.with_closed = query.get("mine") == "1", query.get("closed") == "1"
        self.words = str(query.get("q", ""))[:200]
        self.filter = read_filter(query.get("filter"))
        self.is_narrowed = bool(self.mine or self.words or self.filter)
        self.is_ready = True
        if chosen is None:
            self.pipeline_id, self.columns = 0, []
            return None
        await self._fill(chosen)
        return chosen

    async def _fill(self, chosen: PipelineRow) -> None:
        if chosen.id != self.pipeline_id:
            self._shown = {}
        self.pipeline_id = chosen.id
        await self._follow([stage.id for stage in chosen.stages])
        self._send_all(*await self._board())

    async def _follow(self, stages: list[int]) -> None:
        topics = {f"board:{self.pipeline_id}", *(f"stage:{stage_id}" for stage_id in stages)}
        await self._watch(topics, type(self).changed)

    def _go(self, **changed: str) -> rx.event.EventSpec:
        kept = {name: str(value) for name, value in self.router.url.query_parameters.items() if name not in PASSING}
        query = urlencode({name: value for name, value in {**kept, **changed}.items() if value})
        address = self._wall.address
        return rx.redirect(f"{address}?{query}" if query else address, replace=True)

    def _send_all(self, order_rule: str, columns: Sequence[Any]) -> None:
        self.rule, self.columns = order_rule, columns
        self._prints = {column["id"]: print_of(column) for column in columns}
        self.patch, self.moves = NO_PATCH, NO_MOVES
        self.generation += 1

    async def _send_changes(self) -> None:
        order_rule, columns = await self._board()
        stages = [column["id"] for column in columns]
        if stages == list(self._prints) and order_rule == self.rule:
            self._send(columns)
            return
        await self._follow(stages)
        self._send_all(*await self._board())

    async def _send_columns(self, stages: list[int]) -> None:
        windows = {
            column["id"]: self._shown.get(column["id"], AT_FIRST) if column["shown"] else 0
            for column in self.columns
            if column["id"] in stages
        }
        self._send(await self._columns_anew(windows))

    def _send(self, fresh: Sequence[Any]) -> None:
        if touched := changes(self._prints, fresh):
            self.patch = {"number": self.patch["number"] + 1, "columns": touched}
