"""Followers: employees who are told of what happens to a card."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from crm_app.access.models import Employee
from crm_app.cards.events import FollowerAdded, FollowerRemoved
from crm_app.cards.followed import followers_of, need_followed
from crm_app.cards.models import Follower
from crm_app.cards.queries.following import may_follow
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import Forbidden, NotFound, RuleBroken


@action(LOGGED_IN)
def follow_card(tx: Tx, card: str, card_id: int, employee_id: int) -> None:
    """Tell an employee of what happens to a card from now on: oneself, or a colleague by who may change the card.

    Raises NotFound, Forbidden, RuleBroken for a colleague who does not see the card.
    """
    row, person = _need_both(tx, card, card_id, employee_id)
    if employee_id in followers_of(tx, card, card_id):
        return
    if employee_id != tx.actor.id and not may_follow(tx, card, row, employee_id):
        raise RuleBroken("cards.error.does_not_see", name=person.name)
    tx.add(Follower(card=card, card_id=card_id, employee_id=employee_id))
    tx.record(FollowerAdded(kind=card, card_id=card_id, employee_id=employee_id, name=person.name))


@action(LOGGED_IN)
def unfollow_card(tx: Tx, card: str, card_id: int, employee_id: int) -> None:
    """Tell an employee no more: oneself, or a colleague by who may change the card. Raises NotFound, Forbidden."""
    _, person = _need_both(tx, card, card_id, employee_id)
    if employee_id not in followers_of(tx, card, card_id):
        return
    on_card = (Follower.card == card, Follower.card_id == card_id)
    tx.run(delete(Follower).where(*on_card, Follower.employee_id == employee_id))
    tx.record(FollowerRemoved(kind=card, card_id=card_id, employee_id=employee_id, name=person.name))


def _need_both(tx: Tx, card: str, card_id: int, employee_id: int) -> tuple[Any, Any]:
    """The card and the employee, where the actor may say who follows it."""
    if not tx.actor.is_employee:
        raise Forbidden()
    row = need_followed(tx, card, card_id)
    if employee_id != tx.actor.id:
        tx.check_change(row)
    person = tx.one(select(Employee.id, Employee.name).where(Employee.id == employee_id))
    if person is None:
        raise NotFound()
    return row, person
