"""Tasks: what colleagues ask of each other, about a deal and its client; and the notifications that all of it makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crm_app.cards.models import Notification
from crm_app.demo.chronicle import Birth, Chronicle
from crm_app.demo.scene import Notice, Person, Scene
from crm_app.demo.words import Chance
from crm_app.tasks.events import TaskClosed, TaskCreated
from crm_app.tasks.models import Task, TaskLink
from crm_app.tasks.rules import DONE, OPEN

_DAYS = 120
_MOST_NOTICES, _NEW_DAYS = 12, 3


@dataclass(frozen=True)
class Request:
    """A task to be. done_at: None while it is open; cards: what it is about."""

    title: str
    body: str
    author: Person
    owner: Person
    at: datetime
    deadline: datetime
    done_at: datetime | None
    cards: tuple[tuple[str, int], ...]


def tasks(scene: Scene) -> Iterator[Birth]:
    """One task for four deals, of the last months."""
    chance = scene.chance("tasks")
    count = scene.recipe.deals // 4
    for n in range(count):
        days_ago = _DAYS * (1 - (n + chance.random()) / count) + 0.01
        yield Birth(scene.days.before(days_ago), partial(_come, scene, chance, days_ago))


def _come(scene: Scene, chance: Chance, days_ago: float, chronicle: Chronicle) -> None:
    if not scene.deals:
        return
    deal, days = chance.one(scene.deals), scene.days
    author = chance.one([deal.owner, scene.cast.boss])
    is_done = chance.happens(0.35 if days_ago < 14 else 0.95)
    due = max(round(chance.between(-1, 8) - (days_ago if is_done else 0)), -int(days_ago))
    request = Request(
        title=chance.one(scene.words["tasks"]),
        body=chance.one(scene.words["task_bodies"]),
        author=author,
        owner=deal.owner if chance.happens(0.7) else chance.one(list(scene.cast.everybody)),
        at=days.before(days_ago),
        deadline=days.on(due, 18),
        done_at=days.before(days_ago * chance.between(0.2, 0.9)) if is_done else None,
        cards=(("deal", deal.id), *((("client", deal.client_id),) if deal.client_id else ())),
    )
    add_task(scene, chronicle, request)


def add_task(scene: Scene, chronicle: Chronicle, request: Request) -> int:
    """Note a task with its ties, facts and notifications; gives its id."""
    task_id = chronicle.add(
        Task,
        title=request.title,
        body=request.body,
        status=DONE if request.done_at else OPEN,
        author_id=request.author.id,
        responsible_id=request.owner.id,
        deadline=max(request.deadline, request.at + timedelta(hours=2)),
        created_at=request.at,
        updated_at=request.done_at or request.at,
        closed_at=request.done_at,
    )
    for card, card_id in request.cards:
        chronicle.add(TaskLink, task_id=task_id, card=card, card_id=card_id)
    chronicle.make_findable("task", task_id, request.title, request.body)
    ties: list[list[str | int]] = [[card, card_id] for card, card_id in request.cards]
    told: dict[str, Any] = {"card_id": task_id, "title": request.title, "cards": ties}
    created = TaskCreated(**told, by_id=request.author.id, responsible_id=request.owner.id)
    chronicle.will_happen(request.at, request.author, created)
    _tell(scene, request.at, request.author, request.owner, "tasks.notice.assigned", task_id, request.title)
    if request.done_at is not None:
        closed = TaskClosed(**told, by_id=request.owner.id, status=DONE)
        chronicle.will_happen(request.done_at, request.owner, closed)
        _tell(scene, request.done_at, request.owner, request.author, "tasks.notice.done", task_id, request.title)
    return task_id


def _tell(scene: Scene, at: datetime, who: Person, to: Person, key: str, task_id: int, title: str) -> None:
    if who != to:
        scene.notify(Notice(at, to, key, "task", task_id, {"who": who.name, "title": title}))


def news(scene: Scene) -> Iterator[Birth]:
    """At the end of the story everybody has their latest notifications, of which the newest are unread."""
    yield Birth(scene.days.last_moment, partial(_write_notices, scene))


def _write_notices(scene: Scene, chronicle: Chronicle) -> None:
    latest: dict[int, list[Notice]] = defaultdict(list)
    for notice in sorted(scene.notices, key=lambda notice: (notice.at, notice.card, notice.card_id)):
        latest[notice.to.id].append(notice)
    for employee_id in sorted(latest):
        for notice in latest[employee_id][-_MOST_NOTICES:]:
            is_read = scene.days.days_since(notice.at) > _NEW_DAYS
            chronicle.add(
                Notification,
                employee_id=employee_id,
                key=notice.key,
                params=notice.params,
                card=notice.card,
                card_id=notice.card_id,
                created_at=notice.at,
                read_at=notice.at + timedelta(hours=1) if is_read else None,
            )
