"""Filters: the same JSON for lists, exports, mailings and the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.filter_fields import employee_field, fields_of_every_card, in_index
from crm_app.cards.filter_words import describe
from crm_app.cards.filters import FilterField, compile_filter, fields_of
from crm_app.clients.models import Client
from crm_app.core import search
from crm_app.core.actor import LOGGED_IN, Actor
from crm_app.core.door import Tx, action, perform, query
from crm_app.core.errors import BadInput

FIELDS = {
    "name": FilterField("text", "clients.field.name", Client.sort_name, is_folded=True),
    "city": FilterField("text", "clients.field.city", Client.city, search=in_index("client", Client.id)),
    "status": FilterField("choice", "clients.field.status", Client.status),
    "revenue": FilterField("money", "clients.field.revenue", Client.revenue),
    "created": FilterField("moment", "clients.field.created", Client.created_at),
    "birthday": FilterField("date", "clients.field.birthday", Client.birthday),
    "responsible": employee_field(Client.responsible_id),
    **fields_of_every_card("client", Client.id),
}


@action(LOGGED_IN)
def plant(tx: Tx, name: str, city: str, status: str, revenue: int | None, days_ago: int) -> int:
    at = tx.now - timedelta(days=days_ago)
    client = tx.add(
        Client(
            kind="company", name=name, sort_name=name.casefold(), city=city, status=status, revenue=revenue,
            responsible_id=tx.actor.id, created_at=at, updated_at=at, birthday=at.date(),
        )
    )  # fmt: skip
    search.put(tx.session, "client", client.id, name, city)
    return client.id


@query(LOGGED_IN)
def names_by(tx: Tx, filter_: dict[str, Any] | None) -> str:
    return " ".join(
        tx.all(select(Client.name).where(compile_filter(tx, filter_, FIELDS, "client")).order_by(Client.id))
    )


@query(LOGGED_IN)
def in_words(tx: Tx, filter_: dict[str, Any]) -> str:
    return describe(tx, filter_, FIELDS, "client")


@pytest.fixture
def four(ann: Actor) -> Actor:
    perform(ann, plant, name="Ёлка", city="Тула", status="regular", revenue=500_000, days_ago=0)
    perform(ann, plant, name="Вектор", city="Орёл", status="current", revenue=None, days_ago=3)
    perform(ann, plant, name="Заря", city="", status="regular", revenue=100, days_ago=40)
    last = perform(ann, plant, name="Ока", city="Тула_1", status="", revenue=90_000_000, days_ago=400)
    perform(ann, set_tags, card="client", card_id=last, names=["опт", "Важные"])
    perform(ann, set_star, card="client", card_id=last, starred=True)
    return ann


@pytest.mark.parametrize(
    ("field", "op", "value", "found"),
    [
        ("status", "eq", "regular", "Ёлка Заря"),
        ("status", "ne", "regular", "Вектор Ока"),
        ("status", "ne", ["regular", ""], "Вектор"),
        ("status", "in", ["current", "regular"], "Ёлка Вектор Заря"),
        ("status", "empty", True, "Ока"),
        ("name", "contains", "ЕКТ", "Вектор"),
        ("city", "contains", "ОРЕ", "Вектор"),
        ("city", "contains", "у", "Ёлка Ока"),
        ("city", "contains", "тула_", "Ока"),
        ("city", "eq", "Тула", "Ёлка"),
        ("revenue", "gt", "1.00", "Ёлка Ока"),
        ("revenue", "le", 5000, "Ёлка Заря"),
        ("revenue", "empty", None, "Вектор"),
        ("revenue", "empty", False, "Ёлка Заря Ока"),
        ("created", "eq", "today", "Ёлка"),
        ("created", "ne", "today", "Вектор Заря Ока"),
        ("created", "ge", "today-10", "Ёлка Вектор"),
        ("created", "lt", "today-10", "Заря Ока"),
        ("created", "gt", "2020-01-01T00:00:00Z", "Ёлка Вектор Заря Ока"),
        ("birthday", "lt", "today-100", "Ока"),
        ("responsible", "eq", "me", "Ёлка Вектор Заря Ока"),
        ("responsible", "empty", True, ""),
        ("tags", "has", "#ОПТ", "Ока"),
        ("tags", "ne", "опт", "Ёлка Вектор Заря"),
        ("tags", "in", ["нет такой", "важные"], "Ока"),
        ("tags", "empty", True, "Ёлка Вектор Заря"),
        ("star", "eq", True, "Ока"),
        ("star", "eq", False, "Ёлка Вектор Заря"),
        ("text", "has", "елка тула", "Ёлка"),
    ],
)  # fmt: skip
def test_each_operation_finds_its_rows(four: Actor, field: str, op: str, value: Any, found: str) -> None:
    assert perform(four, names_by, filter_={"field": field, "op": op, "value": value}) == found


def test_groups_nest(four: Actor) -> None:
    regular = {"field": "status", "op": "eq", "value": "regular"}
    rich = {"field": "revenue", "op": "gt", "value": 1000}
    starred = {"field": "star", "op": "eq", "value": True}
    assert perform(four, names_by, filter_={"all": [regular, rich]}) == "Ёлка"
    assert perform(four, names_by, filter_={"any": [{"all": [regular, rich]}, starred]}) == "Ёлка Ока"
    assert (
        perform(four, names_by, filter_=None) == perform(four, names_by, filter_={"all": []}) == "Ёлка Вектор Заря Ока"
    )


@pytest.mark.parametrize(
    ("filter_", "says"),
    [
        ({"field": "salary", "op": "eq", "value": 1}, "salary"),
        ({"field": "status", "op": "lt", "value": "x"}, "status"),
        ({"field": "revenue", "op": "gt", "value": "много"}, "revenue"),
        ({"field": "revenue", "op": "gt", "value": "NaN"}, "revenue"),
        ({"field": "created", "op": "lt", "value": "2026-11-22T10:00:00"}, "created"),
        ({"field": "responsible", "op": "eq", "value": True}, "responsible"),
        ({"field": "responsible", "op": "eq", "value": 2**40}, "responsible"),
        ({"field": "status", "op": "eq", "value": ["a", "b"]}, "status"),
        ({"field": "name", "op": "contains", "value": "я" * 5000}, "name"),
        ({"field": "status", "op": "eq", "value": "x", "sql": "1"}, "status"),
        ({"field": ["status"], "op": "eq", "value": "x"}, "status"),
        ({"some": []}, "«все»"),
        ({"all": {}}, "«все»"),
        ({"all": ["x"]}, "«все»"),
        ({"all": [], "any": []}, "«все»"),
        ({"all": [{"all": [{"all": [{"all": [{"all": [{"all": [{"all": []}]}]}]}]}]}]}, "«все»"),
        ({"all": [{"field": "status", "op": "eq", "value": "x"}] * 51}, "50"),
        ({"field": "status", "op": "in", "value": ["x"] * 501}, "status"),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused_by_name(ann: Actor, filter_: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        perform(ann, names_by, filter_=filter_)


def test_a_hidden_field_can_not_be_asked_about(four: Actor) -> None:
    blind = replace(four, hidden={"client": frozenset({"revenue"})})
    with pytest.raises(BadInput, match="revenue"):
        perform(blind, names_by, filter_={"any": [{"field": "revenue", "op": "gt", "value": 1}]})


def test_a_filter_in_words(four: Actor) -> None:
    mine = {"field": "responsible", "op": "eq", "value": four.id}
    either = {"any": [{"field": "tags", "op": "has", "value": "опт"}, {"field": "star", "op": "eq", "value": True}]}
    words = perform(four, in_words, filter_={"all": [mine, either]})
    assert words == "Ответственный: Анна и (Метки: опт или Избранные)"


def test_the_fields_of_a_filter() -> None:
    assert fields_of({"all": [{"field": "a", "op": "eq"}, {"any": [{"field": "b", "op": "eq"}]}]}) == {"a", "b"}
    assert fields_of({"none": [{"field": "a", "op": "eq"}]}) == {"a"}
    assert fields_of(None) == set()


def test_what_is_nested_two_hundred_times_is_refused_like_anything_too_deep(ann: Actor) -> None:
    deep: dict[str, Any] = {"field": "status", "op": "eq", "value": "x"}
    for _ in range(200):
        deep = {"any": [deep]}
    assert fields_of(deep) == set()
    with pytest.raises(BadInput):
        perform(ann, names_by, filter_=deep)
