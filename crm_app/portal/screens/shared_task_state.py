"""The State of /portal/tasks/[task_id]: one task as its guest sees it."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.actions.comments import add_comment, remove_comment
from crm_app.core.actor import GUEST
from crm_app.core.errors import CrmError, NotFound
from crm_app.portal.queries import SharedTask, see_shared_task
from crm_app.portal.screens.portal_state import SharedLine, shared_line


class SharedCommentLine(TypedDict):
    id: int
    author: str
    is_mine: bool
    body: str
    at: str


class SharedFileLine(TypedDict):
    id: int
    name: str
    href: str
    size: int


NO_TASK: SharedLine = {
    "id": 0, "title": "", "href": "", "status": "open", "deadline": "", "is_overdue": False, "responsible": "",
}  # fmt: skip


class GuestTask(Screen):
    """One task that is open to a guest."""

    guest_name: str = ""
    task: SharedLine = NO_TASK
    body: str = ""
    comments: list[SharedCommentLine] = []
    files: list[SharedFileLine] = []
    saves: int = 0

    _number: int = 0

    @handler(GUEST)
    async def opened(self) -> None:
        """Show the task, and follow what is said on it."""
        self._number = self._number_in_address
        self.guest_name = self._actor.name
        self.task, self.body, self.comments, self.files = NO_TASK, "", [], []
        await self._watch({f"task:{self._number}", f"guest:{self._actor.id}"}, GuestTask.changed)
        await self._load()

    @handler(GUEST)
    async def changed(self) -> None:
        """Somebody has said something, or changed the task."""
        await self._load()

    @handler(GUEST)
    async def comment_sent(self, fields: dict[str, str]) -> None:
        """Say something to those who work on the task."""
        await self._act(add_comment, card="task", card_id=self._number, body=fields.get("text", ""))
        self.saves += 1
        await self._load()

    @handler(GUEST)
    async def comment_removed(self, comment_id: int) -> None:
        """Take one's own words back."""
        await self._act(remove_comment, comment_id=comment_id)
        await self._load()

    @handler(GUEST)
    async def file_uploaded(self, file_id: str, name: str) -> None:
        """A file has arrived by its own route."""
        await self._load()

    async def _load(self) -> None:
        seen: SharedTask = await self._ask(see_shared_task, task_id=self._number)
        self.task, self.body = shared_line(seen.row), seen.body
        self.comments = [
            {
                "id": said.id,
                "author": said.author,
                "is_mine": said.is_mine,
                "body": said.body,
                "at": said.created_at.isoformat(),
            }
            for said in seen.comments
        ]
        self.files = [
            {"id": file.id, "name": file.name, "href": f"/files/{file.id}", "size": file.size} for file in seen.files
        ]

    async def _refused(self, error: CrmError) -> Any:
        await super()._refused(error)
        if isinstance(error, NotFound):  # it was closed to this guest
            self.task, self.body, self.comments, self.files = NO_TASK, "", [], []
            return rx.redirect("/portal", replace=True)
        return None
