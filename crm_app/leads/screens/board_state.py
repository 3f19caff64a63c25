"""The State of /leads/board: one board as one person sees it; its address says which pipeline, filter and words."""

from __future__ import annotations

from typing import Any, ClassVar, TypedDict

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.core import clock
from crm_app.leads.actions.moves import move_lead
from crm_app.leads.queries.board import see_lead_board, see_lead_columns
from crm_app.leads.queries.cards import list_moves
from crm_app.leads.screens.board_rows import LeadStack, StackPatch, to_stack
from crm_app.leads.screens.converting_state import Converting
from crm_app.leads.screens.needs import own_values
from crm_app.pipelines.rules import WON
from crm_app.pipelines.screens.board_drops import DropsCards
from crm_app.pipelines.screens.board_prints import Drop
from crm_app.pipelines.screens.board_screen import AT_FIRST, NO_PATCH, Wall


class Patch(TypedDict):
    """The columns that have changed. number: counts them since the whole board was sent."""

    number: int
    columns: list[StackPatch]


class LeadsBoard(DropsCards, Screen):
    """What the board shows, and what a drop still has to be asked: why a lead is disqualified, what its stage wants."""

    _wall: ClassVar = Wall("/leads/board", card="lead", permission="lead.see")
    _askable: ClassVar = frozenset({"leads.error.needs_reason", "cards.error.field_required"})

    columns: list[LeadStack] = []
    patch: Patch = NO_PATCH

    @handler("lead.see")
    async def opened(self) -> None:
        """Show the board that the address asks for, and follow what others change."""
        await self._begin()

    @handler("lead.see")
    async def lead_lifted(self, lead_id: int) -> None:
        """Say of every column what a drop there would mean."""
        self._mark(lead_id, await self._ask(list_moves, lead_id=lead_id))

    @handler("lead.change")
    async def lead_dropped(self, drop_id: str, lead_id: int, from_stage: int, to_stage: int, index: int) -> None:
        """Save a drop that is on the screen already, or ask why first; a qualified one is offered to be converted."""
        await self._drop(Drop(drop_id, lead_id, from_stage, to_stage, index))
        kind = next((column["kind"] for column in self.columns if column["id"] == to_stage), "")
        if kind == WON and from_stage != to_stage:
            await (await self.get_state(Converting))._offer(lead_id)

    @handler("lead.change")
    async def needs_given(self, fields: dict[str, str]) -> None:
        """Save what was asked for, and the stage, together."""
        await self._give(lambda: {"reason": fields.get("reason", ""), "fields": own_values(fields, self.asked)})

    @handler("lead.change")
    async def needs_closed(self) -> None:
        """The person thought better of it: the card goes back."""
        self._give_up()

    @handler("lead.see")
    async def lead_opened(self, lead_id: int) -> rx.event.EventSpec:
        """The page of a lead."""
        return rx.redirect(f"/leads/{lead_id}")

    async def _save(self, drop: Drop, place: dict[str, int], given: dict[str, Any]) -> None:
        where = {"lead_id": drop.card_id, "stage_id": drop.to_stage, "from_stage_id": drop.from_stage}
        await self._act(move_lead, **where, **place, **given)

    def _asked(self) -> dict[str, Any]:
        return {
            "pipeline_id": self.pipeline_id, "where": self.filter or None, "q": self.words, "mine": self.mine,
        }  # fmt: skip

    async def _columns_anew(self, windows: dict[int, int]) -> list[LeadStack]:
        rows = await self._ask(see_lead_columns, windows=windows, **self._asked())
        return [to_stack(row, clock.now(), self._locale, with_closed=self.with_closed) for row in rows]

    async def _board(self) -> tuple[str, list[LeadStack]]:
        board = await self._ask(see_lead_board, per_column=AT_FIRST, with_closed=self.with_closed, **self._asked())
        columns = [to_stack(each, clock.now(), self._locale, with_closed=self.with_closed) for each in board.columns]
        longer = {stage_id: most for stage_id, most in self._shown.items() if most > AT_FIRST}
        if longer:
            more = {column["id"]: column for column in await self._columns_anew(longer)}
            columns = [more.get(column["id"], column) for column in columns]
        return board.order_rule, columns
