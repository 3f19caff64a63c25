"""The State of /deals/list: the list, as its address says it."""

from __future__ import annotations

from typing import Any, ClassVar

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.cards.screens.card_list import PAGE_ROWS
from crm_app.cards.screens.cells import CellKind, EditsCells, Typed
from crm_app.cards.screens.list_screen import ALL, Found, Listing
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.fields import LIST
from crm_app.deals.queries.cards import count_deals, list_deals, see_deal
from crm_app.deals.screens.deal_rows import typed_values
from crm_app.deals.screens.deal_state import typed_value
from crm_app.deals.screens.lines import deal_line
from crm_app.deals.screens.ways_between import BOARD, board_of
from crm_app.pipelines.queries import see_pipeline
from crm_app.pipelines.screens.bulk_moves_state import MovesMany
from crm_app.ui.field import Option

_CELLS = {
    "name": CellKind("name"), "responsible": CellKind("responsible_id", "select", "employees"),
    "client": CellKind("client_id", "search"), "stage": CellKind("stage_id", "select"),
    "amount": CellKind("amount", "amount"),
    **{name: CellKind(name) for name in ("payment_method", "delivery")},
}  # fmt: skip


class DealList(MovesMany, EditsCells, Screen):
    """The list, and what is done with its ticked rows. board: the address of the board of the same deals."""

    _listing: ClassVar = Listing(LIST, permission="deal.see", usual={**ALL, "sort": "-updated_at"}, cards=BOARD)
    _card: ClassVar = "deal"
    _cells: ClassVar = _CELLS

    board: str = BOARD

    _colours: dict[int, str] = {}

    @handler("deal.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        self._begin()
        self.board = board_of(self.filter, self.words)
        await self._load_people_and_tags()
        await self._load_choices()
        await self._watch({"deals", "fields:deal"}, DealList.changed)
        await self._load_columns()
        await self._reload()

    @handler("deal.see")
    async def changed(self) -> None:
        """Somebody has changed a deal, or what fields they have: the first rows and the count are asked for again."""
        await self._hear_of_fields(self._heard(DealList.changed))
        await self._load("")

    async def _load_choices(self) -> None:
        ways = await self._load_stages()
        self._colours = {stage.id: stage.colour for way in ways for stage in way.stages}

    async def _find(self, after: str) -> Found:
        asked = self._narrowed()
        lines, next_ = await self._lines(asked, after)
        return Found(lines, next_, self.page["total"] if after else await self._ask(count_deals, **asked))

    async def _lines(self, asked: dict[str, Any], after: str) -> tuple[list[Any], str]:
        narrowed = {"filter": asked["where"], "q": asked["q"]}
        found = await self._ask(list_deals, **narrowed, sort=self.sort, after=after, limit=PAGE_ROWS)
        return [deal_line(row, self._colours) for row in found.rows], found.next or ""

    async def _typed(self, card_id: int) -> Typed:
        seen = await self._ask(see_deal, deal_id=card_id)
        way = await self._ask(see_pipeline, pipeline_id=seen.deal.pipeline_id)
        stages: list[Option] = [{"id": str(stage.id), "label": stage.name, "hint": ""} for stage in way.stages]
        values = {**typed_values(seen.deal), "stage_id": str(seen.deal.stage_id)}
        shown = {"client_id": seen.deal.client_name}
        return Typed(seen.deal.version, seen.may_change, values, {"stage_id": stages}, shown)

    async def _write(self, card_id: int, name: str, value: str, version: int) -> None:
        if name == "stage_id":  # passes the rule of moves, which tells in words what is missing
            await self._act(move_deal, deal_id=card_id, stage_id=number_in(value))
            return
        await self._act(change_deal, deal_id=card_id, values={name: typed_value(name, value)}, version=version)
