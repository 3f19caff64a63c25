"""The State of /deals: one board as one person sees it; its address says which pipeline, filter and words."""

from __future__ import annotations

from typing import Any, ClassVar, TypedDict

import reflex as rx

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.core import clock
from crm_app.core.i18n import text
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.fields import LIST
from crm_app.deals.queries.board import ColumnRow, see_board, see_column, see_columns
from crm_app.deals.queries.moves import moves
from crm_app.deals.queries.stays import list_arrivals, list_conversions, list_usual_stays
from crm_app.deals.screens.asked_fields import entry_of
from crm_app.deals.screens.board_rows import BoardColumn, ColumnPatch, anew, tell_usual_stays, to_columns, weigh
from crm_app.deals.screens.new_deal_state import NewDeal
from crm_app.deals.screens.ways_between import list_of
from crm_app.pipelines.screens.board_drops import DropsCards
from crm_app.pipelines.screens.board_prints import Drop
from crm_app.pipelines.screens.board_screen import AT_FIRST, NO_PATCH, Wall


class Patch(TypedDict):
    """The columns that have changed. number: counts them since the whole board was sent."""

    number: int
    columns: list[ColumnPatch]


class Said(TypedDict):
    """What somebody else has just done, told above the board for a while. number: counts them."""

    number: int
    words: str


NOTHING_SAID: Any = {"number": 0, "words": ""}


class Board(DropsCards, Screen):
    """What the board shows, what a lifted card may do, and what a drop still has to be asked."""

    _wall: ClassVar = Wall("/deals", card="deal", permission="deal.see")
    _askable: ClassVar = frozenset(
        {"deals.error.field_required", "deals.error.needs_reason", "cards.error.field_required"}
    )

    columns: list[BoardColumn] = []
    patch: Patch = NO_PATCH
    list_href: str = LIST
    weighted: bool = False
    said: Said = NOTHING_SAID

    @handler("deal.see")
    async def opened(self) -> rx.event.EventSpec | None:
        """Show the board that the address asks for, and follow what others change."""
        self.weighted = self.router.url.query_parameters.get("weighted") == "1"
        chosen = await self._begin()
        self.list_href = list_of(
            self.pipeline_id, self.filter, self.words, mine=self.mine, with_closed=self.with_closed
        )
        query = dict(self.router.url.query_parameters)
        if chosen is not None and query.get("new") == "1":
            return NewDeal.wanted_with(chosen.stages[0].id, number_in(query.get("client")))
        return None

    @handler("deal.see")
    async def weighted_toggled(self) -> rx.event.EventSpec:
        """Sums weighted by the probability of their stages too, or not."""
        return self._go(weighted="" if self.weighted else "1")

    @handler("deal.see")
    async def deal_lifted(self, deal_id: int) -> None:
        """Say of every column what a drop there would mean."""
        self._mark(deal_id, await self._ask(moves, deal_id=deal_id))

    @handler("deal.move")
    async def deal_dropped(self, drop_id: str, deal_id: int, from_stage: int, to_stage: int, index: int) -> None:
        """Save a drop that is on the screen already, or ask for what its stage wants first."""
        await self._drop(Drop(drop_id, deal_id, from_stage, to_stage, index))

    @handler("deal.move")
    async def needs_given(self, fields: dict[str, str]) -> None:
        """Save what was asked for, and the stage, together."""
        await self._give(lambda: {"fields": entry_of(fields, self.asked), "reason": fields.get("reason", "")})

    @handler("deal.move")
    async def needs_closed(self) -> None:
        """The person thought better of it: the card goes back."""
        self._give_up()

    @handler("deal.see")
    async def deal_opened(self, deal_id: int) -> rx.event.EventSpec:
        """The page of a deal."""
        return rx.redirect(f"/deals/{deal_id}")

    async def _save(self, drop: Drop, place: dict[str, int], given: dict[str, Any]) -> None:
        where = {"deal_id": drop.card_id, "stage_id": drop.to_stage, "from_stage_id": drop.from_stage}
        await self._act(move_deal, **where, **place, **given)

    def _asked(self) -> dict[str, Any]:
        return {"filter": self.filter or None, "q": self.words, "mine": self.mine}

    async def _columns_anew(self, windows: dict[int, int]) -> list[BoardColumn]:
        rows = await self._ask(see_columns, pipeline_id=self.pipeline_id, windows=windows, **self._asked())
        await self._tell_arrivals(rows)
        return anew(rows, self.columns, clock.now())

    async def _tell_arrivals(self, rows: list[ColumnRow]) -> None:
        """Say who has moved what, of the cards that the browser does not show where they are now."""
        shown = {stage_id: {card[0] for card in told.cards} for stage_id, told in self._prints.items()}
        fresh = [card.id for row in rows for card in row.cards if card.id not in shown.get(row.stage.id, ())]
        if fresh and (arrivals := await self._ask(list_arrivals, deal_ids=fresh)):
            last = arrivals[-1]
            words = {"who": last.by, "title": last.title, "stage": last.stage}
            self.said = {"number": self.said["number"] + 1, "words": text("deals.say.moved", self._locale, **words)}

    async def _board(self) -> tuple[str, list[BoardColumn]]:
        asked = self._asked()
        whole = {"pipeline_id": self.pipeline_id, "with_closed": self.with_closed, "per_column": AT_FIRST}
        board = await self._ask(see_board, **whole, **asked)
        for place, column in enumerate(board.columns):
            most = self._shown.get(column.stage.id, AT_FIRST)
            if most > AT_FIRST:
                more = await self._ask(see_column, stage_id=column.stage.id, per_column=most, **asked)
                board.columns[place] = more
        columns = to_columns(board, clock.now(), with_closed=self.with_closed)
        if self.weighted:
            weigh(columns, await self._ask(list_conversions, pipeline_id=self.pipeline_id))
        tell_usual_stays(columns, await self._ask(list_usual_stays, pipeline_id=self.pipeline_id))
        return board.order_rule, columns
