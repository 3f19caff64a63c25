"""Selects that are asked past the session: the same rows as through it, whatever their values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import BindParameter, Row, Select, bindparam, case, func, literal, select, tuple_, union_all, update

from crm_app.access.models import Department, Employee, Role
from crm_app.clients.models import Client
from crm_app.core.actor import LOGGED_IN, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform, query
from crm_app.core.errors import BadInput
from tests import make

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NAMES = union_all(
    select(literal("client").label("what"), Client.id, Client.name).where(Client.id.in_(_IDS)),
    select(literal("employee"), Employee.id, Employee.name).where(Employee.id.in_(_IDS)),
)
_UNDER = select(Client, Employee.name, Department).outerjoin(Employee, Employee.id == Client.responsible_id)
_UNDER = _UNDER.outerjoin(Department, Department.id == Employee.department_id).order_by(Client.id)


@query(LOGGED_IN)
def ask(tx: Tx, statement: Any, values: dict[str, Any]) -> list[Any]:
    """What a query finds, and the same through the session."""
    loaded = tx.session.execute(statement, values)
    expected = loaded.scalars().all() if len(loaded.keys()) == 1 else loaded.all()
    found = tx.all(statement, **values)
    assert [_plain(row) for row in found] == [_plain(row) for row in expected]
    return found


def _plain(row: Any) -> Any:
    if isinstance(row, (tuple, Row)):
        return [_plain(part) for part in row]
    return row.model_dump() if hasattr(row, "model_dump") else row


def asked(actor: Actor, statement: Any, **values: Any) -> list[Any]:
    return perform(actor, ask, statement=statement, values=values)


@pytest.fixture
def three(ann: Actor, bob: Actor) -> list[int]:
    return [make.client(owner, name=name).id or 0 for owner, name in ((ann, "А"), (ann, "Б"), (bob, "В"))]


def by_ids(ids: list[int], names: list[str]) -> Select[Any]:
    return select(Client.id, Client.name).where(Client.id.in_(ids), Client.name.not_in(names)).order_by(Client.id)


def test_lists_of_any_length_find_what_they_name(adam: Actor, three: list[int]) -> None:
    for length in (3, 1, 2, 0, 3):
        for names in ([], ["Б"], ["А", "Б", "В"]):
            found = asked(adam, by_ids(three[:length], names))
            assert [row.name for row in found] == [n for n in "АБВ"[:length] if n not in names]


def test_a_kept_union_gets_its_values_each_time(adam: Actor, three: list[int]) -> None:
    assert ("client", three[0], "А") in asked(adam, _NAMES, ids=three[:1])
    assert {row.what for row in asked(adam, _NAMES, ids=[*three, adam.id])} == {"client", "employee"}
    assert asked(adam, _NAMES, ids=[]) == []


def test_whole_rows_come_with_what_they_are_joined_to_and_none_where_there_is_none(
    ann: Actor, adam: Actor, three: list[int]
) -> None:
    rows = asked(adam, _UNDER.where(Client.id.in_(three)))
    assert (rows[0].Client.name, rows[0].name) == ("А", ann.name)
    assert all(row.Department is None or row.Department.id for row in rows)
    nobodys = select(Client, Employee).outerjoin(Employee, Employee.id == -1).where(Client.id == three[0])
    assert [(row.Client.id, row.Employee) for row in asked(adam, nobodys)] == [(three[0], None)]


@pytest.mark.parametrize(
    "statement",
    [
        select(Role),
        select(Client).order_by(Client.id).limit(2),
        select(Client.created_at, Client.fields, Client.deleted_at),
        select(func.count(), func.max(Client.created_at)).select_from(Client),
        select(case((Client.name == "А", "first"), else_="other").label("which"), Client.id).order_by(Client.id),
        select(Client.id).where(tuple_(Client.sort_name, Client.id) > ("а", 0)).order_by(Client.id),
        select(Client.id).where(tuple_(Client.kind, Client.status).in_([("company", ""), ("person", "")])),
        select(Client.name).where(Client.name.contains("%А", autoescape=True)),
        select(Client.name, Employee.name).join(Employee, Employee.id == Client.responsible_id).order_by(Client.id),
    ],
)
def test_every_kind_of_select_gives_what_the_session_gives(adam: Actor, three: list[int], statement: Any) -> None:
    assert len(three) == 3
    asked(adam, statement)
    asked(adam, statement)


def test_the_same_question_has_each_persons_own_answer(ann: Actor, three: list[int]) -> None:
    question = select(Client.id).where(Client.id.in_(three))
    assert set(asked(ann, question)) < set(three)


def test_values_of_a_shape_that_was_asked_before_are_not_mixed_up(adam: Actor, three: list[int]) -> None:
    for name in ("А", "Б", "нет"):
        same = select(Client.name, literal(name).label("told")).where((Client.name == name) | (Client.site == name))
        assert [(row.name, row.told) for row in asked(adam, same)] == [(name, name)] * (name != "нет")


def test_a_time_is_compared_as_a_time(adam: Actor, three: list[int]) -> None:
    made = asked(adam, select(Client.created_at).where(Client.id == three[0]))[0]
    assert made.utcoffset() == timedelta(0)
    for hours, count in ((-1, 3), (1, 0)):
        after = select(Client.id).where(Client.created_at > made + timedelta(hours=hours), Client.id.in_(three))
        assert len(asked(adam, after.order_by(Client.id))) == count


def test_a_number_that_no_column_holds_is_refused_and_the_next_question_answered(
    adam: Actor, three: list[int], database: Database
) -> None:
    with pytest.raises(BadInput):
        perform(adam, only_find, statement=select(Client.id).where(Client.id == 10**30))
    assert perform(adam, only_find, statement=select(Client.id).where(Client.id == three[0])) == [three[0]]


@query(LOGGED_IN)
def only_find(tx: Tx, statement: Any) -> list[Any]:
    return tx.all(statement)


_SITE = update(Client).where(Client.id.in_(_IDS)).values(site=bindparam("site"), updated_at=bindparam("at"))


@action(LOGGED_IN)
def write_sites(tx: Tx, ids: list[int], site: str) -> None:
    tx.give(_SITE, ids=ids, site=site, at=tx.now)


@query(LOGGED_IN)
def only_ask_to_write(tx: Tx) -> None:
    tx.give(_SITE, ids=[1], site="x", at=tx.now)


def test_a_kept_update_reaches_what_each_person_may_change(ann: Actor, adam: Actor, three: list[int]) -> None:
    sites = select(Client.site).where(Client.id.in_(three)).order_by(Client.id)
    perform(adam, write_sites, ids=three, site="a.example")
    perform(ann, write_sites, ids=three, site="b.example")
    assert asked(adam, sites) == ["b.example", "b.example", "a.example"]
    perform(adam, write_sites, ids=three[1:], site="c.example")
    assert asked(adam, sites) == ["b.example", "c.example", "c.example"]


def test_a_kept_update_is_no_way_for_a_query_to_write(adam: Actor) -> None:
    with pytest.raises(AssertionError, match="can't write"):
        perform(adam, only_ask_to_write)
