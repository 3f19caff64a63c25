"""Tasks: made, changed, closed, reopened, binned, tied to cards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.cards.queries.every_card import see_timeline
from crm_app.core import clock
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.tasks.actions.deleting import delete_task, restore_task
from crm_app.tasks.actions.editing import change_task, close_task, create_task, reopen_task
from crm_app.tasks.actions.ties import tie_task, untie_task
from crm_app.tasks.queries import count_open_tasks, list_tasks, see_task
from tests import make

LATER = datetime(2030, 1, 2, 9, 30, tzinfo=UTC)


def titles(actor: Actor, **arguments: object) -> list[str]:
    return [row.title for row in perform(actor, list_tasks, **arguments).rows]


def test_another_s_change_since_is_a_conflict(ann: Actor, olga: Actor) -> None:
    task = make.task(ann)
    seen = perform(ann, see_task, task_id=task.id).row.updated_at
    perform(olga, change_task, task_id=task.id, changes={"title": "Её слова"}, seen_at=seen)
    with pytest.raises(RuleBroken, match="кто-то другой"):
        perform(ann, change_task, task_id=task.id, changes={"title": "Мои слова"}, seen_at=seen)
    now = perform(ann, see_task, task_id=task.id).row
    assert now.title == "Её слова"
    perform(ann, change_task, task_id=task.id, changes={"title": "Мои слова"}, seen_at=now.updated_at)
    assert titles(ann, whose="all") == ["Мои слова"]


# ---- create ----------------------------------------------------------------------------------------------------------


def test_a_task_is_given_to_a_colleague(ann: Actor, olga: Actor) -> None:
    task = perform(ann, create_task, title="  Позвонить \n Ивановым ", responsible_id=olga.id, deadline=LATER)
    seen = perform(olga, see_task, task_id=task.id)

    assert seen.row.title == "Позвонить Ивановым"
    assert (seen.row.author, seen.row.responsible) == ("Анна", "Ольга")
    assert seen.row.deadline == LATER
    assert seen.row.status == "open"


def test_a_task_without_a_name_is_ones_own(ann: Actor) -> None:
    assert perform(ann, create_task, title="Отчёт").responsible_id == ann.id


def test_a_task_needs_a_title(ann: Actor) -> None:
    with pytest.raises(BadInput, match="что нужно сделать"):
        perform(ann, create_task, title="  ")
    with pytest.raises(BadInput):
        perform(ann, create_task, title="х" * 301)
    with pytest.raises(BadInput):
        perform(ann, create_task, title="Позвонить", deadline=datetime(2030, 1, 1))  # noqa: DTZ001
    assert titles(ann, whose="all") == []


def test_a_task_is_not_given_to_who_does_not_work_here(ann: Actor, bob: Actor, adam: Actor) -> None:
    perform(adam, disable_employee, employee_id=bob.id)
    for nobody in (bob.id, 10_000):
        with pytest.raises(RuleBroken, match="не работает"):
            perform(ann, create_task, title="Позвонить", responsible_id=nobody)


def test_a_guest_cannot_make_a_task(greg: Actor) -> None:
    with pytest.raises(Forbidden):
        perform(greg, create_task, title="Позвонить")
    with pytest.raises(NeedsLogin):
        perform(NOBODY, create_task, title="Позвонить")


# ---- who sees --------------------------------------------------------------------------------------------------------


def test_a_task_is_seen_by_its_two_people_and_by_their_department(
    ann: Actor, bob: Actor, olga: Actor, mary: Actor, adam: Actor
) -> None:
    task = make.task(ann, "Отчёт")
    assert [titles(who, whose="all") for who in (ann, olga, adam)] == [["Отчёт"]] * 3
    assert [titles(who, whose="all") for who in (bob, mary)] == [[], []]
    for stranger in (bob, mary):
        with pytest.raises(NotFound):
            perform(stranger, see_task, task_id=task.id)


# ---- change ----------------------------------------------------------------------------------------------------------


def test_a_change_is_kept_with_old_and_new_values(ann: Actor, olga: Actor) -> None:
    task = make.task(ann, "Отчёт", body="За октябрь")
    perform(ann, change_task, task_id=task.id, changes={"responsible_id": olga.id, "deadline": LATER})
    seen = perform(ann, see_task, task_id=task.id)
    latest = perform(ann, see_timeline, card="task", card_id=task.id)[0]

    assert (seen.row.responsible, seen.row.deadline, seen.body) == ("Ольга", LATER, "За октябрь")
    assert latest.details["changes"] == {
        "responsible_id": [ann.id, olga.id],
        "deadline": [None, "2030-01-02T09:30:00+00:00"],
    }


def test_a_deadline_can_be_taken_away(ann: Actor) -> None:
    task = make.task(ann, deadline=LATER)
    perform(ann, change_task, task_id=task.id, changes={"deadline": None})
    assert perform(ann, see_task, task_id=task.id).row.deadline is None


def test_a_closed_task_does_not_change(ann: Actor) -> None:
    task = make.task(ann, "Отчёт")
    perform(ann, close_task, task_id=task.id)
    with pytest.raises(RuleBroken, match="открой"):
        perform(ann, change_task, task_id=task.id, changes={"title": "Другое"})
    with pytest.raises(BadInput):
        perform(ann, change_task, task_id=task.id, changes={"status": "open"})
    assert titles(ann, status="done") == ["Отчёт"]


def test_a_colleagues_task_is_seen_and_not_changed(ann: Actor, olga: Actor, mary: Actor) -> None:
    task = make.task(olga, "Отчёт")
    for change in ({"title": "Другое"}, {"responsible_id": ann.id}):
        with pytest.raises(Forbidden):
            perform(ann, change_task, task_id=task.id, changes=change)
    with pytest.raises(NotFound):
        perform(mary, change_task, task_id=task.id, changes={"title": "Другое"})
    assert not perform(ann, see_task, task_id=task.id).may_change
    assert perform(olga, see_task, task_id=task.id).may_change


# ---- close and reopen ------------------------------------------------------------------------------------------------


def test_a_task_is_closed_and_reopened(ann: Actor) -> None:
    task = make.task(ann)
    perform(ann, close_task, task_id=task.id, status="cancelled")
    closed = perform(ann, see_task, task_id=task.id)
    perform(ann, reopen_task, task_id=task.id)
    opened = perform(ann, see_task, task_id=task.id)

    assert closed.row.status == "cancelled"
    assert closed.closed_at is not None
    assert (opened.row.status, opened.closed_at) == ("open", None)


def test_what_is_closed_is_not_closed_twice(ann: Actor) -> None:
    task = make.task(ann)
    with pytest.raises(RuleBroken, match="и так открыта"):
        perform(ann, reopen_task, task_id=task.id)
    with pytest.raises(BadInput):
        perform(ann, close_task, task_id=task.id, status="lost")
    perform(ann, close_task, task_id=task.id)
    with pytest.raises(RuleBroken):
        perform(ann, close_task, task_id=task.id)


def test_a_stranger_neither_closes_nor_reopens(ann: Actor, bob: Actor) -> None:
    task = make.task(ann)
    with pytest.raises(NotFound):
        perform(bob, close_task, task_id=task.id)
    perform(ann, close_task, task_id=task.id)
    with pytest.raises(NotFound):
        perform(bob, reopen_task, task_id=task.id)
    assert perform(ann, see_task, task_id=task.id).row.status == "done"


# ---- bin -------------------------------------------------------------------------------------------------------------


def test_a_deleted_task_comes_back_whole(ann: Actor) -> None:
    task = make.task(ann, "Отчёт")
    perform(ann, delete_task, task_id=task.id)
    assert titles(ann, whose="all", status="all") == []
    perform(ann, restore_task, task_id=task.id)
    assert titles(ann, q="отчет") == ["Отчёт"]


def test_what_is_not_in_the_bin_is_not_restored(ann: Actor) -> None:
    task = make.task(ann)
    with pytest.raises(RuleBroken, match="не в корзине"):
        perform(ann, restore_task, task_id=task.id)
    perform(ann, delete_task, task_id=task.id)
    with pytest.raises(NotFound):
        perform(ann, delete_task, task_id=task.id)


def test_a_colleague_without_the_right_deletes_nothing(ann: Actor, olga: Actor, bob: Actor) -> None:
    task = make.task(olga)
    with pytest.raises(Forbidden):
        perform(ann, delete_task, task_id=task.id)
    perform(olga, delete_task, task_id=task.id)
    with pytest.raises(Forbidden):
        perform(ann, restore_task, task_id=task.id)
    with pytest.raises(NotFound):
        perform(bob, restore_task, task_id=task.id)


# ---- ties ------------------------------------------------------------------------------------------------------------


def test_a_task_is_found_on_the_card_that_it_is_about(ann: Actor) -> None:
    client = make.client(ann, "ООО «Вектор»", kind="company")
    task = make.task(ann, "Счёт", about=[{"card": "client", "card_id": client.id}])
    other = make.task(ann, "Другое")
    perform(ann, tie_task, task_id=other.id, card="client", card_id=client.id)
    on_card = perform(ann, list_tasks, whose="all", card="client", card_id=client.id).rows

    assert [row.title for row in on_card] == ["Счёт", "Другое"]
    assert [(tie.title, tie.href) for tie in on_card[0].about] == [("ООО «Вектор»", f"/clients/{client.id}")]
    assert perform(ann, count_open_tasks, card="client", card_id=client.id) == 2
    assert "TaskCreated" in {line.name for line in perform(ann, see_timeline, card="client", card_id=client.id)}
    perform(ann, untie_task, task_id=task.id, card="client", card_id=client.id)
    assert perform(ann, count_open_tasks, card="client", card_id=client.id) == 1


def test_a_tie_leads_to_a_card_that_one_sees(ann: Actor, bob: Actor) -> None:
    task, other, client = make.task(ann), make.task(ann), make.client(bob)
    with pytest.raises(NotFound):
        perform(ann, tie_task, task_id=task.id, card="client", card_id=client.id)
    with pytest.raises(NotFound):
        perform(ann, tie_task, task_id=task.id, card="spaceship", card_id=1)
    with pytest.raises(BadInput):
        perform(ann, tie_task, task_id=task.id, card="task", card_id=other.id)
    with pytest.raises(NotFound):
        perform(ann, untie_task, task_id=task.id, card="client", card_id=client.id)
    with pytest.raises(NotFound):
        perform(ann, list_tasks, whose="all", card="client", card_id=client.id)


def test_a_tie_of_somebody_elses_task_is_refused(ann: Actor, olga: Actor, bob: Actor) -> None:
    client = make.client(ann)
    task = make.task(olga, about=[{"card": "client", "card_id": client.id}])
    other = make.client(ann, "Пётр")
    for verb, card_id in ((tie_task, other.id), (untie_task, client.id)):
        with pytest.raises(Forbidden):
            perform(ann, verb, task_id=task.id, card="client", card_id=card_id)
        with pytest.raises(NotFound):
            perform(bob, verb, task_id=task.id, card="client", card_id=card_id)


def test_the_title_of_a_card_that_one_does_not_see_is_left_out(ann: Actor, bob: Actor) -> None:
    client = make.client(ann, "Тайный клиент")
    task = make.task(ann, responsible_id=bob.id, about=[{"card": "client", "card_id": client.id}])
    assert perform(bob, see_task, task_id=task.id).row.about == []
    assert len(perform(ann, see_task, task_id=task.id).row.about) == 1


# ---- lists -----------------------------------------------------------------------------------------------------------


def test_lists_are_mine_given_and_all(ann: Actor, olga: Actor) -> None:
    make.task(ann, "Себе")
    make.task(ann, "Ольге", responsible_id=olga.id)
    make.task(olga, "От Ольги", responsible_id=ann.id)

    assert titles(ann, whose="mine") == ["Себе", "От Ольги"]
    assert titles(ann, whose="given") == ["Ольге"]
    assert titles(ann, whose="all") == ["Себе", "Ольге", "От Ольги"]


def test_pages_follow_each_other_without_a_gap(ann: Actor) -> None:
    now = clock.now()
    days: list[int | None] = [3, None, 1, 2, 2, None, 5]
    for number, day in enumerate(days):
        make.task(ann, f"{number}", deadline=None if day is None else now + timedelta(days=day))
    found, after = [], ""
    for _ in range(10):
        page = perform(ann, list_tasks, after=after, limit=2)
        found += [row.title for row in page.rows]
        after = page.next
        if not after:
            break
    assert found == ["2", "3", "4", "0", "6", "1", "5"]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzEsMl0", "W251bGwsInkiXQ", "é", "////"])
def test_a_cursor_that_is_none_is_refused(ann: Actor, cursor: str) -> None:
    with pytest.raises(BadInput):
        perform(ann, list_tasks, after=cursor)


def test_an_open_task_past_its_deadline_is_overdue(ann: Actor) -> None:
    late = make.task(ann, "Поздно", deadline=clock.now() - timedelta(minutes=1))
    make.task(ann, "Успеем", deadline=clock.now() + timedelta(minutes=5))
    assert [row.is_overdue for row in perform(ann, list_tasks).rows] == [True, False]
    perform(ann, close_task, task_id=late.id)
    assert [row.is_overdue for row in perform(ann, list_tasks, status="all").rows] == [False, False]
