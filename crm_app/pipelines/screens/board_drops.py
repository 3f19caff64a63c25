"""What the States of boards share of a card in the air: what a drop means, what it is asked, and how it goes back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Protocol

from crm_app.cards.screens.asked import fields_on_the_way
from crm_app.cards.screens.custom_lines import OwnFieldLine
from crm_app.core.errors import CrmError, Reason, RuleBroken
from crm_app.pipelines.screens.board_prints import Drop, carry, neighbours
from crm_app.pipelines.screens.board_screen import BoardScreen
from crm_app.ui.kanban import Mark, remember_verdict


class MoveTold(Protocol):
    """What a query tells of one stage: what a drop there would mean, and why."""

    @property
    def stage_id(self) -> int: ...
    @property
    def drop(self) -> str: ...
    @property
    def reasons(self) -> list[Reason]: ...


class DropsCards(BoardScreen, mixin=True):
    """A board whose cards are dragged.

    asks: a drop waits for what its stage wants; asked: names of that; own: the custom fields of it; _askable: codes.
    """

    _askable: ClassVar[frozenset[str]]

    asks: bool = False
    asked: list[str] = []
    own: list[OwnFieldLine] = []
    asked_stage: str = ""
    errors: dict[str, str] = {}
    form_key: int = 0

    _drop_id: str = ""
    _waiting: Drop | None = None

    @abstractmethod
    async def _save(self, drop: Drop, place: dict[str, int], given: dict[str, Any]) -> None:
        """Move the card. place: next to which other one; given: what it was asked for."""

    def _mark(self, card_id: int, rows: Iterable[MoveTold]) -> None:
        """Say of every column what a drop there would mean."""
        marks: dict[str, Mark] = {
            str(row.stage_id): {
                "drop": row.drop,
                "reason": "; ".join(reason.text(self._locale) for reason in row.reasons),
            }
            for row in rows
        }
        self.moves = {"card_id": card_id, "stages": marks}

    async def _drop(self, drop: Drop) -> None:
        """Save a drop that is on the screen already, or ask for what its stage wants first."""
        self._drop_id = drop.drop_id
        try:
            await self._move(drop)
        except RuleBroken as refused:
            if not any(reason.code in self._askable for reason in refused.reasons):
                raise
            await self._open_needs(drop, [reason.field for reason in refused.reasons])

    async def _give(self, read: Callable[[], dict[str, Any]]) -> None:
        """Save what was asked for, and the stage, together. read: gives it as the action takes it, or refuses it."""
        if self._waiting is None:
            return
        self.errors = {}
        drop, self._drop_id = self._waiting, self._waiting.drop_id
        try:
            await self._move(drop, **read())
        except CrmError as refused:
            self.errors = self._by_field(refused)
            if not self.errors:
                raise
            return
        self._close_needs()

    def _give_up(self) -> None:
        """The person thought better of it: the card goes back."""
        if self._waiting is not None:
            self.verdicts = remember_verdict(self.verdicts, self._waiting.drop_id, False)
        self._close_needs()

    async def _move(self, drop: Drop, **given: Any) -> None:
        await self._save(drop, neighbours(self._prints, drop), given)
        self._drop_id = ""
        is_shown = any(column["id"] == drop.to_stage and column["shown"] for column in self.columns)
        carry(self._prints, drop, is_shown=is_shown)  # one's own drop is on the screen: it is not sent back
        self.verdicts = remember_verdict(self.verdicts, drop.drop_id, True)

    async def _open_needs(self, drop: Drop, asked: list[str]) -> None:
        is_same = self._waiting is not None and self._waiting.drop_id == drop.drop_id
        own = self.own if is_same else await fields_on_the_way(self, self._wall.card, drop.card_id, asked)
        self._waiting, self.asks, self.asked, self._drop_id = drop, True, asked, ""
        if is_same:
            return  # it came again after a lost connection: what is typed stays
        self.errors, self.own, self.form_key = {}, own, self.form_key + 1
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
