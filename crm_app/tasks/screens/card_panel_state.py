"""The States of the panel "Tasks" on the cards of clients, contacts, deals and leads."""

from __future__ import annotations

from typing import Any, ClassVar

from crm_app.access.screens.base import FillsItself, Part, handler
from crm_app.tasks.actions.editing import close_task, create_task
from crm_app.tasks.queries import count_open_tasks, list_tasks
from crm_app.tasks.screens.lines import TaskLine, task_line

SHOWN = 10


class CardTasks(FillsItself, mixin=True):
    """Open tasks about one card. _card: its kind."""

    _card: ClassVar[str]

    tasks: list[TaskLine] = []
    count: int = 0
    saves: int = 0

    _card_id: int = 0

    @handler("task.see")
    async def opened(self) -> None:
        """Show the tasks of the card whose page this is."""
        self._card_id = self._number_in_address
        self.tasks, self.count = [], 0
        await self._watch({f"{self._card}:{self._card_id}", "tasks"}, type(self).changed)
        await self._load()
        self._is_filled()

    @handler("task.see")
    async def changed(self) -> None:
        """Somebody has changed a task."""
        await self._load()

    @handler("task.create")
    async def task_added(self, fields: dict[str, str]) -> None:
        """Add a task of one's own about this card."""
        await self._act(create_task, title=fields.get("title", ""), about=[self._which()])
        self.saves += 1
        await self._load()

    @handler("task.change")
    async def ticked_off(self, task_id: int) -> None:
        """The task is done."""
        await self._act(close_task, task_id=task_id)
        await self._load()

    async def _load(self) -> None:
        found = await self._ask(list_tasks, whose="all", limit=SHOWN, **self._which())
        self.tasks = [task_line(row) for row in found.rows]
        self.count = await self._ask(count_open_tasks, **self._which())

    def _which(self) -> dict[str, Any]:
        return {"card": self._card, "card_id": self._card_id}


class ClientTasks(CardTasks, Part):
    """On a client's card."""

    _card: ClassVar = "client"


class LeadTasks(CardTasks, Part):
    """On a lead's card."""

    _card: ClassVar = "lead"


class ContactTasks(CardTasks, Part):
    """On a contact's card."""

    _card: ClassVar = "contact"


class DealTasks(CardTasks, Part):
    """On a deal's card."""

    _card: ClassVar = "deal"
