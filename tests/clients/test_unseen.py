"""What is told of a card that may be the same, to those who may not see it: that there is one, and whom to ask."""

from __future__ import annotations

from typing import Any

import pytest

from crm_app.clients.actions.cards import add_client, remove_client
from crm_app.clients.alike import Alike
from crm_app.clients.queries import find_duplicates
from crm_app.contacts.actions.cards import add_contact
from crm_app.contacts.queries import find_contact_duplicates
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.errors import Forbidden, RuleBroken
from tests import make
from tests.contacts.make import contact
from tests.plans import plan_of, statements_of

VECTOR = {"inn": "7707083893", "phones": ["+79151234567"], "emails": ["a@vector.example"], "city": "Тайный"}
ANN_ALONE = [Alike(0, "", "Анна", "")]


@pytest.mark.parametrize(
    "described",
    [
        {"name": "вектор"}, {"phones": ["8 915 123-45-67"]}, {"emails": ["A@Vector.example"]}, {"inn": "7707083893"},
        {"name": "ВЕКТОР, АО", "phones": ["8 915 123-45-67"]},
    ],
)  # fmt: skip
def test_whoever_may_not_see_the_card_is_told_whom_to_ask_and_no_more(
    ann: Actor, bob: Actor, olga: Actor, described: dict[str, Any]
) -> None:
    made = make.client(ann, "ООО «Вектор»", "company", **VECTOR)
    make.client(ann, "Вектор", "company", **VECTOR)
    assert perform(bob, find_duplicates, **described) == ANN_ALONE
    assert made.id in [each.id for each in perform(olga, find_duplicates, **described)]
    with pytest.raises(RuleBroken) as refused:
        perform(bob, add_client, values={"name": "Вектор", "kind": "company", **described})
    assert [reason.params for reason in refused.value.reasons] == [{"name": "", "id": 0, "responsible": "Анна"}]
    assert "Анна" in refused.value.text("ru") and "Тайный" not in repr(refused.value.reasons)
    assert perform(bob, add_client, values={"name": "Вектор", **described}, force=True).id


def test_what_is_no_copy_and_what_is_in_the_bin_is_not_told_of(ann: Actor, bob: Actor) -> None:
    made = make.client(ann, "ООО «Вектор»", "company", **VECTOR)
    assert perform(bob, find_duplicates, name="Вектор", inn="500100732259") == []
    assert perform(bob, find_duplicates, name="Марс") == []
    perform(ann, remove_client, client_id=made.id)
    assert perform(bob, find_duplicates, name="Вектор") == []


def test_one_of_ones_own_is_shown_before_that_of_a_colleague(ann: Actor, bob: Actor, mary: Actor) -> None:
    own = make.client(bob, "Вектор", "company", phones=["+79151234567"])
    make.client(ann, "Вектор", "company", phones=["+79151234567"])
    found = perform(bob, find_duplicates, phones=["+79151234567"])
    assert [(each.id, each.responsible) for each in found] == [(own.id, "Боб"), (0, "Анна")]
    assert all(each.id for each in perform(mary, find_duplicates, phones=["+79151234567"]))


def test_contacts_are_hinted_at_the_same_way(ann: Actor, bob: Actor, greg: Actor) -> None:
    contact(ann, "Лукин Пров Ильич", phones=["+79151234567"])
    assert perform(bob, find_contact_duplicates, name="Пров Лукин") == ANN_ALONE
    with pytest.raises(RuleBroken):
        perform(bob, add_contact, values={"name": "Пров Лукин"})
    with pytest.raises(Forbidden):
        perform(greg, find_contact_duplicates, name="Пров Лукин")


def test_they_are_found_by_one_more_statement_that_indexes_serve(database: Database, bob: Actor) -> None:
    make.client(bob, "Вектор", "company")
    asked = {"name": "Вектор", "inn": "7707083893", "phones": ["+79151234567"], "emails": ["a@vector.example"]}
    heard = [
        each for each in statements_of(database, lambda: perform(bob, find_duplicates, **asked)) if "SELECT" in each
    ]
    (union,) = [statement for statement in heard if "UNION ALL" in statement and "match_name" in statement]
    plan = plan_of(database, union)
    for index in ("ix_client_inn", "ix_card_phone_number", "ix_card_email_address", "ix_client_match_name"):
        assert index in plan, plan
    assert "SCAN client" not in plan.replace("SCAN (subquery", "") and "Seq Scan" not in plan
