"""The State of a card's followers: those who are told of what happens to it."""

from __future__ import annotations

from typing import Any

from crm_app.access.screens.base import Part, handler
from crm_app.cards.actions.following import follow_card, unfollow_card
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.following import Followers, find_followers, list_followers
from crm_app.core.actor import LOGGED_IN
from crm_app.ui.field import Option


class CardFollowers(Part):
    """Who follows the card in the address, and who was found to be added. mine: one's own id, as in `followers`."""

    card: str = ""
    card_id: int = 0
    followers: list[Option] = []
    has_none: bool = False
    is_followed: bool = False
    may_change: bool = False
    is_adding: bool = False
    found: list[Option] = []
    mine: str = ""

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the panel of the card in the address, and follow what others do to it."""
        card, card_id = card_at(self.router.url.path)
        if (card, card_id) != (self.card, self.card_id):
            self.followers, self.found = [], []
            self.has_none = self.is_followed = self.may_change = self.is_adding = False
        self.card, self.card_id, self.mine = card, card_id, str(self._actor.id)
        await self._watch({f"{self.card}:{self.card_id}"}, CardFollowers.changed)
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Somebody follows the card, or has changed it."""
        await self._load()

    @handler(LOGGED_IN)
    async def toggled(self) -> None:
        """Follow the card oneself, or no more."""
        act = unfollow_card if self.is_followed else follow_card
        self.is_followed = not self.is_followed
        await self._set(act, self._actor.id)

    @handler(LOGGED_IN)
    async def adding_wanted(self) -> None:
        """Show the place for a colleague, or put it away."""
        self.is_adding = not self.is_adding

    @handler(LOGGED_IN)
    async def searched(self, words: str) -> None:
        """Colleagues of some name who could follow the card."""
        rows = await self._ask(find_followers, card=self.card, card_id=self.card_id, words=words[:200])
        self.found = [{"id": str(row.id), "label": row.name, "hint": row.role} for row in rows]

    @handler(LOGGED_IN)
    async def picked(self, employee_id: str) -> None:
        """Have a colleague follow the card."""
        if employee_id.isascii() and employee_id.isdigit() and len(employee_id) < 10:
            await self._set(follow_card, int(employee_id))

    @handler(LOGGED_IN)
    async def removed(self, employee_id: str) -> None:
        """Have somebody follow the card no more."""
        if employee_id.isascii() and employee_id.isdigit() and len(employee_id) < 10:
            await self._set(unfollow_card, int(employee_id))

    async def _set(self, act: Any, employee_id: int) -> None:
        try:
            await self._act(act, card=self.card, card_id=self.card_id, employee_id=employee_id)
        finally:
            await self._load()

    async def _load(self) -> None:
        told: Followers = await self._ask(list_followers, card=self.card, card_id=self.card_id)
        self.followers = [{"id": str(row.id), "label": row.name, "hint": row.role} for row in told.rows]
        self.has_none, self.is_followed, self.may_change = not told.rows, told.is_followed, told.may_change
