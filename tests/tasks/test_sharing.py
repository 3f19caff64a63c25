"""A task is opened to a guest and closed again; who is told of what."""

from __future__ import annotations

import pytest

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.queries.every_card import list_notifications
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import Forbidden, NotFound, RuleBroken
from crm_app.portal.actions.access import revoke_guest
from crm_app.portal.queries import list_shared_tasks, see_shared_task
from crm_app.tasks.actions.editing import change_task, close_task, reopen_task
from crm_app.tasks.actions.guests import share_task_with_guest, unshare_task_with_guest
from crm_app.tasks.queries import list_possible_guests, see_task
from tests import make
from tests.work import work_off


def notices(actor: Actor) -> list[tuple[str, str]]:
    work_off()
    return [(notice.key, notice.params["who"]) for notice in reversed(perform(actor, list_notifications))]


def test_a_shared_task_is_seen_by_that_guest_alone(ann: Actor, greg: Actor) -> None:
    other = make.guest(ann, "Пётр", "petr@client.example")
    task = make.task(ann, "Прислать договор")
    assert perform(greg, list_shared_tasks).rows == []
    perform(ann, share_task_with_guest, task_id=task.id, guest_id=greg.id)

    assert [row.title for row in perform(greg, list_shared_tasks).rows] == ["Прислать договор"]
    assert perform(other, list_shared_tasks).rows == []
    assert [guest.name for guest in perform(ann, see_task, task_id=task.id).guests] == ["Грег Иванов"]
    assert perform(ann, see_task, task_id=task.id).row.is_shared


def test_what_is_closed_to_a_guest_is_gone(ann: Actor, greg: Actor) -> None:
    task = make.task(ann, shared_with=greg)
    perform(ann, unshare_task_with_guest, task_id=task.id, guest_id=greg.id)

    assert perform(greg, list_shared_tasks).rows == []
    with pytest.raises(NotFound):
        perform(greg, see_shared_task, task_id=task.id)
    with pytest.raises(NotFound):
        perform(greg, add_comment, card="task", card_id=task.id, body="Ещё здесь?")


def test_a_task_is_not_opened_to_who_has_no_access(ann: Actor, greg: Actor) -> None:
    task = make.task(ann)
    perform(ann, revoke_guest, card_id=greg.card_id)
    with pytest.raises(RuleBroken, match="нет доступа"):
        perform(ann, share_task_with_guest, task_id=task.id, guest_id=greg.id)
    with pytest.raises(NotFound):
        perform(ann, share_task_with_guest, task_id=task.id, guest_id=10_000)
    assert perform(ann, see_task, task_id=task.id).guests == []


def test_only_who_may_change_a_task_opens_and_closes_it(ann: Actor, olga: Actor, bob: Actor, mary: Actor) -> None:
    greg = make.guest(ann)
    task = make.task(olga, shared_with=greg)
    for verb in (share_task_with_guest, unshare_task_with_guest):
        with pytest.raises(Forbidden):
            perform(ann, verb, task_id=task.id, guest_id=greg.id)
        with pytest.raises(NotFound):
            perform(bob, verb, task_id=task.id, guest_id=greg.id)
        for never in (mary, greg):
            with pytest.raises(Forbidden):
                perform(never, verb, task_id=task.id, guest_id=greg.id)
    assert len(perform(olga, see_task, task_id=task.id).guests) == 1


def test_a_task_is_opened_to_guests_of_cards_that_one_sees(ann: Actor, bob: Actor) -> None:
    stranger = make.guest(bob, "Гость Боба", "guest-of-bob@client.example")
    task = make.task(ann)
    assert perform(ann, list_possible_guests, task_id=task.id) == []
    with pytest.raises(NotFound):
        perform(ann, share_task_with_guest, task_id=task.id, guest_id=stranger.id)


def test_guests_of_the_cards_that_a_task_is_about_come_first(ann: Actor) -> None:
    make.guest(ann, "Анисья", "a@client.example")
    own = make.guest(ann, "Яков", "ya@client.example")
    task = make.task(ann, about=[{"card": "client", "card_id": own.card_id}])

    assert [guest.name for guest in perform(ann, list_possible_guests, task_id=task.id)] == ["Яков", "Анисья"]
    assert [guest.name for guest in perform(ann, list_possible_guests, task_id=task.id, words="нис")] == ["Анисья"]


def test_who_is_given_a_task_is_told(ann: Actor, olga: Actor, bob: Actor) -> None:
    task = make.task(ann, responsible_id=olga.id)
    perform(olga, change_task, task_id=task.id, changes={"responsible_id": bob.id})
    perform(bob, change_task, task_id=task.id, changes={"title": "Иначе"})

    assert notices(olga) == [("tasks.notice.assigned", "Анна")]
    assert notices(bob) == [("tasks.notice.assigned", "Ольга")]
    assert notices(ann) == []


def test_the_other_side_is_told_of_the_end(ann: Actor, olga: Actor) -> None:
    task = make.task(ann, responsible_id=olga.id)
    perform(olga, close_task, task_id=task.id)
    perform(olga, reopen_task, task_id=task.id)
    perform(olga, close_task, task_id=task.id, status="cancelled")

    assert notices(ann) == [(f"tasks.notice.{key}", "Ольга") for key in ("done", "reopened", "cancelled")]
    assert [key for key, _ in notices(olga)] == ["tasks.notice.assigned"]


def test_author_and_responsible_are_told_of_a_guests_comment(ann: Actor, olga: Actor, greg: Actor) -> None:
    task = make.task(ann, responsible_id=olga.id, shared_with=greg)
    perform(greg, add_comment, card="task", card_id=task.id, body=f"@[{ann.id}] Готово?", is_internal=True)

    assert notices(ann) == [("cards.notice.comment", "Грег Иванов")]
    assert notices(olga) == [("tasks.notice.assigned", "Анна"), ("cards.notice.comment", "Грег Иванов")]


def test_who_comments_is_not_told_of_it(ann: Actor) -> None:
    task = make.task(ann)
    perform(ann, add_comment, card="task", card_id=task.id, body="Помню")
    assert notices(ann) == []
