"""The State of /tasks/[task_id]: one task with all that staff know of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.access.screens.editing import EditsInPlace, Standing
from crm_app.core.clock import iso
from crm_app.tasks.actions.deleting import delete_task, restore_task
from crm_app.tasks.actions.editing import change_task, close_task, reopen_task
from crm_app.tasks.actions.guests import share_task_with_guest, unshare_task_with_guest
from crm_app.tasks.actions.ties import untie_task
from crm_app.tasks.queries import TaskDetails, list_possible_guests, see_task
from crm_app.tasks.screens.lines import TaskLine, task_line
from crm_app.ui.field import Option

EDITED = ("title", "body", "responsible_id", "deadline")


class GuestLine(TypedDict):
    id: int
    name: str


NO_TASK: TaskLine = {
    "id": 0, "title": "", "href": "", "status": "open", "deadline": "", "is_overdue": False, "author": "",
    "responsible": "", "is_shared": False, "about": [], "about_title": "", "about_href": "",
    "created_at": "",
}  # fmt: skip


class OneTask(EditsInPlace, Screen):
    """One task as one employee sees it."""

    task: TaskLine = NO_TASK
    body: str = ""
    responsible: str = ""
    created_at: str = ""
    may_change: bool = False
    guests: list[GuestLine] = []
    possible_guests: list[Option] = []
    employees: list[Option] = []

    _number: int = 0

    @handler("task.see")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        self._number = self._number_in_address
        self.task, self.body = NO_TASK, ""
        self.employees = await self._choose_from_employees()
        await self._watch({f"task:{self._number}"}, OneTask.changed)
        await self._load()

    @handler("task.see")
    async def changed(self) -> None:
        """Somebody has changed the task."""
        await self._load()

    @handler("task.change")
    async def field_edited(self, name: str, text: str, seen: str) -> None:
        """A field was edited in place."""
        if name in EDITED:
            await self._give(name, text, seen)

    @handler("task.change")
    async def closed(self, status: str) -> None:
        """The task is done, or cancelled."""
        await self._act(close_task, task_id=self._number, status=status)
        await self._toast("tasks.closed", undo=Undo(reopen_task, {"task_id": self._number}))
        await self._load()

    @handler("task.change")
    async def reopened(self) -> None:
        """The task goes on."""
        await self._act(reopen_task, task_id=self._number)
        await self._load()

    @handler("task.delete")
    async def deleted(self) -> rx.event.EventSpec:
        """Move the task to the bin."""
        await self._act(delete_task, task_id=self._number)
        await self._toast("tasks.deleted", undo=Undo(restore_task, {"task_id": self._number}))
        return rx.redirect("/tasks")

    @handler("task.share", supersedes=True)
    async def guest_searched(self, words: str) -> None:
        """Find guests to open the task to."""
        await self._find_guests(words[:100])

    @handler("task.share")
    async def guest_picked(self, guest_id: str) -> None:
        """Open the task to a guest."""
        await self._act(share_task_with_guest, task_id=self._number, guest_id=number_in(guest_id))
        await self._load()

    @handler("task.share")
    async def guest_removed(self, guest_id: int) -> None:
        """Close the task to a guest."""
        await self._act(unshare_task_with_guest, task_id=self._number, guest_id=guest_id)
        await self._load()

    @handler("task.change")
    async def untied(self, card: str, card_id: int) -> None:
        """The task is not about that card."""
        await self._act(untie_task, task_id=self._number, card=card, card_id=card_id)
        await self._load()

    async def _stands(self, name: str) -> Standing:
        updated_at = await self._load()
        typed = {"title": self.task["title"], "body": self.body, "responsible_id": self.responsible}
        return Standing({**typed, "deadline": self.task["deadline"]}[name], updated_at)

    async def _put(self, name: str, text: str, version: datetime) -> None:
        value: Any = text
        if name == "responsible_id":
            value = number_in(text)
        elif name == "deadline":
            value = text or None
        await self._act(change_task, task_id=self._number, changes={name: value}, seen_at=version)

    async def _load(self) -> datetime:
        """Show the task; gives when it was changed last."""
        seen: TaskDetails = await self._ask(see_task, task_id=self._number)
        self.task, self.body = task_line(seen.row), seen.body
        self.responsible = str(seen.row.responsible_id)
        self.created_at, self.may_change = iso(seen.created_at), seen.may_change
        self.guests = [{"id": guest.guest_id, "name": guest.name} for guest in seen.guests]
        if seen.may_change and self._actor.may("task.share"):
            await self._find_guests("")
        return seen.row.updated_at

    async def _find_guests(self, words: str) -> None:
        found = await self._ask(list_possible_guests, task_id=self._number, words=words)
        self.possible_guests = [{"id": str(guest.guest_id), "label": guest.name, "hint": ""} for guest in found]
