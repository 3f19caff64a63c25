"""Fields of deals and tasks that a role may not see, or only read: in rows, filters, orders, sums and actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crm_app.access.actions.roles import set_field_right
from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.queries.rights import list_guarded, list_viewers
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.items import add_item
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import list_client_deals, list_deals, see_deal
from crm_app.tasks.actions.editing import change_task, create_task
from crm_app.tasks.queries import list_tasks, see_task
from tests import people
from tests.cards.test_viewers import role_id
from tests.deals import make


def limited(adam: Actor, card: str, level: str, *fields: str) -> Actor:
    """Ann, whose role is kept from some fields."""
    for field in fields:
        perform(adam, set_field_right, role_id=role_id("manager"), card=card, field=field, level=level)
    return people.actor("ann")


def test_the_editor_offers_fields_of_deals_and_tasks_and_none_that_a_card_is_never_without(adam: Actor) -> None:
    guarded = {card: {each.field for each in fields} for card, fields in perform(adam, list_guarded).items()}
    assert guarded["deal"] == {"client_id", "responsible_id", "amount", "payment_method", "delivery", "lost_reason"}
    assert guarded["task"] == {"author_id", "responsible_id", "deadline", "body"}


def test_a_hidden_field_of_a_deal_is_nowhere(adam: Actor, ann: Actor) -> None:
    way, client = make.pipeline(), make.client(owner=ann)
    made = make.deal(ann, way, amount=500_00, client_id=client.id, payment_method="Счёт")
    perform(ann, add_item, deal_id=made.id, values={"name": "Станок", "price": 500_00})
    perform(ann, change_deal, deal_id=made.id, values={"amount": 700_00, "delivery": "Почта"})
    ann = limited(adam, "deal", "hidden", "amount", "client_id", "payment_method")
    seen = perform(ann, see_deal, deal_id=made.id)
    assert (seen.deal.amount, seen.deal.client_id, seen.deal.client_name, seen.deal.payment_method) == (None, 0, "", "")
    assert [(item.price, item.total) for item in seen.items] == [(0, 0)]
    column = perform(ann, see_board, pipeline_id=way.id).columns[0]
    assert ([each.amount for each in column.sums], column.cards[0].client_name) == ([None], "")
    assert perform(ann, list_client_deals, client_id=client.id) == []
    for name in ("amount", "client", "payment_method"):
        with pytest.raises(BadInput):
            perform(ann, list_deals, sort=name)
    told: list[dict[str, Any]] = [row.details for row in perform(ann, see_timeline, card="deal", card_id=made.id)]
    assert {name for each in told for name in each.get("changes") or {}} == {"delivery"}
    (viewer,) = [row for row in perform(adam, list_viewers, card="deal", card_id=made.id).rows if row.name == "Анна"]
    assert {each.field for each in viewer.hidden} == {"amount", "client_id", "payment_method"}


def test_a_field_of_a_deal_that_may_only_be_read_is_written_by_no_door(adam: Actor, ann: Actor) -> None:
    way = make.pipeline()
    made = make.deal(ann, way, amount=500_00)
    ann = limited(adam, "deal", "read", "amount")
    assert perform(ann, see_deal, deal_id=made.id).deal.amount == 500_00
    perform(ann, change_deal, deal_id=made.id, values={"delivery": "Почта"})
    for refused in (
        lambda: perform(ann, change_deal, deal_id=made.id, values={"amount": 1}),
        lambda: make.deal(ann, way, amount=1),
        lambda: perform(ann, move_deal, deal_id=made.id, stage_id=way.stages[1].id, fields={"amount": 1}),
    ):
        with pytest.raises(Forbidden):
            refused()
    perform(ann, move_deal, deal_id=made.id, stage_id=way.stages[1].id)
    make.deal(ann, way, name="Без суммы")


def test_hidden_and_read_fields_of_tasks(adam: Actor, ann: Actor) -> None:
    soon = clock.now() - timedelta(hours=1)
    made = perform(ann, create_task, title="Позвонить", body="Тайна", deadline=soon)
    perform(ann, create_task, title="Написать", deadline=soon - timedelta(days=1))
    ann = limited(adam, "task", "hidden", "deadline")
    ann = limited(adam, "task", "read", "body")
    rows = perform(ann, list_tasks, sort="deadline").rows
    assert [(row.title, row.deadline, row.is_overdue) for row in rows] == [
        ("Написать", None, False), ("Позвонить", None, False),
    ]  # fmt: skip
    with pytest.raises(BadInput):
        perform(ann, list_tasks, where={"field": "deadline", "op": "empty"})
    assert perform(ann, see_task, task_id=made.id).body == "Тайна"
    perform(ann, change_task, task_id=made.id, changes={"title": "Перезвонить"})
    for changes in ({"body": "Иначе"}, {"deadline": None}):
        with pytest.raises(Forbidden):
            perform(ann, change_task, task_id=made.id, changes=changes)
    with pytest.raises(Forbidden):
        perform(ann, create_task, title="Ещё", body="С описанием")
    assert perform(ann, create_task, title="Ещё").id
