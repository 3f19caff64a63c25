"""Lists of contacts: sorted, filtered, paged by key, and the indexes that serve them; many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.models import BulkChange
from crm_app.cards.queries.bulk_changes import choose_cards
from crm_app.contacts.actions.places import link_contact
from crm_app.contacts.fields import FILTERS, SORTS
from crm_app.contacts.models import Contact
from crm_app.contacts.queries import count_contacts, describe_contact_filter, list_contacts
from crm_app.core import clock, search
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin
from tests import make as cards
from tests.contacts import make
from tests.plans import plan_of, statements_of

BY = [sort for name in SORTS for sort in (name, f"-{name}")]


@pytest.fixture
def many(ann: Actor) -> Actor:
    """Forty contacts with equal and blank values in every column."""
    now = clock.now()
    with database().session(writes=True) as session:
        for n in range(40):
            name = f"Контактов {n:02}"
            row = Contact(
                name=name, last_name="Контактов", first_name=f"{n:02}", sort_name=f"контактов {n % 15:02}",
                city=("Тула", "", "Орёл")[n % 3], birthday=None if n % 5 == 0 else now.date() - timedelta(days=n % 9),
                responsible_id=ann.id, created_at=now - timedelta(days=n % 4),
                updated_at=now - timedelta(seconds=n % 7),
            )  # fmt: skip
            session.add(row)
            session.flush()
            search.put(session, "contact", row.id or 0, name, row.city)
        session.commit()
    return ann


@pytest.mark.parametrize("sort", BY)
def test_pages_of_any_order_join_into_the_whole_list_once(many: Actor, sort: str) -> None:
    whole = [row.id for row in perform(many, list_contacts, sort=sort, limit=200).rows]
    assert len(whole) == len(set(whole)) == 40
    paged, after = [], ""
    while True:
        page = perform(many, list_contacts, sort=sort, after=after, limit=7)
        paged += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert paged == whole


def test_a_row_shows_what_other_tables_know(ann: Actor) -> None:
    vector = cards.client(ann, "ООО «Вектор»", "company")
    made = make.contact(ann, at=vector, position="Директор", phones=["+79151234567"], emails=["a@b.ru"], city="Тула")
    perform(ann, set_tags, card="contact", card_id=made.id, names=["опт"])
    perform(ann, set_star, card="contact", card_id=made.id, starred=True)
    (row,) = perform(ann, list_contacts).rows
    assert (row.phone, row.email, row.tags, row.is_starred) == ("+79151234567", "a@b.ru", ["опт"], True)
    assert (row.client, row.position, row.responsible, row.city) == ("ООО «Вектор»", "Директор", "Анна", "Тула")


@pytest.mark.parametrize("words", ["ЛУКИН", "лук тул", "8 (915) 123-45", "a@b", "t.me/luk"])
def test_a_contact_is_found_by_any_part_of_it(ann: Actor, words: str) -> None:
    made = make.contact(ann, phones=["+79151234567"], emails=["a@b.ru"], city="Тула", links=["t.me/lukin"])
    make.contact(ann, "Другой Человек")
    assert [row.id for row in perform(ann, list_contacts, q=words).rows] == [made.id]
    assert perform(ann, count_contacts, q=words) == 1


def test_contacts_are_found_by_the_client_that_the_reader_sees(ann: Actor, bob: Actor, adam: Actor) -> None:
    vector, secret = cards.client(ann, "ООО «Вектор»", "company"), cards.client(bob, "ООО «Тайна»", "company")
    made, other = make.contact(ann, at=vector), make.contact(ann, "Вторая Анна")
    perform(adam, link_contact, contact_id=other.id, client_id=secret.id)

    def found(actor: Actor, value: str) -> list[int]:
        where = {"all": [{"field": "client", "op": "has", "value": value}]}
        return [row.id for row in perform(actor, list_contacts, where=where).rows]

    assert found(ann, "вектор") == found(ann, f"#{vector.id}") == [made.id]
    assert found(ann, "тайна") == found(ann, f"#{secret.id}") == []
    assert found(adam, "тайна") == [other.id]


def test_a_filter_is_said_in_words(ann: Actor) -> None:
    where = {"all": [{"field": "city", "op": "eq", "value": "Тула"}]}
    assert perform(ann, describe_contact_filter, where=where) == "Город: Тула"


WHEN = ("deal_created", "open_deal_created", "deal_won", "deal_lost")
WHERE: dict[str, dict[str, Any]] = {
    "id": {"op": "in", "value": [1, 2]},
    "name": {"op": "contains", "value": "контактов 07"}, "responsible_id": {"value": 2},
    "client": {"op": "has", "value": "вектор"}, "city": {"op": "contains", "value": "Орёл"},
    "birthday": {"op": "gt", "value": "today"}, "phones": {"op": "has", "value": "+79151234567"},
    "emails": {"op": "has", "value": "a@b.ru"}, "source": {}, "created_at": {"op": "gt", "value": "today"},
    "updated_at": {"op": "gt", "value": "today"}, "tags": {"op": "has", "value": "опт"}, "star": {"value": True},
    "group": {"op": "has", "value": "7"}, "import_id": {"value": 3},
    **{name: {"value": True} for name in ("deal", "open_deal", "won_deal")},
    **{name: {"op": "in", "value": "last_30_days"} for name in ("commented", *WHEN)},
    "text": {"op": "has", "value": "контактов 07"}, "created_by_id": {"value": 2}, "is_main": {"value": True},
    **{name: {"op": "contains", "value": "лог"} for name in ("address", "note")},
    **{name: {"op": "has", "value": "логист"} for name in ("links", "position")},
}  # fmt: skip


def test_every_filter_that_can_be_saved_has_been_thought_of() -> None:
    assert WHERE.keys() == FILTERS.keys()


@pytest.mark.parametrize("field", [name for name, asked in WHERE.items() if asked])
def test_each_filter_and_order_is_served_by_an_index(many: Actor, adam: Actor, field: str) -> None:
    where = {"op": "eq", "field": field, **WHERE[field]}
    for plan in plans(adam, where=where, sort="name"):
        assert "SCAN contact\n" not in f"{plan}\n", plan


@pytest.mark.parametrize("sort", BY)
def test_a_page_of_the_whole_list_is_read_in_the_order_of_an_index(many: Actor, adam: Actor, sort: str) -> None:
    first = perform(adam, list_contacts, sort=sort, limit=10)
    for plan in plans(adam, sort=sort, after=first.next, limit=10):
        assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, plan


def plans(actor: Actor, **arguments: Any) -> list[str]:
    base = database()
    if not base.is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    asked = statements_of(base, lambda: perform(actor, list_contacts, **arguments))
    found = [plan_of(base, one) for one in asked if "FROM contact " in one and "LIMIT" in one]
    assert found
    return found


def test_few_statements_make_a_page(many: Actor) -> None:
    if database().is_sqlite:
        assert len(statements_of(database(), lambda: perform(many, list_contacts, limit=40))) <= 5


def bulk(actor: Actor, operation: str, ids: list[int], **arguments: object) -> BulkChange:
    return perform(actor, start_bulk, card="contact", operation=operation, ids=ids, arguments=arguments)


def test_many_are_changed_at_once_and_those_of_others_stay(ann: Actor, olga: Actor) -> None:
    ids = [make.contact(ann).id, make.contact(olga, "Белова Анна").id]
    assert bulk(ann, "tag", ids, name="опт").counts == {"changed": 2}  # who sees a card may tag it
    assert bulk(ann, "set", ids, field="city", value="Тверь").counts == {"changed": 1, "not_yours": 1}
    assert [row.name for row in perform(ann, list_contacts, q="тверь").rows] == ["Лукин Пров Ильич"]
    bulk(ann, "set", ids, field="responsible_id", value=olga.id)
    rows = {row.name: (row.tags, row.responsible) for row in perform(ann, list_contacts).rows}
    assert rows == {"Лукин Пров Ильич": (["опт"], "Ольга"), "Белова Анна": (["опт"], "Ольга")}


def test_many_go_to_the_bin_and_come_back(ann: Actor, olga: Actor, mary: Actor) -> None:
    ids = [make.contact(ann).id, make.contact(ann, "Вторая Анна").id, make.contact(olga, "Белова Анна").id]
    gone = bulk(ann, "remove", ids)
    assert (gone.counts, perform(ann, count_contacts)) == ({"changed": 2, "not_yours": 1}, 1)
    perform(ann, undo_bulk, bulk_id=gone.id)
    assert (perform(ann, count_contacts), perform(ann, count_contacts, q="лукин")) == (3, 1)
    for operation in ("remove", "restore"):
        with pytest.raises(Forbidden):
            bulk(mary, operation, ids, name="опт")
    with pytest.raises(BadInput):
        bulk(ann, "set", ids, field="responsible_id", value=999)


def test_all_that_match_are_chosen_by_who_sees_contacts(many: Actor) -> None:
    where = {"all": [{"field": "city", "op": "eq", "value": "Орёл"}]}
    parts = perform(many, choose_cards, card="contact", where=where)
    done = perform(many, start_bulk, card="contact", operation="remove", parts=parts)
    assert done.counts == {"changed": 13}
    assert perform(many, count_contacts, where=where) == 0
    with pytest.raises(Forbidden):
        perform(cards.guest(many), choose_cards, card="contact")
    with pytest.raises(NeedsLogin):
        perform(NOBODY, choose_cards, card="contact")
