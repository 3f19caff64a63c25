"""The State of the panel "Merged with": merges into a card that can be taken back."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.screens.base import FillsItself, Part, handler
from crm_app.cards.kinds import card_at
from crm_app.core.actor import LOGGED_IN
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.duplicates.kinds import MERGEABLE
from crm_app.duplicates.queries import MergeRow, list_merges


class MergedLine(TypedDict):
    """A card that went into this one. until: by when it can be taken out."""

    id: int
    name: str
    merged_by: str
    until: str
    may_split: bool


class CardMerges(FillsItself, Part):
    """Merges into the card whose page this is."""

    lines: list[MergedLine] = []

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the panel, and follow what others do."""
        self.lines = []
        card, card_id = card_at(self.router.url.path)
        if card in MERGEABLE:
            await self._watch({f"{card}:{card_id}"}, CardMerges.changed)
            await self._load()
        self._is_filled()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Something has happened to the card."""
        await self._load()

    @handler(LOGGED_IN)
    async def split(self, merge_id: int) -> None:
        """Make two cards of one again, and say what could not be as it was."""
        outcome = await self._act(split_cards, merge_id=merge_id)
        await self._toast("duplicates.split_but" if outcome.left else "duplicates.split")
        await self._load()

    async def _load(self) -> None:
        card, card_id = card_at(self.router.url.path)
        rows: list[MergeRow] = await self._ask(list_merges, card=card, card_id=card_id)
        self.lines = [
            {
                "id": row.id, "name": row.absorbed_name, "merged_by": row.merged_by, "until": row.until.isoformat(),
                "may_split": row.may_split,
            }
            for row in rows
        ]  # fmt: skip
