"""One's own account: sessions, password, API keys."""

from __future__ import annotations

import asyncio
from typing import TypedDict

import reflex as rx

from crm_app.access import sessions
from crm_app.access.actions.keys import create_key, revoke_key
from crm_app.access.actions.sessions import end_all_sessions, end_session
from crm_app.access.queries import list_keys, list_sessions
from crm_app.access.screens.base import Screen, handler
from crm_app.core.actor import LOGGED_IN
from crm_app.core.errors import BadInput, CrmError

BROWSERS = (
    ("Edg/", "Edge"),
    ("YaBrowser", "Yandex"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """A browser's own long name in two words: "Chrome, Windows"; its beginning where nothing is recognised."""
    found = [next((word for mark, word in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word) or agent[:40]


class SessionLine(TypedDict):
    id: int
    browser: str
    address: str
    seen_at: str
    is_this: bool


class KeyLine(TypedDict):
    id: int
    name: str
    prefix: str
    created_at: str
    is_revoked: bool


class Accounts(Screen):
    """The page /settings of whoever is logged in."""

    sessions: list[SessionLine] = []
    keys: list[KeyLine] = []
    new_key: str = ""
    may_keys: bool = False
    errors: dict[str, str] = {}
    saves: int = 0

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the page; a key that was shown once is not shown again."""
        self.new_key, self.errors = "", {}
        self.may_keys = self._actor.may("key.own")
        await self._load()

    @handler(LOGGED_IN)
    async def session_ended(self, session_id: int) -> None:
        """Log one browser out."""
        await self._act(end_session, session_id=session_id)
        await self._load()

    @handler(LOGGED_IN)
    async def all_ended(self) -> rx.event.EventSpec:
        """Log out everywhere, here too."""
        await self._act(end_all_sessions)
        return rx.redirect("/login")

    @handler(LOGGED_IN)
    async def password_saved(self, fields: dict[str, str]) -> None:
        """Change one's own password; every other browser is logged out."""
        self.errors = {}
        if fields.get("password") != fields.get("again"):
            raise BadInput("access.error.passwords_differ", field="again")
        current, password = fields.get("current", ""), fields.get("password", "")
        await asyncio.to_thread(sessions.change_password, self._actor, current, password)
        self.saves += 1
        await self._toast("access.password.changed")
        await self._load()

    @handler("key.own")
    async def key_made(self, fields: dict[str, str]) -> None:
        """Make an API key and show it this once."""
        self.errors = {}
        self.new_key = await self._act(create_key, name=fields.get("name", ""))
        self.saves += 1
        await self._load()

    @handler("key.own")
    async def key_revoked(self, key_id: int) -> None:
        """Make an API key useless."""
        await self._act(revoke_key, key_id=key_id)
        await self._load()

    async def _load(self) -> None:
        self.sessions = [
            {
                "id": row.id,
                "browser": browser_of(row.agent),
                "address": row.address,
                "seen_at": row.seen_at.isoformat(),
                "is_this": row.is_this,
            }
            for row in await self._ask(list_sessions)
        ]
        if self.may_keys:
            self.keys = [
                {
                    "id": row.id,
                    "name": row.name,
                    "prefix": row.prefix,
                    "created_at": row.created_at.isoformat(),
                    "is_revoked": row.is_revoked,
                }
                for row in await self._ask(list_keys)
            ]

    async def _refused(self, error: CrmError) -> None:
        self.errors = self._by_field(error)
        if not self.errors:
            await super()._refused(error)
