"""The State of /tasks: one's tasks, those given to others, all that one sees."""

from __future__ import annotations

from typing import TypedDict, get_args
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.core.errors import CrmError
from crm_app.tasks.actions.deleting import delete_task, restore_task
from crm_app.tasks.actions.editing import close_task, create_task, reopen_task
from crm_app.tasks.queries import Status, TaskPage, Whose, list_tasks
from crm_app.tasks.screens.lines import TaskLine, task_line
from crm_app.ui.field import Option


class TasksPage(TypedDict):
    """One page of the list, as the table wants it."""

    rows: list[TaskLine]
    after: str
    next: str
    total: int
    generation: int


class Tasks(Screen):
    """What the list shows; the address says which tasks."""

    whose: str = "mine"
    status: str = "open"
    words: str = ""
    page: TasksPage = {"rows": [], "after": "", "next": "", "total": 0, "generation": 0}
    employees: list[Option] = []
    me: str = ""
    errors: dict[str, str] = {}
    saves: int = 0

    @handler("task.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        query = dict(self.router.url.query_parameters)
        self.whose = query.get("whose", "") if query.get("whose") in get_args(Whose) else "mine"
        self.status = query.get("status", "") if query.get("status") in get_args(Status) else "open"
        self.words = str(query.get("q", ""))[:200]
        self.errors = {}
        self.me = str(self._actor.id)
        self.employees = await self._choose_from_employees()
        await self._watch({"tasks"}, Tasks.changed)
        await self._reload()

    @handler("task.see")
    async def changed(self) -> None:
        """Somebody has changed a task: the first rows come again, and the reader stays where they are."""
        await self._load("")

    @handler("task.see")
    async def more_needed(self, after: str) -> None:
        """The next page of the list."""
        await self._load(after)

    @handler("task.see")
    async def whose_chosen(self, whose: str) -> rx.event.EventSpec:
        """Other tasks: mine, given, all."""
        return self._show_in_address(whose=whose)

    @handler("task.see")
    async def status_chosen(self, status: str) -> rx.event.EventSpec:
        """Open, done, cancelled or all."""
        return self._show_in_address(status=status)

    @handler("task.see", supersedes=True)
    async def searched(self, words: str) -> rx.event.EventSpec:
        """Only tasks in which these words stand."""
        return self._show_in_address(q=words)

    @handler("task.see")
    async def row_opened(self, row_id: int) -> rx.event.EventSpec:
        """Go to a task."""
        return rx.redirect(f"/tasks/{row_id}")

    @handler("task.create")
    async def task_added(self, fields: dict[str, str]) -> None:
        """Add a task by the line above the list."""
        self.errors = {}
        responsible = fields.get("responsible", "")
        await self._act(
            create_task,
            title=fields.get("title", ""),
            responsible_id=int(responsible) if responsible.isdigit() else None,
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

    async def _reload(self) -> None:
        self.page = {**self.page, "generation": self.page["generation"] + 1}
        await self._load("")

    async def _load(self, after: str) -> None:
        found: TaskPage = await self._ask(list_tasks, whose=self.whose, status=self.status, q=self.words, after=after)
        self.page = {
            "rows": [task_line(row) for row in found.rows],
            "after": after,
            "next": found.next,
            "total": found.total,
            "generation": self.page["generation"],
        }

    def _show_in_address(self, **changed: str) -> rx.event.EventSpec:
        query = {"whose": self.whose, "status": self.status, "q": self.words, **changed}
        usual = {"whose": "mine", "status": "open", "q": ""}
        told = {name: value for name, value in query.items() if value != usual[name]}
        return rx.redirect(f"/tasks?{urlencode(told)}" if told else "/tasks", replace=True)

    async def _refused(self, error: CrmError) -> None:
        self.errors = self._by_field(error)
        if not self.errors.keys() & {"title", "responsible_id", "deadline"}:
            await super()._refused(error)
