"""What programs do with tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict

from crm_app.api.cursors import unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import After, Body, FilterJson, Id, Limit, Listing, Sort, Words, page, shaped
from crm_app.core.door import Tx
from crm_app.tasks.actions.deleting import delete_task, restore_task
from crm_app.tasks.actions.editing import CardName, change_task, close_task, create_task, reopen_task
from crm_app.tasks.actions.guests import share_task_with_guest, unshare_task_with_guest
from crm_app.tasks.queries import SharedGuest, Status, TaskRow, Tie, Whose, list_tasks, see_task

endpoints = Endpoints()

Kind = Annotated[str, Field(max_length=40, description="Only those about a card of this kind: client, deal.")]


class TieBody(Body):
    """A card that the task is about."""

    card: str
    card_id: Id


class TaskBody(Body):
    """A task to be given: to oneself where nobody is named."""

    title: str
    body: str = ""
    responsible_id: Id | None = None
    deadline: AwareDatetime | None = None
    about: list[TieBody] = []


class TaskChangesBody(Body):
    """What is to be changed of an open task."""

    title: str = ""
    body: str = ""
    responsible_id: Id = 0
    deadline: AwareDatetime | None = None


class ClosingBody(Body):
    """How a task ends."""

    status: Literal["done", "cancelled"] = "done"


class TaskJson(TypedDict):
    """All of one task. guests: who sees it; may_change: by the holder of the key."""

    id: int
    title: str
    body: str
    status: str
    deadline: datetime | None
    is_overdue: bool
    author_id: int
    author: str
    responsible_id: int
    responsible: str
    is_shared: bool
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    about: list[Tie]
    guests: list[SharedGuest]
    may_change: bool


@endpoints.get("/tasks", "task.see")
def list_all_tasks(
    tx: Tx,
    whose: Whose = "all",
    status: Status = "all",
    card: Kind = "",
    card_id: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0,
    filter: FilterJson | None = None,  # noqa: A002  the API's own word
    q: Words = "",
    sort: Sort = "deadline",
    after: After = "",
    limit: Limit = 50,
) -> Listing[TaskRow]:
    """Tasks, by their deadline unless told otherwise. whose: given to one, given by one, or all that one sees."""
    asked: dict[str, Any] = {"whose": whose, "status": status, "card": card, "card_id": card_id}
    listing = f"tasks {sort}"
    found = seen(tx, list_tasks, **asked, where=filter, q=q, sort=sort, after=unseal(listing, after), limit=limit)
    return page(found.rows, listing, found.next)


@endpoints.post("/tasks", "task.create", status=201)
def create_one_task(tx: Tx, body: TaskBody) -> TaskJson:
    """Ask something of an employee."""
    about = [CardName(card=tie.card, card_id=tie.card_id) for tie in body.about]
    values = {"body": body.body, "responsible_id": body.responsible_id, "deadline": body.deadline}
    return _task(tx, tx.do(create_task, body.title, **values, about=about).id)


@endpoints.get("/tasks/{task_id}", "task.see")
def see_one_task(tx: Tx, task_id: Id) -> TaskJson:
    """One task with its description, the cards it is about and the guests who see it."""
    return _task(tx, task_id)


@endpoints.patch("/tasks/{task_id}", "task.change")
def update_task(tx: Tx, task_id: Id, body: TaskChangesBody) -> TaskJson:
    """Change what is sent; the rest stays as it is."""
    tx.do(change_task, task_id, body.told())
    return _task(tx, task_id)


@endpoints.delete("/tasks/{task_id}", "task.delete")
def delete_one_task(tx: Tx, task_id: Id) -> None:
    """Move a task to the bin."""
    tx.do(delete_task, task_id)


@endpoints.post("/tasks/{task_id}/restore", "task.delete")
def bring_task_back(tx: Tx, task_id: Id) -> TaskJson:
    """Take a task out of the bin."""
    tx.do(restore_task, task_id)
    return _task(tx, task_id)


@endpoints.post("/tasks/{task_id}/close", "task.change")
def close_one_task(tx: Tx, task_id: Id, body: ClosingBody) -> TaskJson:
    """Close a task: it is done, or cancelled."""
    tx.do(close_task, task_id, body.status)
    return _task(tx, task_id)


@endpoints.post("/tasks/{task_id}/reopen", "task.change")
def reopen_one_task(tx: Tx, task_id: Id) -> TaskJson:
    """Open a closed task again."""
    tx.do(reopen_task, task_id)
    return _task(tx, task_id)


@endpoints.put("/tasks/{task_id}/guests/{guest_id}", "task.share")
def open_task_to_guest(tx: Tx, task_id: Id, guest_id: Id) -> TaskJson:
    """Open a task to a guest."""
    tx.do(share_task_with_guest, task_id, guest_id)
    return _task(tx, task_id)


@endpoints.delete("/tasks/{task_id}/guests/{guest_id}", "task.share")
def close_task_to_guest(tx: Tx, task_id: Id, guest_id: Id) -> None:
    """Close a task to a guest."""
    tx.do(unshare_task_with_guest, task_id, guest_id)


def _task(tx: Tx, task_id: int | None) -> TaskJson:
    tx.session.flush()
    found = seen(tx, see_task, task_id=task_id)
    of_details = ("body", "created_at", "closed_at", "guests", "may_change")
    return shaped(TaskJson, found.row, **{name: getattr(found, name) for name in of_details})
