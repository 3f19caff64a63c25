"""Lists of tasks: narrowed down by the filters that all lists know, and served by indexes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin
from crm_app.tasks.actions.editing import close_task
from crm_app.tasks.fields import FILTERS, SORTS
from crm_app.tasks.models import Task, TaskLink
from crm_app.tasks.queries import count_open_tasks, list_tasks
from tests import make
from tests.plans import plan_of, statements_of

MANY = 2_000
ALL = {"Отчёт за ноябрь", "Позвонить Ивановым", "Отправить счёт"}
LATER = datetime(2030, 1, 2, 9, 30, tzinfo=UTC)


def titles(actor: Actor, *clauses: dict[str, Any], **arguments: Any) -> set[str]:
    """Titles of all tasks that the actor sees under a filter."""
    asked = {"whose": "all", "status": "all", **arguments}
    where = {"all": list(clauses)} if clauses else None
    return {row.title for row in perform(actor, list_tasks, where=where, **asked).rows}


@pytest.fixture
def three(ann: Actor, olga: Actor) -> None:
    report = make.task(ann, "Отчёт за ноябрь", responsible_id=olga.id, deadline=LATER)
    vector = make.client(ann, "ООО «Вектор»", "company")
    call = make.task(ann, "Позвонить Ивановым", about=[{"card": "client", "card_id": vector.id}])
    perform(ann, add_comment, card="task", card_id=call.id, body="Не берут трубку")
    closed = make.task(olga, "Отправить счёт", responsible_id=olga.id)
    perform(olga, close_task, task_id=closed.id)
    perform(ann, set_tags, card="task", card_id=report.id, names=["срочно"])
    perform(ann, set_star, card="task", card_id=report.id, starred=True)


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ({"field": "title", "op": "contains", "value": "иванов"}, {"Позвонить Ивановым"}),
        ({"field": "body", "op": "empty", "value": True}, ALL),
        ({"field": "status", "op": "eq", "value": "done"}, {"Отправить счёт"}),
        ({"field": "author_id", "op": "eq", "value": "me"}, {"Отчёт за ноябрь", "Позвонить Ивановым"}),
        ({"field": "responsible_id", "op": "ne", "value": "me"}, {"Отчёт за ноябрь", "Отправить счёт"}),
        ({"field": "deadline", "op": "gt", "value": "2029-12-31"}, {"Отчёт за ноябрь"}),
        ({"field": "client", "op": "contains", "value": "вектор"}, {"Позвонить Ивановым"}),
        ({"field": "created_at", "op": "lt", "value": "today-1"}, set()),
        ({"field": "updated_at", "op": "ge", "value": "today"}, ALL),
        ({"field": "closed_at", "op": "empty", "value": False}, {"Отправить счёт"}),
        ({"field": "tags", "op": "has", "value": "срочно"}, {"Отчёт за ноябрь"}),
        ({"field": "star", "op": "eq", "value": True}, {"Отчёт за ноябрь"}),
        ({"field": "commented", "op": "in", "value": "today"}, {"Позвонить Ивановым"}),
        ({"field": "text", "op": "has", "value": "отчет"}, {"Отчёт за ноябрь"}),
        ({"field": "id", "op": "in", "value": [1, 2]}, {"Отчёт за ноябрь", "Позвонить Ивановым"}),
    ],
)  # fmt: skip
def test_a_filter_narrows_the_list_down(three: None, ann: Actor, clause: dict[str, Any], found: set[str]) -> None:
    assert titles(ann, clause) == found


def test_every_field_is_tried_above() -> None:
    (mark,) = (m for m in test_a_filter_narrows_the_list_down.pytestmark if m.name == "parametrize")
    assert {clause["field"] for clause, _ in mark.args[1]} == FILTERS.keys()


def test_words_and_a_filter_count_together(three: None, ann: Actor) -> None:
    late = {"field": "deadline", "op": "gt", "value": "2029-12-31"}
    assert titles(ann, late, q="отчет") == {"Отчёт за ноябрь"}
    assert titles(ann, late, q="ивановым") == set()
    page = perform(ann, list_tasks, whose="all", status="all", where={"all": [late]}, q="отчет")
    assert page.total == 1


@pytest.mark.parametrize("wrong", [{"field": "body", "op": "eq", "value": "x"}, {"field": "deadline", "op": "has"}])
def test_what_is_no_filter_of_tasks_is_refused(ann: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        titles(ann, wrong)


def test_a_filter_shows_nothing_beyond_ones_rights(three: None, bob: Actor, greg: Actor) -> None:
    everything = {"field": "status", "op": "in", "value": ["open", "done"]}
    assert titles(bob, everything) == set()
    for actor, error in ((greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(error):
            titles(actor, everything)


def test_a_task_is_not_found_by_a_client_that_one_does_not_see(ann: Actor, bob: Actor) -> None:
    secret = make.client(bob, "ООО «Вектор»", "company")
    about = [{"card": "client", "card_id": secret.id}]
    make.task(bob, "Отвезти образцы", responsible_id=bob.id, about=about)
    perform(SYSTEM, give_to, title="Отвезти образцы", employee_id=ann.id)
    by_name = {"field": "client", "op": "contains", "value": "вектор"}
    assert titles(bob, by_name) == {"Отвезти образцы"}
    assert titles(ann) == {"Отвезти образцы"}
    assert titles(ann, by_name) == set()
    assert titles(ann, {"field": "client", "op": "empty", "value": True}) == {"Отвезти образцы"}


@action("test.give_to")
def give_to(tx: Tx, title: str, employee_id: int) -> None:
    """Hand a task to an employee of another department, who does not see what it is about."""
    tx.one(select(Task).where(Task.title == title)).responsible_id = employee_id


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_every_order_gives_each_task_once(three: None, ann: Actor, sort: str) -> None:
    make.task(ann, "Позвонить завтра", deadline=LATER)
    found, after = [], ""
    while not found or after:
        page = perform(ann, list_tasks, whose="all", status="all", sort=sort, after=after, limit=1)
        found += [row.title for row in page.rows]
        after = page.next
    assert sorted(found) == sorted(ALL | {"Позвонить завтра"})
    if sort.endswith("deadline"):
        assert set(found[:2]) == {"Отчёт за ноябрь", "Позвонить завтра"}, "those without a deadline come last"


def test_an_order_that_is_none_and_a_cursor_of_another_one_are_refused(three: None, ann: Actor) -> None:
    cursor = perform(ann, list_tasks, whose="all", limit=1).next
    for wrong in ({"sort": "body"}, {"sort": "-status", "after": cursor}):
        with pytest.raises(BadInput):
            perform(ann, list_tasks, whose="all", **wrong)


# ---- with thousands of tasks -----------------------------------------------------------------------------------------


@action("test.add_tasks")
def add_tasks(tx: Tx, author_id: int, client_id: int) -> None:
    """Many tasks of one author; every hundredth is about the client."""
    for number in range(MANY):
        task = tx.add(
            Task(
                title=f"Задача {number}", author_id=author_id, responsible_id=author_id,
                created_at=tx.now, updated_at=tx.now,
            )
        )  # fmt: skip
        if number % 100 == 0:
            tx.session.add(TaskLink(task_id=task.id, card="client", card_id=client_id))


@pytest.fixture
def client_id(database: Database, ann: Actor, olga: Actor) -> int:
    if not database.is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    client_id = make.client(ann).id or 0
    perform(SYSTEM, add_tasks, author_id=olga.id, client_id=client_id)
    return client_id


def plans(database: Database, actor: Actor, question: Any, **arguments: Any) -> list[str]:
    """How SQLite would go about the statements of a question that look at ties."""
    asked = statements_of(database, lambda: perform(actor, question, **arguments))
    found = [plan_of(database, one) for one in asked if "task_link" in one]
    assert found
    return found


def test_the_tasks_of_a_card_are_found_by_its_ties(database: Database, ann: Actor, client_id: int) -> None:
    of_client = {"card": "client", "card_id": client_id}
    assert perform(ann, count_open_tasks, **of_client) == MANY // 100
    for question, rest in ((count_open_tasks, {}), (list_tasks, {"whose": "all"})):
        for plan in plans(database, ann, question, **of_client, **rest):
            assert "SCAN task" not in plan, plan
            assert plan.count("LIST SUBQUERY") <= 1, plan  # the card's ties alone: no list of all that one sees
            assert "SEARCH task_link USING" in plan, plan


def test_the_ties_of_a_page_are_asked_row_by_row(database: Database, ann: Actor, client_id: int) -> None:
    (plan,) = plans(database, ann, list_tasks, whose="all", limit=10)
    assert "CORRELATED" in plan and "LIST SUBQUERY" not in plan, plan
    assert "SEARCH task USING INTEGER PRIMARY KEY" in plan, plan
