"""The State of /deals: one board as one person sees it; its address says which pipeline, filter and words."""

from __future__ import annotations

from typing import Any, TypedDict
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.core import clock
from crm_app.core.errors import CrmError, RuleBroken
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.board import MOST, PER_COLUMN, BoardRow, see_board, see_column, see_columns
from crm_app.deals.queries.moves import moves
from crm_app.deals.screens.asked_fields import entry_of
from crm_app.deals.screens.board_prints import Drop, Print, carry, changes, neighbours, print_of
from crm_app.deals.screens.board_rows import BoardColumn, ColumnPatch, anew, to_columns
from crm_app.deals.screens.new_deal_state import NewDeal
from crm_app.pipelines.queries import PipelineRow, list_pipelines
from crm_app.ui.field import Option
from crm_app.ui.kanban import Mark, Moves, Verdict, remember_verdict


class Patch(TypedDict):
    """The columns that have changed. number: counts them since the whole board was sent."""

    number: int
    columns: list[ColumnPatch]


NO_PATCH: Patch = {"number": 0, "columns": []}
NO_MOVES: Moves = {"card_id": 0, "stages": {}}
AT_FIRST = 20
"""Cards of each column before somebody asks for more: what lies below costs every drop and is seldom looked at."""


class Board(Screen):
    """What the board shows, what a lifted card may do, and what a drop still has to be asked."""

    is_ready: bool = False
    pipelines: list[Option] = []
    pipeline_id: int = 0
    rule: str = "free"
    columns: list[BoardColumn] = []
    generation: int = 0
    patch: Patch = NO_PATCH
    verdicts: list[Verdict] = []
    moves: Moves = NO_MOVES

    mine: bool = False
    with_closed: bool = False
    words: str = ""
    filter: dict[str, Any] = {}
    employees: list[Option] = []

    asks: bool = False
    asked: list[str] = []
    asked_stage: str = ""
    errors: dict[str, str] = {}
    form_key: int = 0

    _drop_id: str = ""
    _waiting: Drop | None = None
    _prints: dict[int, Print] = {}
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

    # ---- a card in the air, and its drop -----------------------------------------------------------------------------

    @handler("deal.see")
    async def deal_lifted(self, deal_id: int) -> None:
        """Say of every column what a drop there would mean."""
        rows = await self._ask(moves, deal_id=deal_id)
        marks: dict[str, Mark] = {
            str(row.stage_id): {
                "drop": row.drop,
                "reason": "; ".join(reason.text(self._locale) for reason in row.reasons),
            }
            for row in rows
        }
        self.moves = {"card_id": deal_id, "stages": marks}

    @handler("deal.move")
    async def deal_dropped(self, drop_id: str, deal_id: int, from_stage: int, to_stage: int, index: int) -> None:
        """Save a drop that is on the screen already, or ask for what its stage wants first."""
        await self._drop(Drop(drop_id, deal_id, from_stage, to_stage, index))

    @handler("deal.move")
    async def needs_given(self, fields: dict[str, str]) -> None:
        """Save what was asked for, and the stage, together."""
        if self._waiting is None:
            return
        self.errors = {}
        drop, self._drop_id = self._waiting, self._waiting.drop_id
        try:
            await self._move(drop, fields=entry_of(fields, self.asked), reason=fields.get("reason", ""))
        except CrmError as refused:
            self.errors = self._by_field(refused)
            if not self.errors:
                raise
            return
        self._close_needs()

    @handler("deal.move")
    async def needs_closed(self) -> None:
        """The person thought better of it: the card goes back."""
        if self._waiting is not None:
            self.verdicts = remember_verdict(self.verdicts, self._waiting.drop_id, False)
        self._close_needs()

    async def _drop(self, drop: Drop) -> None:
        self._drop_id = drop.drop_id
        try:
            await self._move(drop)
        except RuleBroken as refused:
            if not any(reason.code in ASKABLE for reason in refused.reasons):
                raise
            self._open_needs(drop, [reason.field for reason in refused.reasons])

    async def _move(self, drop: Drop, **given: Any) -> None:
        where = {"deal_id": drop.deal_id, "stage_id": drop.to_stage, "from_stage_id": drop.from_stage}
        await self._act(move_deal, **where, **neighbours(self._prints, drop), **given)
        self._drop_id = ""
        is_shown = any(column["id"] == drop.to_stage and column["shown"] for column in self.columns)
        carry(self._prints, drop, is_shown=is_shown)  # one's own drop is on the screen: it is not sent back
        self.verdicts = remember_verdict(self.verdicts, drop.drop_id, True)

    def _open_needs(self, drop: Drop, asked: list[str]) -> None:
        is_same = self._waiting is not None and self._waiting.drop_id == drop.drop_id
        self._waiting, self.asks, self.asked, self._drop_id = drop, True, asked, ""
        if is_same:
            return  # it came again after a lost connection: what is typed stays
        self.errors, self.form_key = {}, self.form_key + 1
        self.asked_stage = next((c["title"] for c in self.columns if c["id"] == drop.to_stage), "")

    def _close_needs(self) -> None:
        self._waiting, self.asks, self.errors, self._drop_id = None, False, {}, ""

    async def _refused(self, error: CrmError) -> Any:
        """A drop that is refused goes back to its place, and the reason is told."""
        self._take_back()
        return await super()._refused(error)

    async def _failed(self, error: Exception) -> Any:
        self._take_back()

    def _take_back(self) -> None:
        if self._drop_id:
            self.verdicts = remember_verdict(self.verdicts, self._drop_id, False)
            self._close_needs()

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


ASKABLE = {"deals.error.field_required", "deals.error.needs_reason"}
