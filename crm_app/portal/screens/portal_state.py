"""The State of /portal: the tasks that are open to a guest."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.screens.base import Screen, handler
from crm_app.core.actor import GUEST
from crm_app.core.clock import iso
from crm_app.portal.queries import SharedTaskRow, list_closed_shared_tasks, list_shared_tasks

MOST_SHOWN = 100


class SharedLine(TypedDict):
    """A task as its guest sees it in the list; deadline is RFC 3339 or ""."""

    id: int
    title: str
    href: str
    status: str
    deadline: str
    is_overdue: bool
    responsible: str


def shared_line(row: SharedTaskRow) -> SharedLine:
    """A row of a query as the browser gets it."""
    return {
        "id": row.id,
        "title": row.title,
        "href": f"/portal/tasks/{row.id}",
        "status": row.status,
        "deadline": iso(row.deadline),
        "is_overdue": row.is_overdue,
        "responsible": row.responsible,
    }


class Portal(Screen):
    """What a guest sees first."""

    guest_name: str = ""
    tasks: list[SharedLine] = []
    more_after: str = ""
    closed_tasks: list[SharedLine] = []
    shows_closed: bool = False
    is_ready: bool = False

    @handler(GUEST)
    async def opened(self) -> None:
        """Show the open tasks, and follow what is opened and closed to this guest."""
        self.guest_name = self._actor.name
        await self._watch({f"guest:{self._actor.id}"}, Portal.changed)
        await self._load()
        self.is_ready = True

    @handler(GUEST)
    async def changed(self) -> None:
        """Something was opened, changed or closed."""
        await self._load()

    @handler(GUEST)
    async def more_wanted(self) -> None:
        """Show further open tasks, below those that are there."""
        page = await self._ask(list_shared_tasks, after=self.more_after)
        self.tasks = [*self.tasks, *map(shared_line, page.rows)][-MOST_SHOWN:]
        self.more_after = page.next

    @handler(GUEST)
    async def closed_shown(self) -> None:
        """Show or hide the tasks that are closed."""
        self.shows_closed = not self.shows_closed
        await self._load()

    async def _load(self) -> None:
        page = await self._ask(list_shared_tasks)
        self.tasks, self.more_after = [shared_line(row) for row in page.rows], page.next
        closed = (await self._ask(list_closed_shared_tasks)).rows if self.shows_closed else []
        self.closed_tasks = [shared_line(row) for row in closed]
