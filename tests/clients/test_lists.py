"""Lists of clients: sorted, filtered, paged by key; and the indexes that serve them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.ways import search_words
from crm_app.clients.fields import FILTERS, SORTS
from crm_app.clients.import_queries import find_known
from crm_app.clients.matching import Likeness
from crm_app.clients.models import CODES, Client
from crm_app.clients.queries import count_clients, describe_filter, find_duplicates, list_clients, list_words
from crm_app.core import clock, search
from crm_app.core.actor import Actor
from crm_app.core.db import Database, database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput
from tests import make
from tests.plans import plan_of, statements_of

BY = [sort for name in SORTS for sort in (name, f"-{name}")]


@pytest.fixture
def many(ann: Actor) -> Actor:
    """Sixty clients with equal and blank values in every column."""
    now = clock.now()
    rows = [
        {
            "kind": "company", "name": f"Клиент {n:02}", "sort_name": f"клиент {n % 20:02}", "match_name": f"клиент{n}",
            "type": ("customer", "", "supplier")[n % 3], "status": ("regular", "current")[n % 2],
            "city": ("Тула", "", "Орёл", "Абакан")[n % 4], "revenue": None if n % 5 == 0 else (n % 7) * 100,
            "first_contact": None if n % 6 == 0 else now.date() - timedelta(days=n % 9), "responsible_id": ann.id,
            "created_at": now - timedelta(days=n % 4), "updated_at": now - timedelta(seconds=n % 11),
        }
        for n in range(60)
    ]  # fmt: skip
    with database().session(writes=True) as session:
        ids = session.execute(insert(Client).returning(Client.id, sort_by_parameter_order=True), rows).scalars().all()
        search.put_many(session, "client", [(i, (r["name"], r["city"])) for i, r in zip(ids, rows, strict=True)])
        session.commit()
    return ann


@pytest.mark.parametrize("sort", BY)
def test_pages_of_any_order_join_into_the_whole_list_once(many: Actor, sort: str) -> None:
    whole = [row.id for row in perform(many, list_clients, sort=sort, limit=200).rows]
    assert len(whole) == len(set(whole)) == 60
    paged, after = [], ""
    while True:
        page = perform(many, list_clients, sort=sort, after=after, limit=7)
        paged += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert paged == whole


@pytest.mark.parametrize("sort", BY)
def test_an_order_is_true_and_blanks_come_last(many: Actor, sort: str) -> None:
    name = sort.lstrip("-")
    ids = [row.id for row in perform(many, list_clients, sort=sort, limit=200).rows]
    with database().session(writes=False) as session:
        stored = dict(session.execute(select(Client.id, SORTS[name][0])).all())
    values = [stored[i] for i in ids]
    filled = [value for value in values if value is not None]
    assert values == filled + [None] * (len(values) - len(filled))
    assert filled == sorted(filled, key=_bytewise, reverse=sort.startswith("-"))


def _bytewise(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


def test_a_row_shows_what_other_tables_know(ann: Actor) -> None:
    client = make.client(ann, "Вектор", phones=["+79151234567", "+74951234567"], emails=["a@b.ru"], city="Тула")
    perform(ann, set_tags, card="client", card_id=client.id, names=["опт"])
    perform(ann, set_star, card="client", card_id=client.id, starred=True)
    (row,) = perform(ann, list_clients).rows
    assert (row.phone, row.email, row.tags, row.is_starred) == ("+79151234567", "a@b.ru", ["опт"], True)
    assert (row.responsible, row.city) == ("Анна", "Тула")


@pytest.mark.parametrize(
    "text", ["ВЕКТ", "вектор тул", "8 (915) 123-45", "9151234567", "info@vec", "петров", "7707083893"]
)
def test_a_client_is_found_by_any_part_of_it(ann: Actor, text: str) -> None:
    client = make.client(
        ann, "ООО «Вектор»", "company", phones=["+79151234567"], emails=["info@vector.ru"], inn="7707083893",
        city="Тула", contact_name="Пётр Петров",
    )  # fmt: skip
    make.client(ann, "Другой Человек")
    assert [row.id for row in perform(ann, list_clients, q=text).rows] == [client.id]
    assert perform(ann, count_clients, q=text) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [("8 (915) 123-45-67", "9151234567"), ("+7 915 123", "7915123"), ("вектор", "вектор"), ("12-34", "1234")],
)
def test_a_telephone_number_is_searched_by_its_digits(typed: str, words: str) -> None:
    assert search_words(typed) == words


def test_filter_text_and_count_agree(many: Actor) -> None:
    where = {
        "all": [{"field": "status", "op": "eq", "value": "regular"}, {"field": "city", "op": "contains", "value": "ул"}]
    }
    rows = perform(many, list_clients, where=where, q="клиент", limit=200).rows
    assert len(rows) == perform(many, count_clients, where=where, q="клиент") == 15
    assert {row.status for row in rows} == {"regular"} and {row.city for row in rows} == {"Тула"}


def test_a_filter_is_said_in_words(ann: Actor) -> None:
    where = {
        "all": [
            {"field": "status", "op": "in", "value": ["regular", "Свой"]},
            {"field": "responsible_id", "op": "eq", "value": "me"},
        ]
    }
    assert perform(ann, describe_filter, where=where) == "Статус: Постоянный, Свой и Ответственный: я"


@pytest.mark.parametrize("wrong", [{"sort": "note"}, {"sort": "--name"}, {"after": "жук"}, {"after": "W10"}])
def test_what_is_no_order_and_no_cursor_is_refused(many: Actor, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        perform(many, list_clients, **wrong)


def test_a_cursor_of_another_order_is_refused(many: Actor) -> None:
    after = perform(many, list_clients, sort="name", limit=5).next
    with pytest.raises(BadInput):
        perform(many, list_clients, sort="-name", after=after)


def test_words_begin_with_the_built_in_ones(ann: Actor) -> None:
    assert perform(ann, list_words, field="status") == ["potential", "current", "regular", "hopeless"]
    assert perform(ann, list_words, field="name") == []


WHEN = ("deal_created", "open_deal_created", "deal_won", "deal_lost")
WHERE: dict[str, dict[str, Any]] = {
    "id": {"op": "in", "value": [1, 2]},
    "kind": {}, "type": {"value": "customer"}, "status": {"value": "regular"}, "responsible_id": {"value": 2},
    "name": {"op": "contains", "value": "клиент 07"}, "city": {"op": "contains", "value": "Абакан"},
    "activity": {"op": "contains", "value": "лог"}, "contact_name": {"op": "contains", "value": "лог"},
    "employer": {"op": "contains", "value": "завод"}, "site": {"op": "contains", "value": "vector"},
    "inn": {"value": "7707083893"}, "phones": {"op": "has", "value": "+79151234567"},
    "emails": {"op": "has", "value": "a@b.ru"}, "revenue": {"op": "gt", "value": 100},
    "birthday": {"op": "yearly", "value": "this_month"},
    "first_contact": {"op": "gt", "value": "today"}, "created_at": {"op": "gt", "value": "today"},
    "updated_at": {"op": "gt", "value": "today"}, "import_id": {"value": 3}, "source": {},
    "tags": {"op": "has", "value": "опт"}, "group": {"op": "has", "value": "7"}, "star": {"value": True},
    "text": {"op": "has", "value": "клиент 07"}, "currency": {"value": "RUB"}, "created_by_id": {"value": 2},
    **{name: {"op": "starts", "value": "770"} for name in CODES},
    **{name: {"op": "contains", "value": "лог"} for name in ("position", "address", "bank", "accounts", "note")},
    **{name: {"value": True} for name in ("deal", "open_deal", "won_deal")},
    **{name: {"op": "in", "value": "last_30_days"} for name in ("commented", *WHEN)},
}  # fmt: skip


def test_every_filter_that_can_be_saved_has_been_thought_of() -> None:
    assert WHERE.keys() == FILTERS.keys()


@pytest.mark.parametrize("field", [name for name, asked in WHERE.items() if asked])
def test_each_filter_and_order_is_served_by_an_index(many: Actor, adam: Actor, field: str) -> None:
    where = {"op": "eq", "field": field, **WHERE[field]}
    for plan in _plans(database(), adam, where=where, sort="name"):
        assert "SCAN client" not in plan or "USING INDEX" in plan, plan


@pytest.mark.parametrize("sort", BY)
def test_a_page_of_the_whole_list_is_read_in_the_order_of_an_index(many: Actor, adam: Actor, sort: str) -> None:
    first = perform(adam, list_clients, sort=sort, limit=10)
    for plan in _plans(database(), adam, sort=sort, after=first.next, limit=10):
        assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan


_BY_KEY = re.compile(r"client\.(?:inn|match_name) (?:IN|=)")


def test_who_may_be_the_same_is_looked_up_though_nobody_has_an_inn(many: Actor, adam: Actor) -> None:
    if not database().is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    database().study()
    like = Likeness("клиент1", inn="7707083893")
    for ask in (
        lambda: perform(adam, find_known, likes=[(2, like)]),
        lambda: perform(adam, find_duplicates, name="Клиент 1", kind="company", inn="7707083893"),
    ):
        asked = [one for one in statements_of(database(), ask) if _BY_KEY.search(one)]
        assert len(asked) == 2 and not [
            plan for plan in (plan_of(database(), one) for one in asked) if "SCAN client" in plan
        ]


def _plans(base: Database, actor: Actor, **arguments: Any) -> list[str]:
    """How SQLite would go about the statements on `client` of a list. PostgreSQL chooses by statistics: not asked."""
    if not base.is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    asked = statements_of(base, lambda: perform(actor, list_clients, **arguments))
    plans = [plan_of(base, one) for one in asked if "FROM client " in one and "LIMIT" in one]
    assert plans
    return plans
