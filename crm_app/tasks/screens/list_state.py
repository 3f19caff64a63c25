"""The State of /tasks: one's tasks, those given to others, all that one sees."""

from __future__ import annotations

from typing import Any, TypedDict, get_args
from urllib.parse import urlencode

import reflex as rx

from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.cards.queries import list_tags
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.core.errors import CrmError
from crm_app.tasks.actions.deleting import delete_task, restore_task
from crm_app.tasks.actions.editing import close_task, create_task, reopen_task
from crm_app.tasks.queries import TaskPage, Whose, list_tasks
from crm_app.tasks.rules import OPEN
from crm_app.tasks.screens.lines import TaskLine, task_line
from crm_app.ui.field import Option


class TasksPage(TypedDict):
    """One page of the list, as the table wants it."""

    rows: list[TaskLine]
    after: str
    next: str
    total: int
    generation: int


OPEN_ONES: dict[str, Any] = {"all": [{"field": "status", "op": "in", "value": [OPEN]}]}
"""The filter of an address that names none."""
NO_FILTER = "{}"
"""How an address says that every status is wanted."""
USUAL = {"whose": "mine", "filter": write_filter(OPEN_ONES), "q": "", "sort": "deadline"}


class Tasks(Screen):
    """What the list shows; the address says which tasks, by what filter and in which order."""

    whose: str = "mine"
    filter: dict[str, Any] = OPEN_ONES
    words: str = ""
    sort: str = "deadline"
    page: TasksPage = {"rows": [], "after": "", "next": "", "total": 0, "generation": 0}
    employees: list[Option] = []
    tags: list[Option] = []
    me: str = ""
    errors: dict[str, str] = {}
    saves: int = 0

    @handler("task.see")
    async def opened(self) -> None:
        """Show what the address asks for, and follow what others change."""
        query = dict(self.router.url.query_parameters)
        self.whose = query.get("whose", "") if query.get("whose") in get_args(Whose) else "mine"
        self.filter = read_filter(query.get("filter", USUAL["filter"]))
        self.words = str(query.get("q", ""))[:200]
        self.sort = str(query.get("sort", USUAL["sort"]))[:40]
        self.errors = {}
        self.me = str(self._actor.id)
        self.employees = await self._choose_from_employees()
        self.tags = [{"id": name, "label": name, "hint": ""} for name in await self._ask(list_tags)]
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
    async def filter_changed(self, conditions: dict[str, Any]) -> rx.event.EventSpec:
        """Other conditions."""
        return self._show_in_address(filter=write_filter(conditions) or NO_FILTER)

    @handler("task.see")
    async def all_wanted(self) -> rx.event.EventSpec:
        """Every task, whatever narrowed the list down."""
        return self._show_in_address(filter=NO_FILTER, q="")

    @handler("task.see")
    async def sorted_by(self, sort: str) -> rx.event.EventSpec:
        """Another order."""
        return self._show_in_address(sort=sort)

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
        asked = {"whose": self.whose, "status": "all", "where": self.filter or None, "q": self.words}
        found: TaskPage = await self._ask(list_tasks, **asked, sort=self.sort, after=after)
        self.page = {
            "rows": [task_line(row) for row in found.rows],
            "after": after,
            "next": found.next,
            "total": found.total,
            "generation": self.page["generation"],
        }

    def _show_in_address(self, **changed: str) -> rx.event.EventSpec:
        here = {
            "whose": self.whose,
            "filter": write_filter(self.filter) or NO_FILTER,
            "q": self.words,
            "sort": self.sort,
        }
        told = {name: value for name, value in {**here, **changed}.items() if value != USUAL[name]}
        return rx.redirect(f"/tasks?{urlencode(told)}" if told else "/tasks", replace=True)

    async def _refused(self, error: CrmError) -> None:
        self.errors = self._by_field(error)
        if not self.errors.keys() & {"title", "responsible_id", "deadline"}:
            await super()._refused(error)
