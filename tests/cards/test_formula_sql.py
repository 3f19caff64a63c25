"""Computed fields in lists: the database and Python compute the same, whatever the formula and the card."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from crm_app.cards import formulas
from crm_app.cards.actions.fields import change_field, ensure_indexes, remove_field, restore_field
from crm_app.cards.computed_fields import expression_of, value_of
from crm_app.cards.custom_fields import definitions
from crm_app.cards.kinds import KINDS
from crm_app.clients.actions.cards import change_client
from crm_app.clients.models import Client
from crm_app.clients.queries import count_clients, describe_filter, list_clients, see_client
from crm_app.core import clock, computing, json_values
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import database
from crm_app.core.door import Tx, perform, query
from crm_app.core.errors import BadInput
from crm_app.deals.queries.cards import list_deals
from tests import make, people
from tests.cards.fields import definition, field
from tests.deals import make as deals
from tests.plans import plan_of, statements_of

MANY = 60
NUMBERS = (None, 0, 1, -3, 2.5, 0.1, 0.2, 1_000_000, 999_999_999.123456, -0.000001, 2.675)
DAYS = (None, "2026-02-28", "2024-02-29", "0001-01-02", "9999-12-31", "2026-11-22")
KNOWN = [
    definition(key, kind)
    for key, kind in (
        ("a", "number"), ("b", "number"), ("m", "money"), ("d", "date"), ("e", "datetime"), ("f", "yes_no"),
        ("s", "text"), ("c", "choice"),
    )
]  # fmt: skip


def _numbers(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    digits = st.sampled_from(["0", "1", "2", "6", "9"])
    return st.one_of(
        st.tuples(part, st.sampled_from("+-*/"), part).map(lambda x: f"({x[0]} {x[1]} {x[2]})"),
        part.map(lambda x: f"(-{x})"), part.map(lambda x: f"abs({x})"), part.map(lambda x: f"round({x})"),
        st.tuples(part, digits).map(lambda x: f"round({x[0]}, {x[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), part, part).map(lambda x: f"{x[0]}({x[1]}, {x[2]})"),
        st.tuples(part, _truths(part), part).map(lambda x: f"({x[0]} if {x[1]} else {x[2]})"),
    )  # fmt: skip


def _truths(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["<", "<=", "==", "!=", ">", ">="])
    texts = st.sampled_from(["s", "c", "s + c", "name", "'Красный'", "'о\\'х%'"])
    one = st.one_of(
        st.tuples(part, signs, part).map(" ".join), st.sampled_from(["f", "not f", "True", "d < e", "s == c"]),
        st.tuples(texts, signs, st.just("'тула'")).map(" ".join),
        st.tuples(part, signs, part, signs, part).map(" ".join),
    )  # fmt: skip
    return st.one_of(one, st.tuples(one, st.sampled_from(["and", "or"]), one).map(lambda x: f"({' '.join(x)})"))


_LEAVES = st.sampled_from(
    ["a", "b", "m", "revenue", "1", "0", "0.5", "100", "1000000", "0.000001", "(e - d)", "year(d)", "month(birthday)",
     "day(e)", "f", "(birthday - first_contact)"]
)  # fmt: skip
_NUMERIC = st.recursive(_LEAVES, _numbers, max_leaves=8)
_DAYS = st.one_of(
    st.tuples(st.sampled_from(["d", "e", "birthday"]), st.sampled_from("+-"), _NUMERIC).map(" ".join),
    st.sampled_from(["min(d, e)", "max(d, birthday)", "d if f else e", "d + a if a < 5 else birthday"]),
)  # fmt: skip
FORMULAS = st.one_of(_NUMERIC, _truths(_NUMERIC), _DAYS)


def _card(dice: random.Random, number: int) -> dict[str, Any]:
    one = dice.choice
    stored = {
        "a": one(NUMBERS), "b": one(NUMBERS), "m": one([None, 0, 1, 12345, -99]), "d": one(DAYS),
        "e": one([None, "2026-02-28T23:59:59Z", "2020-01-01T00:00:00Z"]), "f": one([None, True, False]),
        "s": one([None, "", "тула", "Ёж", "о'х%"]), "c": one([None, "krasnyy", "siniy", "gone"]),
    }  # fmt: skip
    day = one([None, date(1990, 2, 28), date(2026, 12, 31)])
    return {
        "kind": "company", "name": f"К{number}", "sort_name": f"к{number}", "revenue": one([None, 0, 12345]),
        "birthday": day, "first_contact": day and day + timedelta(days=one([0, 400])),
        "fields": {key: value for key, value in stored.items() if value is not None},
        "created_at": clock.now(), "updated_at": clock.now(),
    }  # fmt: skip


@query("test.see_computed")
def _computed(tx: Tx, formula: str) -> list[tuple[Any, Any]]:
    """What Python and what the database give of a formula, for each card."""
    fields = [*KNOWN, definition("itog", "formula", formula)]
    found = value_of(Client, fields[-1], fields)
    if found is None:
        return []
    of, wanted = KINDS["client"].computed_of, select(Client, found[0]).order_by(Client.id)
    rows = []
    for card, value in tx.session.execute(wanted):
        row = {name: getattr(card, name) for name in of}
        plain = formulas.compute(fields, card.fields, row, of).get("itog")
        if plain is not None and found[1] == "day":
            plain = date.fromisoformat(plain).toordinal()
        rows.append((plain, bool(value) if value is not None and found[1] == "flag" else value))
    return rows


def test_the_database_and_python_compute_the_same(adam: Actor) -> None:
    dice = random.Random(5)
    with database().writer.begin() as connection:
        computing.ensure(connection)
        connection.execute(insert(Client.__table__), [_card(dice, number) for number in range(MANY)])
    seen = {"asked": 0, "answered": 0}

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
    @given(formula=FORMULAS)
    def agree(formula: str) -> None:
        of = KINDS["client"].computed_of
        with suppress(BadInput):
            formulas.check(definition("itog", "formula", formula), KNOWN, of)
            seen["asked"] += 1
            rows = perform(SYSTEM, _computed, formula=formula)
            seen["answered"] += bool(rows)
            assert [sql for _, sql in rows] == [plain for plain, _ in rows]

    agree()
    assert seen["answered"] > seen["asked"] * 0.6, seen


def names(reader: Actor, op: str, value: Any, name: str = "itog") -> str:
    where = {"field": f"fields.{name}", "op": op, "value": value}
    found = perform(reader, list_clients, where=where)
    assert perform(reader, count_clients, where=where) == len(found.rows)
    return " ".join(row.name for row in found.rows)


@pytest.fixture
def three(ann: Actor) -> Actor:
    field("number", "Площадь"), field("date", "Начало")
    for name, area, start in (("Аврора", None, None), ("Вектор", 10, "2026-01-31"), ("Горизонт", 2.5, "2025-12-01")):
        make.client(ann, name, revenue="100", fields={"ploschad": area, "nachalo": start} if area else {})
    return ann


def test_lists_are_filtered_and_sorted_by_what_is_computed(three: Actor) -> None:
    field("formula", "Итог", formula="[Площадь] * revenue / 3")
    assert names(three, "gt", 100) == "Вектор" and names(three, "empty", True) == "Аврора"
    assert names(three, "eq", "83.333333") == "Горизонт" and names(three, "in", [83.333333, 1]) == "Горизонт"
    for sort, wanted in (("fields.itog", "Горизонт Вектор Аврора"), ("-fields.itog", "Вектор Горизонт Аврора")):
        page = perform(three, list_clients, sort=sort, limit=1)
        rows = page.rows
        while page.next:
            page = perform(three, list_clients, sort=sort, limit=1, after=page.next)
            rows += page.rows
        assert " ".join(row.name for row in rows) == wanted
    where = {"field": "fields.itog", "op": "gt", "value": 100}
    assert perform(three, describe_filter, where=where) == "Итог больше 100"


def test_days_and_flags_are_asked_for_as_such(three: Actor) -> None:
    field("formula", "Срок", formula="[Начало] + 30")
    field("formula", "Большой", formula="[Площадь] > 5")
    assert names(three, "ge", "2026-01-01", "srok") == "Вектор"
    assert names(three, "in", "2025-12-01..2025-12-31", "srok") == "Горизонт"
    assert names(three, "yearly", "2027-03-01..2027-03-05", "srok") == "Вектор"
    assert names(three, "eq", True, "bolshoy") == "Вектор"
    assert names(three, "eq", False, "bolshoy") == "Аврора Горизонт"


def test_what_is_computed_is_never_out_of_date(three: Actor) -> None:
    itog = field("formula", "Итог", formula="[Площадь] * 2")
    double = field("formula", "Вдвое", formula="[Итог] * 2")
    assert names(three, "eq", 40, "vdvoe") == "Вектор"
    vector = perform(three, list_clients, where={"field": "fields.itog", "op": "eq", "value": 20}).rows[0]
    perform(three, change_client, client_id=vector.id, values={"fields": {"ploschad": 11}})
    assert names(three, "eq", 44, "vdvoe") == "Вектор"
    adam = people.actor("adam")
    perform(adam, change_field, field_id=itog.id, values={"formula": "[Площадь] * 3"})
    assert names(three, "eq", 66, "vdvoe") == "Вектор"
    assert f"ix_value_{double.id}" in explained(partial(names, three, "eq", 66, "vdvoe"))
    perform(adam, remove_field, field_id=double.id)
    with pytest.raises(BadInput):
        names(three, "eq", 66, "vdvoe")
    perform(adam, restore_field, field_id=double.id)
    assert names(three, "eq", 66, "vdvoe") == "Вектор"


def test_a_formula_that_sql_can_not_say_is_in_no_filter(three: Actor) -> None:
    for formula in ("[Площадь] ** 2", "'a' + name", "[Площадь] % 2"):
        made = field("formula", f"Т{len(formula)}", formula=formula)
        with pytest.raises(BadInput):
            names(three, "eq", 1, made.key)
        with pytest.raises(BadInput):
            perform(three, list_clients, sort=f"fields.{made.key}")


def test_what_a_formula_tells_of_a_hidden_field_is_asked_for_by_nobody_else(three: Actor) -> None:
    area = next(each for each in perform(SYSTEM, _fields) if each.key == "ploschad")
    field("formula", "Итог", formula="[Площадь] * 2")
    blind = replace(three, hidden={"client": frozenset({area.full})})
    assert names(three, "gt", 1) == "Вектор Горизонт"
    for ask in (partial(names, blind, "gt", 1), partial(perform, blind, list_clients, sort="fields.itog")):
        with pytest.raises(BadInput):
            ask()


@query("test.see_definitions")
def _fields(tx: Tx) -> list[Any]:
    return definitions(tx, "client")


def test_a_formula_of_some_pipelines_is_on_their_deals_alone(ann: Actor, adam: Actor) -> None:
    here, there = deals.pipeline("goods"), deals.pipeline("services")
    field("formula", "Итог", card="deal", formula="amount * 2", pipelines=[here.id])
    deals.deal(ann, here, name="Тут", amount=100), deals.deal(ann, there, name="Там", amount=100)
    found = perform(ann, list_deals, filter={"field": "fields.itog", "op": "eq", "value": 2})
    assert [row.name for row in found.rows] == ["Тут"]


# ---- by an index -----------------------------------------------------------------------------------------------------


def explained(ask: Callable[[], object]) -> str:
    base = database()
    return "\n".join(plan_of(base, one) for one in statements_of(base, ask) if "FROM client" in one)


def test_filters_and_orders_are_served_by_an_index(adam: Actor) -> None:
    field("number", "Площадь"), field("date", "Начало")
    made = {
        "srok": field("formula", "Срок", formula="[Начало] + 30"),
        "itog": field("formula", "Итог", formula="round([Площадь] / 3, 2)"),
        "krupnyy": field("formula", "Крупный", formula="[Площадь] > 4990"),
    }
    at = {"created_at": clock.now(), "updated_at": clock.now(), "kind": "company"}
    rows = [
        {"name": f"К{n}", "sort_name": f"к{n}", "fields": {"ploschad": n, "nachalo": f"20{n % 90 + 10}-01-01"}, **at}
        for n in range(5_000)
    ]
    with database().writer.begin() as connection:
        connection.execute(insert(Client.__table__), rows)
    database().study()
    asked = {"srok": ("lt", "2010-03-01"), "itog": ("eq", 5), "krupnyy": ("eq", True)}
    for key, (op, value) in asked.items():
        where = {"field": f"fields.{key}", "op": op, "value": value}
        plan = explained(partial(perform, adam, count_clients, where=where))
        assert f"ix_value_{made[key].id}" in plan, plan
        for sort in (f"fields.{key}", f"-fields.{key}"):
            plan = explained(partial(perform, adam, list_clients, sort=sort))
            assert f"ix_value_{made[key].id}" in plan and "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan


def test_an_index_that_is_missing_is_made_at_the_start(three: Actor) -> None:
    made = field("formula", "Итог", formula="[Площадь] * 2")
    with database().writer.begin() as connection:
        json_values.drop_index(connection, made.id or 0)
        assert f"ix_value_{made.id}" not in json_values.indexes(connection)
    perform(SYSTEM, ensure_indexes)
    with database().writer.begin() as connection:
        assert f"ix_value_{made.id}" in json_values.indexes(connection)


def test_a_formula_of_formulas_that_grows_too_long_is_left_out() -> None:
    fields = [definition("f0", "number")]
    fields += [definition(f"f{n}", "formula", f"f{n - 1} * f{n - 1} + f{n - 1}") for n in range(1, 12)]
    assert expression_of(fields[2], fields) is not None and expression_of(fields[-1], fields) is None


def test_a_card_shows_what_its_list_is_sorted_by(three: Actor) -> None:
    field("formula", "Итог", formula="round([Площадь] * 1.07, 1)")
    (row,) = perform(three, list_clients, where={"field": "fields.itog", "op": "eq", "value": 2.7}).rows
    assert perform(three, see_client, client_id=row.id).fields["itog"] == 2.7  # 2.675, half upwards
