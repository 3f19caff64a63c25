"""The State of /deals: one board as one person sees it; its address says which pipeline, filter and words."""

from __future__ import annotations

from typing import Any, TypedDict
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.core import clock
from crm_app.deals.queries.board import MOST, PER_COLUMN, BoardRow, see_board, see_column, see_columns
from crm_app.deals.screens.board_prints import changes, print_of
from crm_app.deals.screens.board_rows import BoardColumn, ColumnPatch, anew, to_columns
from crm_app.deals.screens.drops import NO_MOVES, Drops
from crm_app.deals.screens.new_deal_state import NewDeal
from crm_app.pipelines.queries import PipelineRow, list_pipelines
from crm_app.ui.field import Option


class Patch(TypedDict):
    """The columns that have changed. number: counts them since the whole board was sent."""

    number: int
    columns: list[ColumnPatch]


NO_PATCH: Patch = {"number": 0, "columns": []}
AT_FIRST = 20
"""Cards of each column before somebody asks for more: what lies below costs every drop and is seldom looked at."""


class Board(Drops, Screen):
    """What the board shows. What a card may do that is lifted and let go, it has from Drops."""

    is_ready: bool = False
    pipelines: list[Option] = []
    pipeline_id: int = 0
    rule: str = "free"
    generation: int = 0
    patch: Patch = NO_PATCH

    mine: bool = False
    with_closed: bool = False
    words: str = ""
    filter: dict[str, Any] = {}
    employees: list[Option] = []

    _shown: dict[int, int] = {}

    @handler("deal.see")
    async def opened(self) -> rx.event.EventSpec | None:
        """Show the board that the address asks for, and follow what others change."""
        query = dict(self.router.url.query_parameters)
        known = await self._ask(list_pipelines)
        self.pipelines = [{"id": str(row.id), "label": row.name, "hint": ""} for row in known]
        chosen = next((row for row in known if str(row.id) == query.get("pipeline")), known[0] if known else None)
        self.mine, self.with_closed = query.get("mine") == "1", query.get("closed") == "1"
        self.words = str(query.get("q", ""))[:200]
        self.filter = read_filter(query.get("filter"))
        self.is_ready = True
        if chosen is None:
            self.pipeline_id, self.columns = 0, []
            return None
        if not self.employees:
            self.employees = await self._choose_from_employees()
        await self._fill(chosen)
        if query.get("new") == "1":
            return NewDeal.wanted_with(chosen.stages[0].id, number_in(query.get("client")))
        return None

    @handler("deal.see")
    async def changed(self) -> None:
        """Somebody has changed this board: only what looks different is sent."""
        heard = self._heard(Board.changed)
        if f"board:{self.pipeline_id}" in heard:
            await self._send_changes()
        elif stages := [int(topic.removeprefix("stage:")) for topic in heard]:
            await self._send_columns(stages)

    @handler("deal.see")
    async def patch_missed(self, generation: int) -> None:
        """The browser was told of two changes before it looked at the first: it is told all."""
        if generation == self.generation:
            self._send_all(await self._board())

    # ---- the address -------------------------------------------------------------------------------------------------

    @handler("deal.see")
    async def pipeline_chosen(self, pipeline_id: str) -> rx.event.EventSpec:
        """Another board."""
        return self._go(pipeline=pipeline_id, filter="", q="")

    @handler("deal.see")
    async def mine_toggled(self) -> rx.event.EventSpec:
        """One's own deals, or all."""
        return self._go(mine="" if self.mine else "1")

    @handler("deal.see")
    async def closed_toggled(self) -> rx.event.EventSpec:
        """Won, lost and held deals as columns too, or not."""
        return self._go(closed="" if self.with_closed else "1")

    @handler("deal.see", supersedes=True)
    async def searched(self, words: str) -> rx.event.EventSpec:
        """Only deals in which these words stand."""
        return self._go(q=words)

    @handler("deal.see")
    async def filter_changed(self, conditions: dict[str, Any]) -> rx.event.EventSpec:
        """Only deals that fit the filter."""
        return self._go(filter=write_filter(conditions))

    def _go(self, **changed: str) -> rx.event.EventSpec:
        kept = {
            name: str(value)
            for name, value in self.router.url.query_parameters.items()
            if name not in ("new", "client")
        }
        query = urlencode({name: value for name, value in {**kept, **changed}.items() if value})
        return rx.redirect(f"/deals?{query}" if query else "/deals", replace=True)

    # ---- more cards, one card ---------------------------------------------------------------------------------------

    @handler("deal.see")
    async def more_wanted(self, stage_id: int) -> None:
        """Show more of a column."""
        self._shown = {**self._shown, stage_id: min(self._shown.get(stage_id, AT_FIRST) + PER_COLUMN, MOST)}
        await self._send_changes()

    @handler("deal.see")
    async def deal_opened(self, deal_id: int) -> rx.event.EventSpec:
        """The page of a deal."""
        return rx.redirect(f"/deals/{deal_id}")

    # ---- what is shown -----------------------------------------------------------------------------------------------

    async def _fill(self, chosen: PipelineRow) -> None:
        if chosen.id != self.pipeline_id:
            self._shown = {}
        self.pipeline_id = chosen.id
        await self._follow([stage.id for stage in chosen.stages])
        self._send_all(await self._board())

    async def _follow(self, stages: list[int]) -> None:
        await self._watch({f"board:{self.pipeline_id}", *(f"stage:{stage_id}" for stage_id in stages)}, Board.changed)

    def _send_all(self, board: BoardRow) -> None:
        self.rule = board.order_rule
        self.columns = to_columns(board, clock.now(), with_closed=self.with_closed)
        self._prints = {column["id"]: print_of(column) for column in self.columns}
        self.patch, self.moves = NO_PATCH, NO_MOVES
        self.generation += 1

    async def _send_changes(self) -> None:
        board = await self._board()
        stages = [column.stage.id for column in board.columns]
        if stages == list(self._prints) and board.order_rule == self.rule:
            self._patch(to_columns(board, clock.now(), with_closed=self.with_closed))
            return
        await self._follow(stages)
        self._send_all(await self._board())

    async def _send_columns(self, stages: list[int]) -> None:
        windows = {
            column["id"]: self._shown.get(column["id"], AT_FIRST) if column["shown"] else 0
            for column in self.columns
            if column["id"] in stages
        }
        asked = {"pipeline_id": self.pipeline_id, "windows": windows, **self._asked()}
        self._patch(anew(await self._ask(see_columns, **asked), self.columns, clock.now()))

    def _patch(self, fresh: list[BoardColumn]) -> None:
        if touched := changes(self._prints, fresh):
            self.patch = {"number": self.patch["number"] + 1, "columns": touched}

    def _asked(self) -> dict[str, Any]:
        return {"filter": self.filter or None, "q": self.words, "mine": self.mine}

    async def _board(self) -> BoardRow:
        asked = self._asked()
        whole = {"pipeline_id": self.pipeline_id, "with_closed": self.with_closed, "per_column": AT_FIRST}
        board = await self._ask(see_board, **whole, **asked)
        for place, column in enumerate(board.columns):
            most = self._shown.get(column.stage.id, AT_FIRST)
            if most > AT_FIRST:
                more = await self._ask(see_column, stage_id=column.stage.id, per_column=most, **asked)
                board.columns[place] = more
        return board
