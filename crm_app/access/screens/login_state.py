"""What the pages before the log-in show: the reason why the last try was refused, and where to go on."""

from __future__ import annotations

import asyncio

import reflex as rx

from crm_app.access.queries import is_set_up
from crm_app.access.screens.base import Screen, handler
from crm_app.core.actor import PUBLIC, SYSTEM
from crm_app.core.door import perform
from crm_app.core.i18n import text
from crm_app.core.settings import settings

SAID = ("access.error.", "core.error.")
"""Only sentences of ours are shown from an address, never words that it brings."""


class Login(Screen):
    """The pages of log-in and first start."""

    error: str = ""
    next_path: str = ""
    needs_code: bool = False

    @handler(PUBLIC)
    async def opened(self) -> rx.event.EventSpec | None:
        """Show why the last try was refused; the first visitor of all is led to the first start."""
        query = dict(self.router.url.query_parameters)
        key = str(query.get("error", ""))
        numbers = {name: value for name, value in query.items() if str(value).isdigit() and len(str(value)) < 10}
        self.error = text(key, self._locale, **numbers) if key.startswith(SAID) else ""
        self.next_path = str(query.get("next", ""))[:500]
        self.needs_code = not settings().listens_on_loopback_only
        made = await asyncio.to_thread(perform, SYSTEM, is_set_up)
        here = self.router.url.path.rstrip("/")
        if made and here == "/setup":
            return rx.redirect("/login", replace=True)
        if not made and here == "/login":
            return rx.redirect("/setup", replace=True)
        return None
