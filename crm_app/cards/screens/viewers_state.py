"""The State of "who sees this, and why": asked for when the sheet is opened, on the page of any card."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.screens.base import Part, handler
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.rights import Viewer, Viewers, list_viewers
from crm_app.core.actor import LOGGED_IN


class FieldName(TypedDict):
    """A field that is kept from somebody. key: of its name, "" where it has one of its own."""

    key: str
    name: str


class ViewerLine(TypedDict):
    """A person in the list. reason, verbs: keys; type: by whose exception"""

    key: str
    name: str
    role: str
    reason: str
    type: str
    verbs: list[str]
    hidden: list[FieldName]
    read_only: list[FieldName]


class CardViewers(Part):
    """Who sees the card in the address; for whoever sets rights, who does not see it, too."""

    is_open: bool = False
    shows_unseen: bool = False
    may_see_all: bool = False
    words: str = ""
    seen: int = 0
    unseen: int = 0
    lines: list[ViewerLine] = []

    @handler(LOGGED_IN)
    async def wanted(self) -> None:
        """Open the sheet."""
        self.words, self.shows_unseen = "", False
        self.may_see_all = self._actor.may("role.manage")
        await self._load()
        self.is_open = True

    @handler(LOGGED_IN)
    async def closed(self) -> None:
        """The sheet was closed."""
        self.is_open = False

    @handler(LOGGED_IN)
    async def searched(self, words: str) -> None:
        """People of some name alone."""
        self.words = words
        await self._load()

    @handler(LOGGED_IN)
    async def side_chosen(self, side: str) -> None:
        """Those who see the card, or those who don't."""
        self.shows_unseen = side == "unseen"
        await self._load()

    async def _load(self) -> None:
        card, card_id = card_at(self.router.url.path)
        found: Viewers = await self._ask(
            list_viewers, card=card, card_id=card_id, words=self.words, unseen=self.shows_unseen
        )
        self.seen, self.unseen = found.seen, found.unseen
        self.lines = [_line(each) for each in found.rows]


def _line(row: Viewer) -> ViewerLine:
    side = "" if row.is_seen else "not_"
    return {
        "key": f"{row.kind}-{row.id}",
        "name": row.name,
        "role": " · ".join(part for part in (row.role, row.department) if part),
        "reason": f"cards.viewers.{side}{row.reason}",
        "type": row.type,
        "verbs": [f"cards.rights.verb.{verb}" for verb in row.verbs],
        "hidden": [{"key": each.key, "name": each.name} for each in row.hidden],
        "read_only": [{"key": each.key, "name": each.name} for each in row.read_only],
    }
