"""The State behind the bell and the palette: one's notifications, and cards found by typing."""

from __future__ import annotations

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.actions.notifications import mark_read
from crm_app.cards.queries.every_card import NotificationRow, count_unread, list_notifications, search_cards
from crm_app.core.actor import ANYBODY, LOGGED_IN
from crm_app.core.i18n import text
from crm_app.ui.frame import Found, Notification


class Bell(Screen):
    """Notifications of one employee, and what the palette has found for them."""

    unread: int = 0
    notifications: list[Notification] = []
    found: list[Found] = []

    @handler(ANYBODY)
    async def opened(self) -> None:
        """Count what is unread; a guest has no bell."""
        if self._actor.is_employee:
            await self._watch({f"notifications:{self._actor.id}"}, Bell.notified)
            self.unread = await self._ask(count_unread)

    @handler(LOGGED_IN)
    async def notified(self) -> None:
        """Something was told to this person."""
        self.unread = await self._ask(count_unread)
        if self.notifications:
            await self._load()

    @handler(LOGGED_IN)
    async def bell_opened(self) -> None:
        """Show the latest."""
        await self._load()

    @handler(LOGGED_IN)
    async def all_read(self) -> None:
        """Mark everything as read."""
        await self._act(mark_read)
        self.unread = 0
        await self._load()

    @handler(LOGGED_IN, supersedes=True)
    async def searched(self, words: str) -> None:
        """Find cards for the palette."""
        rows = await self._ask(search_cards, words=words[:200])
        self.found = [
            {
                "id": f"{row.card}:{row.id}",
                "kind": text(f"card.{row.card}", self._locale),
                "label": row.title,
                "hint": "",
                "href": row.href,
            }
            for row in rows
        ]

    async def _load(self) -> None:
        self.notifications = [self._shown(row) for row in await self._ask(list_notifications)]

    def _shown(self, row: NotificationRow) -> Notification:
        return {
            "id": str(row.id),
            "text": text(row.key, self._locale, **row.params),
            "at": row.created_at.isoformat(),
            "href": row.href,
            "icon": "bell",
            "is_new": not row.is_read,
        }
