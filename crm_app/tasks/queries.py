"""What can be asked of tasks: one's lists, one task, the tasks of a card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import ColumnElement, Select, exists, func, select

from crm_app.access.models import Employee, Guest
from crm_app.cards.filters import Filter, compile_filter
from crm_app.cards.kinds import KINDS, need_card, openly
from crm_app.cards.models import Share
from crm_app.core import search
from crm_app.core.door import Tx, query
from crm_app.core.paging import Order
from crm_app.core.policy import visible
from crm_app.tasks import rules
from crm_app.tasks.fields import FILTERS, SORTS
from crm_app.tasks.models import Task, TaskLink

PAGE = 50

Whose = Literal["mine", "given", "all"]
Status = Literal["open", "done", "cancelled", "all"]


@dataclass(frozen=True)
class Tie:
    """A card that a task is about, as far as the reader sees it."""

    card: str
    card_id: int
    title: str
    href: str


@dataclass(frozen=True)
class TaskRow:
    """A line of a list of tasks."""

    __card__: ClassVar[str] = "task"

    id: int
    title: str
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
    about: list[Tie] = field(default_factory=list)


@dataclass(frozen=True)
class TaskPage:
    """Some tasks, the cursor of those that follow ("" at the end), and how many there are in all."""

    rows: list[TaskRow]
    next: str
    total: int


@dataclass(frozen=True)
class SharedGuest:
    guest_id: int
    name: str


@dataclass(frozen=True)
class TaskDetails:
    """A task with all that an employee may know of it. may_change: whether the reader may change it."""

    __card__: ClassVar[str] = "task"

    row: TaskRow
    body: str
    created_at: datetime
    closed_at: datetime | None
    guests: list[SharedGuest]
    may_change: bool


@query("task.see")
def list_tasks(
    tx: Tx,
    whose: Whose = "mine",
    status: Status = "open",
    card: str = "",
    card_id: int = 0,
    where: Filter | None = None,
    q: str = "",
    sort: str = "deadline",
    after: str = "",
    limit: int = PAGE,
) -> TaskPage:
    """Tasks, by their deadline unless told otherwise. whose: given to the reader, given by them, or all they see.

    card, card_id: only those about that card; where: a filter of lists; q: only those in whose text all its words
    stand; sort: a key of SORTS, "-" before it for the other way round, the latest first instead of by what is hidden
    from the reader; after: the cursor of a page.
    """
    hidden = tx.actor.hidden.get("task", frozenset())
    order = Order.parse("-created_at" if sort.removeprefix("-") in hidden else sort, SORTS, Task.id)
    conditions = _conditions(tx, whose, status, where)
    if card:
        need_card(tx, card, card_id)
        tied = select(TaskLink.task_id).where(TaskLink.card == card, TaskLink.card_id == card_id)
        conditions.append(Task.id.in_(tied))
    total = tx.scalar(select(func.count(Task.id)).where(*conditions, *_in_text(tx, q)))
    statement = _rows(tx).where(*conditions, *_in_text(tx, q, page=True))
    found, next_ = order.page(tx, statement, after, limit)
    return TaskPage(_task_rows(tx, found), next_, total)


def _conditions(tx: Tx, whose: Whose, status: Status, where: Filter | None) -> list[Any]:
    conditions: list[Any] = []
    if whose == "mine":
        conditions.append(Task.responsible_id == tx.actor.id)
    elif whose == "given":
        conditions += [Task.author_id == tx.actor.id, Task.responsible_id != tx.actor.id]
    if status != "all":
        conditions.append(Task.status == status)
    if where:
        conditions.append(compile_filter(tx, where, FILTERS, "task"))
    return conditions


def _in_text(tx: Tx, q: str, *, page: bool = False) -> list[ColumnElement[bool]]:
    if not q.strip():
        return []
    return [search.has_words(tx.session, "task", Task.id, q, page=page), *openly(tx, "task", q)]


@query("task.see")
def see_task(tx: Tx, task_id: int) -> TaskDetails:
    """One task with its description, the cards it is about and the guests who see it."""
    task = tx.need(Task, task_id)
    found = tx.one(_rows(tx).where(Task.id == task_id))
    guests = (
        select(Guest.id, Guest.name)
        .join(Share, Share.guest_id == Guest.id)
        .where(Share.card == "task", Share.card_id == task_id)
        .order_by(Guest.name, Guest.id)
    )
    return TaskDetails(
        row=_task_rows(tx, [found])[0],
        body=task.body,
        created_at=task.created_at,
        closed_at=task.closed_at,
        guests=[SharedGuest(g.id, g.name) for g in tx.all(guests)],
        may_change=tx.actor.may("task.change") and tx.may_change(task),
    )


@query("task.see")
def count_open_tasks(tx: Tx, card: str, card_id: int) -> int:
    """How many open tasks about a card the reader sees."""
    tied = select(TaskLink.task_id).where(TaskLink.card == card, TaskLink.card_id == card_id)
    open_ones = select(func.count()).select_from(Task).where(Task.status == rules.OPEN, Task.id.in_(tied))
    return int(tx.scalar(open_ones))


@query("task.share")
def list_possible_guests(tx: Tx, task_id: int, words: str = "") -> list[SharedGuest]:
    """Guests whom a task can be opened to: those of the cards that the reader sees; of its own cards first."""
    tx.need(Task, task_id)
    client = KINDS["client"].model
    own_cards = select(TaskLink.card_id).where(TaskLink.task_id == task_id, TaskLink.card == "client")
    shared = select(Share.guest_id).where(Share.card == "task", Share.card_id == task_id)
    statement = select(Guest.id, Guest.name).where(
        Guest.revoked_at.is_(None),
        Guest.card_id.in_(select(client.id).where(visible(client, tx.actor))),
        Guest.id.not_in(shared),
    )
    if words.strip():
        statement = statement.where(Guest.name.icontains(words.strip(), autoescape=True))
    ordered = statement.order_by(Guest.card_id.in_(own_cards).desc(), Guest.name, Guest.id)
    return [SharedGuest(g.id, g.name) for g in tx.all(ordered.limit(30))]


def _rows(tx: Tx) -> Select[Any]:
    shared = exists().where(Share.card == "task", Share.card_id == Task.id)
    author = select(Employee.name).where(Employee.id == Task.author_id).scalar_subquery()
    responsible = select(Employee.name).where(Employee.id == Task.responsible_id).scalar_subquery()
    return select(
        Task.id, Task.title, Task.status, Task.deadline, Task.author_id, author.label("author"), Task.responsible_id,
        responsible.label("responsible"), shared.label("is_shared"), Task.created_at, Task.updated_at,
    )  # fmt: skip


def _task_rows(tx: Tx, found: Iterable[Any]) -> list[TaskRow]:
    found = list(found)
    ties = _ties(tx, [row.id for row in found])
    return [
        TaskRow(
            id=row.id,
            title=row.title,
            status=row.status,
            deadline=row.deadline,
            is_overdue=row.status == rules.OPEN and row.deadline is not None and row.deadline < tx.now,
            author_id=row.author_id,
            author=row.author or "",
            responsible_id=row.responsible_id,
            responsible=row.responsible or "",
            is_shared=bool(row.is_shared),
            created_at=row.created_at,
            updated_at=row.updated_at,
            about=ties.get(row.id, []),
        )
        for row in found
    ]


def _ties(tx: Tx, task_ids: list[int]) -> dict[int, list[Tie]]:
    """The cards that tasks are about, without those that the reader does not see."""
    if not task_ids:
        return {}
    links = tx.all(select(TaskLink).where(TaskLink.task_id.in_(task_ids)).order_by(TaskLink.card, TaskLink.card_id))
    titles: dict[tuple[str, int], str] = {}
    for kind in KINDS.values():
        ids = {link.card_id for link in links if link.card == kind.key}
        for card_id, title in tx.all(select(kind.model.id, kind.title).where(kind.model.id.in_(ids))) if ids else []:
            titles[kind.key, card_id] = title
    ties: dict[int, list[Tie]] = {}
    for link in links:
        title = titles.get((link.card, link.card_id))
        if title is not None:
            href = KINDS[link.card].href.format(id=link.card_id)
            ties.setdefault(link.task_id, []).append(Tie(link.card, link.card_id, title, href))
    return ties
