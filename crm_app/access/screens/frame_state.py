"""The State behind the frame of every page: who is logged in, their notices, and what is wrong with the system."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from crm_app.access.actions.employees import set_own_preferences
from crm_app.access.requests import home_of
from crm_app.access.screens.base import Screen, Undo, Way, handler
from crm_app.access.screens.health import DATABASE, TOPIC, troubles_now
from crm_app.core.actor import ANYBODY, LOGGED_IN, PUBLIC
from crm_app.ui.live import watchers
from crm_app.ui.reflex_internals import name_of
from crm_app.ui.toast import Level, Notice, notice

MOST_NOTICES = 5


class Frame(Screen):
    """What the frame shows. Other screens reach it through `Screen._toast`."""

    person_name: str = ""
    permissions: list[str] = []
    notices: list[Notice] = []
    troubles: list[str] = []
    is_missing: bool = False

    _session_mark: str = ""
    _unopened: list[str] = []
    _undos: dict[str, Undo] = {}

    @handler(ANYBODY)
    async def opened(self) -> None:
        """Fill the frame for whoever is logged in; the guard has sent away whoever is not."""
        self.person_name = self._actor.name
        self.permissions = sorted(self._actor.held)
        self.troubles = troubles_now()
        await self._watch({TOPIC}, Frame.health_changed)

    @handler(PUBLIC)
    async def went_home(self) -> rx.event.EventSpec:
        """Lead whoever opens the bare address to where they work."""
        return rx.redirect(home_of(self._actor), replace=True)

    @handler(PUBLIC)
    async def health_changed(self) -> None:
        """A part of the system went away or came back."""
        self.troubles = troubles_now()
        if DATABASE not in self.troubles:
            unopened, self._unopened = self._unopened, []
            await watchers.call(self.router.session.client_token, unopened)

    @handler(LOGGED_IN)
    async def notice_answered(self, notice_id: str) -> None:
        """Take back what a notice tells of."""
        undo = self._undos.pop(notice_id, None)
        self.notices = [each for each in self.notices if each["id"] != notice_id]  # or a page loaded anew shows it
        if undo is not None:
            changed = await self._act(undo.action, **undo.arguments)
            is_begun = getattr(changed, "is_at_work", False)
            await self._toast("ui.undo_begun" if is_begun else "ui.undone", level="info" if is_begun else "good")

    @handler(LOGGED_IN)
    async def language_chosen(self, locale: Literal["ru", "en"]) -> None:
        """Write to this person in the chosen language, too; the page and what it shows are the browser's."""
        await self._act(set_own_preferences, locale=locale)

    def _open_later_too(self, handler_name: str) -> None:
        """Have a page opened when the database is back; until then the frame says why it is empty."""
        self.troubles = [DATABASE]
        self._unopened = [*(name for name in self._unopened if name != handler_name), handler_name]
        watchers.watch(self.router.session.client_token, name_of(Frame.health_changed), {TOPIC})

    def _add_notice(
        self, sentence: str, level: Level, undo: Undo | None = None, undo_word: str = "", way: Way | None = None
    ) -> None:
        leads = {"way": way.word, "href": way.href} if way else {}
        added = notice(level, sentence, undo_word if undo else "", **leads)
        self.notices = [*self.notices[1 - MOST_NOTICES :], added]
        if undo is not None:
            kept = {n["id"]: self._undos[n["id"]] for n in self.notices if n["id"] in self._undos}
            self._undos = {**kept, added["id"]: undo}
