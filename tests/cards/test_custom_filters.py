"""Lists are filtered and sorted by custom fields, by the same JSON as by any other, and by an index."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert

from crm_app.cards.field_rules import KINDS, WITHOUT_ORDER
from crm_app.clients.models import Client
from crm_app.clients.queries import count_clients, describe_filter, list_clients
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput
from tests import make
from tests.cards.fields import field
from tests.plans import plan_of, statements_of

ALL = {kind: f"f_{kind}" for kind in KINDS if kind != "formula"}
"""A field of each kind, by its key; of computed ones see test_formula_sql.py."""


def names(reader: Actor, name: str, op: str, value: Any) -> str:
    """Who is found."""
    where = {"field": f"fields.{name}", "op": op, "value": value}
    found = perform(reader, list_clients, where=where)
    assert perform(reader, count_clients, where=where) == len(found.rows)
    return " ".join(row.name for row in found.rows)


@pytest.fixture
def three(ann: Actor) -> Actor:
    for kind, key in ALL.items():
        field(kind, key)
    partner = make.client(ann, "Аврора")
    first: dict[str, Any] = {
        "f_text": "Тула", "f_long_text": "Давно работаем " * 20, "f_number": 5, "f_money": 1000, "f_date": "2026-11-22",
        "f_datetime": "2026-11-22T10:00:00Z", "f_yes_no": True, "f_choice": "krasnyy",
        "f_choices": ["krasnyy", "siniy"], "f_employee": ann.id, "f_client": partner.id, "f_link": "https://a.example",
    }  # fmt: skip
    second = {
        "f_text": "Орёл", "f_number": 7.5, "f_money": "99,99", "f_date": "2025-01-01", "f_yes_no": False,
        "f_datetime": "2025-01-01T10:00:00Z", "f_choice": "siniy", "f_choices": ["siniy"],
    }  # fmt: skip
    make.client(ann, "Вектор", fields=first)
    make.client(ann, "Горизонт", fields=second)
    return ann


FOUND: list[tuple[str, str, Any, str]] = [
    ("f_text", "contains", "ОРЕЛ", "Горизонт"),
    ("f_text", "contains", "ул", "Вектор"),
    ("f_text", "in", ["Тула", "Омск"], "Вектор"),
    ("f_text", "empty", True, "Аврора"),
    ("f_text", "empty", False, "Вектор Горизонт"),
    ("f_text", "ne", "Тула", "Аврора Горизонт"),
    ("f_long_text", "contains", "давно", "Вектор"),
    ("f_long_text", "empty", True, "Аврора Горизонт"),
    ("f_link", "contains", "a.example", "Вектор"),
    ("f_number", "gt", 5, "Горизонт"),
    ("f_number", "le", "7.5", "Вектор Горизонт"),
    ("f_number", "empty", None, "Аврора"),
    ("f_money", "eq", "99.99", "Горизонт"),
    ("f_money", "ge", 1000, "Вектор"),
    ("f_date", "lt", "2026-01-01", "Горизонт"),
    ("f_date", "eq", "2026-11-22", "Вектор"),
    ("f_datetime", "eq", "2026-11-22", "Вектор"),
    ("f_datetime", "lt", "2026-11-22T10:00:00Z", "Горизонт"),
    ("f_yes_no", "eq", True, "Вектор"),
    ("f_yes_no", "eq", False, "Аврора Горизонт"),
    ("f_choice", "in", ["krasnyy", "siniy"], "Вектор Горизонт"),
    ("f_choice", "ne", "siniy", "Аврора Вектор"),
    ("f_choice", "empty", True, "Аврора"),
    ("f_choices", "has", "krasnyy", "Вектор"),
    ("f_choices", "in", ["siniy"], "Вектор Горизонт"),
    ("f_choices", "ne", ["krasnyy"], "Аврора Горизонт"),
    ("f_choices", "empty", True, "Аврора"),
    ("f_employee", "eq", "me", "Вектор"),
    ("f_employee", "empty", True, "Аврора Горизонт"),
    ("f_client", "empty", False, "Вектор"),
]


def test_each_operation_finds_its_rows(three: Actor) -> None:
    assert [(*asked, names(three, *asked)) for *asked, _ in FOUND] == FOUND


def test_what_can_not_be_asked_is_refused(three: Actor) -> None:
    for asked in [
        ("f_number", "gt", "много"), ("f_choice", "lt", "x"), ("f_client", "eq", "me"), ("f_formula", "eq", 1),
        ("f_text'); --", "eq", "x"), ("f_date", "eq", "вчера"),
    ]:  # fmt: skip
        with pytest.raises(BadInput):
            names(three, *asked)


def test_a_filter_in_words(three: Actor) -> None:
    where = {"all": [{"field": "fields.f_choice", "op": "in", "value": ["krasnyy"]},
                     {"field": "fields.f_employee", "op": "eq", "value": three.id}]}  # fmt: skip
    assert perform(three, describe_filter, where=where) == "f_choice: Красный и f_employee: Анна"


SORTED = [kind for kind in ALL if kind not in WITHOUT_ORDER]


def test_pages_go_on_where_the_last_one_ended_and_blanks_come_last(three: Actor) -> None:
    for number in range(3):
        make.client(three, f"Пустой {number}")
    for sort in [f"{way}fields.{ALL[kind]}" for kind in SORTED for way in ("", "-")]:
        page = perform(three, list_clients, sort=sort, limit=2)
        whole = page.rows
        while page.next:
            page = perform(three, list_clients, sort=sort, limit=2, after=page.next)
            whole += page.rows
        at_once = [row.name for row in perform(three, list_clients, sort=sort).rows]
        filled = {"Вектор"} if sort.endswith(("employee", "link")) else {"Вектор", "Горизонт"}
        assert [row.name for row in whole] == at_once, sort
        assert set(at_once[: len(filled)]) == filled and len(at_once) == 6, sort


def test_what_is_no_order_is_refused(three: Actor) -> None:
    for name in ("f_choices", "f_long_text", "nothing", "f_text desc"):
        with pytest.raises(BadInput):
            perform(three, list_clients, sort=f"fields.{name}")


# ---- by an index -----------------------------------------------------------------------------------------------------

ASKED: dict[str, Any] = {
    "text": ("eq", "Тула"), "long_text": ("empty", False), "number": ("eq", 5), "money": ("eq", 1000),
    "date": ("ge", "2026-11-22"), "datetime": ("eq", "2026-11-22"), "yes_no": ("eq", True), "choice": ("eq", "krasnyy"),
    "choices": ("has", "krasnyy"), "employee": ("eq", "me"), "client": ("eq", 5), "file": ("eq", 5),
    "link": ("eq", "https://a.example"),
}  # fmt: skip


def explained(ask: Callable[[], object]) -> str:
    """How the database goes about what a query asks of clients."""
    base = database()
    return "\n".join(plan_of(base, one) for one in statements_of(base, ask) if "FROM client" in one)


def test_every_kind_that_can_be_asked_about_is_explained() -> None:
    assert ASKED.keys() == ALL.keys()


def plant(count: int) -> dict[str, int]:
    """Very many clients, a few of whom have a value in each field. Gives the fields' ids by kind."""
    ids = {kind: field(kind, ALL[kind]).id or 0 for kind in ASKED}
    at = {"created_at": clock.now(), "updated_at": clock.now()}
    rows = [{"kind": "company", "name": f"К{n}", "sort_name": f"к{n}", "fields": _some(n), **at} for n in range(count)]
    with database().writer.begin() as connection:
        connection.execute(insert(Client.__table__), rows)
    database().study()
    return ids


