"""The State of /tasks: one's tasks, those given to others, all that one sees."""

from __future__ import annotations

from typing import Any, ClassVar, get_args

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.cards.screens.address import write_filter
from crm_app.cards.screens.chosen_columns import ChosenColumns
from crm_app.cards.screens.list_screen import Found, Listing
from crm_app.core.errors import CrmError
from crm_app.tasks.actions.deleting import delete_task, restore_task
from crm_app.tasks.actions.editing import close_task, create_task, reopen_task
from crm_app.tasks.queries import TaskPage, Whose, list_tasks
from crm_app.tasks.rules import OPEN
from crm_app.tasks.screens.lines import task_line
from crm_app.ui.field import Option

OPEN_ONES: dict[str, Any] = {"all": [{"field": "status", "op": "in", "value": [OPEN]}]}
"""The filter of an address that names none."""
USUAL = {"whose": "mine", "filter": write_filter(OPEN_ONES), "q": "", "sort": "deadline"}


class Tasks(ChosenColumns, Screen):
    """The list, whose tasks it shows, and a new task."""

    _listing: ClassVar = Listing("/tasks", permission="task.see", usual=USUAL)
    _card: ClassVar = "task"

    whose: str = "mine"
    filter: dict[str, Any] = OPEN_ONES
    sort: str = "deadline"
    employees: list[Option] = []
    me: str = ""
    errors: dict[str, str] = {}
    saves: int = 0

    @handler("task.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        query = self._read_address()
        self.whose = query["whose"] if query.get("whose") in get_args(Whose) else "mine"
        self.errors = {}
        self.me = str(self._actor.id)
        self.employees = await self._choose_from_employees()
        await self._watch({"tasks"}, Tasks.changed)
        await self._load_columns()
        await self._reload()

    @handler("task.see")
    async def changed(self) -> None:
        """Somebody has changed a task: the first rows come again, and the reader stays where they are."""
        await self._load("")

    @handler("task.see")
    async def whose_chosen(self, whose: str) -> rx.event.EventSpec:
        """Other tasks: mine, given, all."""
        return self._show_in_address(whose=whose)

    @handler("task.create")
    async def task_added(self, fields: dict[str, str]) -> None:
        """Add a task by the line above the list."""
        self.errors = {}
        await self._act(
            create_task,
            title=fields.get("title", ""),
            responsible_id=number_in(fields.get("responsible")) or None,
            deadline=fields.get("deadline") or None,
        )
        self.saves += 1
        await self._reload()

    @handler("task.change")
    async def ticked_off(self, task_id: int) -> None:
        """The task is done; the toast can take it back."""
        await self._act(close_task, task_id=task_id)
        await self._toast("tasks.closed", undo=Undo(reopen_task, {"task_id": task_id}))
        await self._reload()

    @handler("task.delete")
    async def deleted(self, task_id: int) -> None:
        """Move a task to the bin."""
        await self._act(delete_task, task_id=task_id)
        await self._toast("tasks.deleted", undo=Undo(restore_task, {"task_id": task_id}))
        await self._reload()

    async def _find(self, after: str) -> Found:
        asked = {"whose": self.whose, "status": "all", **self._narrowed()}
        found: TaskPage = await self._ask(list_tasks, **asked, sort=self.sort, after=after)
        return Found([task_line(row) for row in found.rows], found.next, found.total)

    def _in_address(self) -> dict[str, str]:
        return {"whose": self.whose, **super()._in_address()}

    async def _refused(self, error: CrmError) -> None:
        self.errors = self._by_field(error)
        if not self.errors.keys() & {"title", "responsible_id", "deadline"}:
            await super()._refused(error)
