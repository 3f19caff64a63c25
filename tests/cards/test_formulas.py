"""Computed fields: small, safe, and blank where something is missing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_app.cards import formulas
from crm_app.cards.actions.fields import change_field, remove_field
from crm_app.clients.actions.cards import change_client
from crm_app.clients.queries import see_client
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, RuleBroken
from tests import make
from tests.cards.fields import definition, field


@pytest.fixture
def ground(ann: Actor) -> Actor:
    field("number", "Площадь"), field("money", "Цена"), field("text", "Слово"), field("date", "Начало")
    field("date", "Конец")
    return ann


def computed(reader: Actor, formula: str, /, **values: Any) -> Any:
    """What a formula gives on a client with these custom fields."""
    field("formula", "Итог", formula=formula)
    client = make.client(reader, revenue="1000", fields=values)
    return perform(reader, see_client, client_id=client.id).fields.get("itog")


@pytest.mark.parametrize(
    ("formula", "values", "outcome"),
    [
        ("[Площадь] * [Цена]", {"ploschad": 2, "tsena": "10,50"}, 21),
        ("round(ploschad / 3, 2)", {"ploschad": 2}, 0.67),
        ("revenue * 0.2", {}, 200),
        ("[Конец] - [Начало]", {"nachalo": "2026-01-01", "konets": "2026-02-01"}, 31),
        ("nachalo + 10", {"nachalo": "2026-01-01"}, "2026-01-11"),
        ("'да' if ploschad > 10 else 'нет'", {"ploschad": 11}, "да"),
        ("slovo + '!'", {"slovo": "ура"}, "ура!"),
        ("max(ploschad, 7) ** 2", {"ploschad": 5}, 49),
        ("year(nachalo)", {"nachalo": "2026-01-01"}, 2026),
        ("1 if ploschad else year(2)", {"ploschad": 0}, None),  # a branch that was not taken when it was defined
        ("ploschad * 2", {}, None),  # nothing to compute of
        ("1 / ploschad", {"ploschad": 0}, None),
        ("9 ** ploschad", {"ploschad": 60}, None),  # too large for anybody
    ],
)  # fmt: skip
def test_a_formula_is_computed_on_reading(ground: Actor, formula: str, values: dict[str, Any], outcome: Any) -> None:
    assert computed(ground, formula, **values) == outcome


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("", "разобрать"), ("1 +", "разобрать"), ("().__class__", "разобрать"), ("open('x')", "разобрать"),
        ("[x for x in 'a']", "x for x"), ("slovo.upper()", "разобрать"), ("lambda: 1", "разобрать"),
        ("1; 2", "разобрать"),
        ("f'{slovo}'", "разобрать"), ("'a' * 10**9", "вычисляется"), ("9 ** 9 ** 9", "вычисляется"),
        ("2 ** 99", "вычисляется"), ("+".join(["1"] * 99), "сложная"), ("1" * 501, "сложная"),
        ("(" * 30 + "1" + ")" * 30, ""),
        ("-" * 40 + "1", "сложная"), ("ширина * 2", "ширина"), ("[Ширина] * 2", "Ширина"), ("itog + 1", "itog"),
        ("slovo + 1", "вычисляется"), ("slovo * ploschad", "вычисляется"), ("round(slovo)", "вычисляется"),
        ("__import__('os')", "разобрать"), ("print", "print"), ("True + {}", "разобрать"),
        ("year(1)", "вычисляется"), ("month(slovo)", "вычисляется"), ("1 in 2", "разобрать"),
        ("ploschad is not 1", "разобрать"), ("1 if ploschad else slovo in 'ab'", "разобрать"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_when_it_is_defined(ground: Actor, formula: str, says: str) -> None:
    if not says:
        field("formula", "Итог", formula=formula)
        return
    with pytest.raises(BadInput, match=says) as refusal:
        field("formula", "Итог", formula=formula)
    assert refusal.value.reasons[0].field == "formula"


def test_formulas_build_on_each_other_but_not_in_a_circle(ground: Actor, adam: Actor) -> None:
    first = field("formula", "Сумма", formula="ploschad * tsena")
    second = field("formula", "С налогом", formula="[Сумма] * 1.2")
    client = make.client(ground, fields={"ploschad": 2, "tsena": 5})
    assert perform(ground, see_client, client_id=client.id).fields | {} == {
        "ploschad": 2, "tsena": 500, "summa": 10, "s_nalogom": 12,
    }  # fmt: skip
    with pytest.raises(BadInput, match="из самого себя"):
        perform(adam, change_field, field_id=first.id, values={"formula": f"{second.key} / 2"})
    with pytest.raises(RuleBroken, match="С налогом"):
        perform(adam, remove_field, field_id=first.id)


def test_a_formula_shows_nothing_of_what_is_hidden(ground: Actor) -> None:
    field("formula", "Сумма", formula="ploschad * tsena"), field("formula", "Ещё", formula="summa + 1")
    field("formula", "Доля", formula="revenue / 2")
    client = make.client(ground, revenue=10, fields={"ploschad": 2, "tsena": 5})
    blind = replace(ground, hidden={"client": frozenset({"fields.tsena", "revenue"})})
    assert perform(blind, see_client, client_id=client.id).fields == {"ploschad": 2}


def test_nobody_writes_into_a_computed_field(ground: Actor) -> None:
    field("formula", "Итог", formula="1 + 1")
    client = make.client(ground)
    with pytest.raises(BadInput, match="Итог"):
        perform(ground, change_client, client_id=client.id, values={"fields": {"itog": 5}})


_LEAVES = ("n", "t", "d", "m", "b", "z", "0", "1", "2.5", "'a'", "''", "True", "999999999999999")
_BETWEEN = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "not in",
    "is",
    "and",
    "or",
    "@",
    "<<",
    "|",
)
_CALLED = (*formulas.FUNCTIONS, "len", "-", "not ", "~")


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(_BETWEEN), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds(
            lambda name, parts: f"{name}({', '.join(parts)})", st.sampled_from(_CALLED), st.lists(inner, max_size=3)
        ),
    )  # fmt: skip


@given(
    formula=st.recursive(st.sampled_from(_LEAVES), _larger, max_leaves=8),
    stored=st.fixed_dictionaries(
        {},
        optional={
            "n": st.sampled_from([0, -1, 1e14]), "t": st.just("x"), "m": st.just(-100), "b": st.booleans(),
            "d": st.sampled_from(["0001-01-01", "9999-12-31"]),
        },
    ),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_whatever_a_formula_says_it_is_refused_or_a_card_can_be_read(formula: str, stored: dict[str, Any]) -> None:
    kinds = {"n": "number", "t": "text", "d": "date", "m": "money", "b": "yes_no"}
    others = [definition(key=key, kind=kind) for key, kind in kinds.items()]
    field_ = definition(key="itog", kind="formula", formula=formula)
    with suppress(BadInput):
        formulas.check(field_, others, {})
    with suppress(BadInput):  # what can't be parsed is never stored
        assert formulas.compute([*others, field_], stored, {}, {}).keys() <= {"itog"}
