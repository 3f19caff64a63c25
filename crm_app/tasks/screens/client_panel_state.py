"""The State of the panel "Tasks" on a client's card."""

from __future__ import annotations

from crm_app.access.screens.base import Part, handler
from crm_app.tasks.actions.editing import close_task, create_task
from crm_app.tasks.queries import count_open_tasks, list_tasks
from crm_app.tasks.screens.lines import TaskLine, task_line

SHOWN = 10


class ClientTasks(Part):
    """Open tasks about one client."""

    tasks: list[TaskLine] = []
    count: int = 0
    saves: int = 0

    _client_id: int = 0

    @handler("task.see")
    async def opened(self) -> None:
        """Show the tasks of the client whose page this is."""
        self._client_id = self._number_in_address
        self.tasks, self.count = [], 0
        await self._watch({f"client:{self._client_id}", "tasks"}, ClientTasks.changed)
        await self._load()

    @handler("task.see")
    async def changed(self) -> None:
        """Somebody has changed a task."""
        await self._load()

    @handler("task.create")
    async def task_added(self, fields: dict[str, str]) -> None:
        """Add a task of one's own about this client."""
        about = [{"card": "client", "card_id": self._client_id}]
        await self._act(create_task, title=fields.get("title", ""), about=about)
        self.saves += 1
        await self._load()

    @handler("task.change")
    async def ticked_off(self, task_id: int) -> None:
        """The task is done."""
        await self._act(close_task, task_id=task_id)
        await self._load()

    async def _load(self) -> None:
        of_client = {"card": "client", "card_id": self._client_id}
        found = await self._ask(list_tasks, whose="all", limit=SHOWN, **of_client)
        self.tasks = [task_line(row) for row in found.rows]
        self.count = await self._ask(count_open_tasks, **of_client)
