"""A task about each of many cards at once; taken back, those that nobody has touched since go to the bin."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_app.cards.actions.bulk_operations import (
    OPERATIONS,
    Arguments,
    Back,
    Before,
    Done,
    Operation,
    outcome,
    sort_out,
)
from crm_app.cards.bulk_cards import BulkCards
from crm_app.cards.bulk_rules import GONE, NOT_YOURS, REFUSED, SINCE
from crm_app.cards.filter_values import read_id
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import Comment, StoredFile
from crm_app.cards.rights import is_reached
from crm_app.clients.untouched import CHANGED_BY
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Forbidden, Reason, RuleBroken
from crm_app.tasks import rules
from crm_app.tasks.actions.deleting import delete_task
from crm_app.tasks.actions.editing import check_works_here, create_task
from crm_app.tasks.events import TaskCreated, TaskDeleted
from crm_app.tasks.models import Task


class TaskEach(Operation):
    """{"title", "responsible_id", "deadline"}: a task about each card, its title followed by the card's.

    responsible_id: None for whoever asks; deadline: ISO 8601 with a zone, or None. Before: the task of each card.
    """

    right = "see"
    batch = 50

    def check(self, tx: Tx, cards: BulkCards) -> None:
        rules.check_kind_of_tie(cards.card)
        super().check(tx, cards)
        if not tx.actor.may("task.create"):
            raise Forbidden()

    def prepare(self, tx: Tx, cards: BulkCards, arguments: Arguments) -> Arguments:
        title = rules.clean_title(str(arguments.get("title") or ""))
        responsible_id = _number(arguments.get("responsible_id")) or tx.actor.id
        check_works_here(tx, responsible_id)
        deadline = _moment(arguments.get("deadline"))
        told = deadline.isoformat() if deadline else None
        return {"title": title, "responsible_id": responsible_id, "deadline": told, "name": title}

    def do(self, tx: Tx, cards: BulkCards, arguments: Arguments, ids: list[int]) -> Done:
        mine, counts = sort_out(tx, cards, self.right, ids)
        made: dict[int, Any] = {}
        kept: dict[int, list[Reason]] = {}
        for card_id, named in _titles(tx, cards, mine):
            try:
                made[card_id] = _task_about(tx, cards.card, card_id, named, arguments).id
            except RuleBroken as no:
                kept[card_id] = no.reasons
        done = outcome(made, 0, counts + Counter({REFUSED: len(kept)}))
        done.refused = kept
        return done

    def undo(self, tx: Tx, cards: BulkCards, arguments: Arguments, before: Before) -> Back:
        card_of = {task_id: card_id for task_id, ids in before for card_id in ids}
        left: dict[int, str] = {}
        there = {task.id: task for task in tx.all(select(Task).where(Task.id.in_(card_of)))}
        touched = _touched(tx, list(there))
        for task_id, card_id in card_of.items():
            task = there.get(task_id)
            if task is None:
                left[card_id] = GONE
            elif task_id in touched or task.updated_at != task.created_at:
                left[card_id] = SINCE
            elif not is_reached(tx.actor, "task.delete", task):
                left[card_id] = NOT_YOURS
            else:
                tx.do(delete_task, task_id)
        return Back(len(card_of) - len(left), left)


OPERATIONS["task"] = TaskEach()
CHANGED_BY[TaskCreated] = lambda task_id, _: {f"task:{task_id}": (False, True)}
CHANGED_BY[TaskDeleted] = lambda task_id, _: {f"task:{task_id}": (True, False)}


def _task_about(tx: Tx, card: str, card_id: int, named: str, arguments: Arguments) -> Task:
    title = f"{arguments['title']}: {named}" if named else arguments["title"]
    deadline = _moment(arguments["deadline"])
    about = [{"card": card, "card_id": card_id}]
    return tx.do(
        create_task, title[: rules.LONGEST_TITLE], responsible_id=arguments["responsible_id"], deadline=deadline,
        about=about,
    )  # fmt: skip


def _titles(tx: Tx, cards: BulkCards, ids: list[int]) -> list[tuple[int, str]]:
    model = cards.model
    rows = tx.all(select(model.id, KINDS[cards.card].title).where(model.id.in_(ids)).order_by(model.id))
    return [(row[0], row[1]) for row in rows]


def _touched(tx: Tx, ids: list[int]) -> set[int]:
    """Tasks that somebody has commented, or put a file to."""
    found: set[int] = set()
    for model in (Comment, StoredFile):
        row: Any = model
        found |= set(tx.all(select(row.card_id).where(row.card == "task", row.card_id.in_(ids))))
    return found


def _number(value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return read_id(value)
    except (TypeError, ValueError):
        raise BadInput("core.error.bad_arguments", fields="responsible_id") from None


def _moment(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise BadInput("core.error.bad_arguments", fields="deadline") from None
    if moment.tzinfo is None:
        raise BadInput("core.error.bad_arguments", fields="deadline")
    return moment
