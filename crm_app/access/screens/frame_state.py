"""The State behind the frame of every page: who is logged in, their notices and notifications, and the palette."""

from __future__ import annotations

from crm_app.ui.frame import Found, Notification
from crm_app.ui.toast import Notice, notice

from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.core.actor import ANYBODY, LOGGED_IN

MOST_NOTICES = 5


class Frame(Screen):
    """What the frame shows. Other screens reach it through `Screen._toast`."""

    person_name: str = ""
    permissions: list[str] = []
    notices: list[Notice] = []
    unread: int = 0
    notifications: list[Notification] = []
    found: list[Found] = []
    troubles: list[str] = []

    _session_mark: str = ""
    _undos: dict[str, Undo] = {}

    @handler(ANYBODY)
    async def opened(self) -> None:
        """Fill the frame for whoever is logged in; the guard has sent away whoever is not."""
        actor = self._actor
        self.person_name = actor.name
        self.permissions = sorted(actor.permissions)

    def _add_notice(self, sentence: str, level: str, undo: Undo | None = None, undo_word: str = "") -> None:
        added = notice(level, sentence, undo_word if undo else "")
        self.notices = [*self.notices[1 - MOST_NOTICES :], added]
        if undo is not None:
            self._undos = {
                **{n["id"]: self._undos[n["id"]] for n in self.notices if n["id"] in self._undos},
                added["id"]: undo,
            }

    @handler(LOGGED_IN)
    async def notice_answered(self, notice_id: str) -> None:
        """Take back what a notice tells of."""
        undo = self._undos.pop(notice_id, None)
        if undo is not None:
            await self._act(undo.action, **undo.arguments)
            await self._toast("ui.undone")
