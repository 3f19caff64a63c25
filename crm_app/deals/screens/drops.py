"""What the State of the board does with a card that is lifted and let go."""

from __future__ import annotations

from typing import Any

from crm_app.access.screens.base import Screen, handler
from crm_app.core.errors import CrmError, RuleBroken
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.moves import moves
from crm_app.deals.screens.asked_fields import entry_of
from crm_app.deals.screens.board_prints import Drop, Print, carry, neighbours
from crm_app.deals.screens.board_rows import BoardColumn
from crm_app.ui.kanban import Mark, Moves, Verdict, remember_verdict

NO_MOVES: Moves = {"card_id": 0, "stages": {}}
ASKABLE = {"deals.error.field_required", "deals.error.needs_reason"}


class Drops(Screen, mixin=True):
    """What a lifted card may do, what becomes of its drop, and what the drop still has to be asked.

    columns: those that were sent to the browser; _prints: what it has been told of them since.
    """

    columns: list[BoardColumn] = []
    moves: Moves = NO_MOVES
    verdicts: list[Verdict] = []

    asks: bool = False
    asked: list[str] = []
    asked_stage: str = ""
    errors: dict[str, str] = {}
    form_key: int = 0

    _prints: dict[int, Print] = {}
    _drop_id: str = ""
    _waiting: Drop | None = None

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