def _some(number: int) -> dict[str, Any]:
    if number % 100:
        return {}
    stored = {"number": number, "money": number, "employee": number + 1, "client": number, "file": number,
              "date": f"20{number % 50 + 10}-01-01", "datetime": f"20{number % 50 + 10}-01-01T00:00:00Z",
              "yes_no": number % 200 == 0, "choices": ["krasnyy"]}  # fmt: skip
    return {key: stored.get(kind, f"{kind} {number}") for kind, key in ALL.items()}


def test_each_filter_is_served_by_its_index(adam: Actor) -> None:
    for kind, field_id in plant(5_000).items():
        op, value = ASKED[kind]
        where = {"field": f"fields.{ALL[kind]}", "op": op, "value": value}
        plan = explained(partial(perform, adam, count_clients, where=where))
        assert f"ix_value_{field_id}" in plan, plan


def test_days_of_any_year_are_served_by_an_index_of_their_own(adam: Actor) -> None:
    field_id = plant(5_000)["date"]
    with database().writer.begin() as connection:
        days = Client.__table__.update().where(Client.id % 500 == 0)  # type: ignore[attr-defined]
        connection.execute(days.values(fields={ALL["date"]: "1990-06-15"}))
        connection.execute(Client.__table__.update().where(Client.id == 7).values(fields={ALL["date"]: "spoilt"}))  # type: ignore[attr-defined]
    database().study()
    where = {"field": f"fields.{ALL['date']}", "op": "yearly", "value": "2026-06-10..2026-06-20"}
    plan = explained(partial(perform, adam, count_clients, where=where))
    assert perform(adam, count_clients, where=where) == 10 and f"ix_value_{field_id}_yearly" in plan, plan


@pytest.mark.parametrize("way", ["", "-"])
def test_each_order_is_read_from_its_index(adam: Actor, way: str) -> None:
    ids = plant(5_000)
    for kind in SORTED:
        plan = explained(partial(perform, adam, list_clients, sort=f"{way}fields.{ALL[kind]}"))
        assert f"ix_value_{ids[kind]}" in plan, plan
        assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan
