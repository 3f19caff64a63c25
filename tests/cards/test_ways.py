"""Phones and e-mail addresses of every kind of card: who sees and changes them, what looks them up, and their move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from alembic import command
from crm_app.cards.models import CardEmail, CardPhone
from crm_app.cards.queries.every_card import search_cards
from crm_app.cards.ways import phones_of, put_phones
from crm_app.clients.actions.cards import change_client
from crm_app.clients.import_queries import find_known
from crm_app.clients.matching import Likeness
from crm_app.clients.queries import find_duplicates, list_clients, see_client
from crm_app.core import migrations
from crm_app.core.actor import LOGGED_IN, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform, query
from crm_app.core.errors import Forbidden
from crm_app.core.phones import Phone
from crm_app.mailings import audience
from tests import make
from tests.plans import plan_of, statements_of
from tests.servers import postgres_url


@query(LOGGED_IN)
def numbers(tx: Tx) -> list[str]:
    """All numbers that the actor sees."""
    return tx.all(select(CardPhone.number).order_by(CardPhone.number))


@action(LOGGED_IN)
def wipe_ways(tx: Tx) -> int:
    """Delete whatever phones and addresses the policies let the actor delete."""
    return sum(tx.run(delete(model)).rowcount for model in (CardPhone, CardEmail))


@action(LOGGED_IN)
def drop_first_phone(tx: Tx) -> None:
    """Remove one phone as a row, which asks for the right to change it."""
    tx.remove(tx.one(select(CardPhone)))


def test_phones_are_seen_by_who_sees_the_card(ann: Actor, bob: Actor, adam: Actor, greg: Actor) -> None:
    make.client(ann, "Вектор", phones=["+79151234567"])
    make.client(bob, "Лада", phones=["+79157654321"])
    assert perform(ann, numbers) == ["+79151234567"]
    assert perform(bob, numbers) == ["+79157654321"]
    assert perform(adam, numbers) == ["+79151234567", "+79157654321"]


def test_a_guest_sees_no_phones(ann: Actor, greg: Actor) -> None:
    make.client(ann, "Вектор", phones=["+79151234567"])

    @query("@guest")
    def asked(tx: Tx) -> list[str]:
        return tx.all(select(CardPhone.number))

    assert perform(greg, asked) == []


def test_phones_are_changed_by_who_changes_the_card(ann: Actor, olga: Actor, mary: Actor) -> None:
    make.client(ann, "Вектор", phones=["+79151234567"], emails=["a@b.ru"])
    with pytest.raises(Forbidden):
        perform(mary, drop_first_phone)
    assert perform(mary, wipe_ways) == 0
    assert perform(olga, wipe_ways) == 2


def test_a_number_of_another_kind_of_card_with_the_same_id_is_another_cards(ann: Actor, adam: Actor) -> None:
    client = make.client(ann, "Вектор", phones=["+79151234567"])

    @action("client.change")
    def put_on_a_deal(tx: Tx) -> list[str]:
        put_phones(tx, "deal", client.id or 0, [Phone("+79990000000", "")])
        return [str(phone) for phone in phones_of(tx, "client", client.id or 0)]

    assert perform(ann, put_on_a_deal) == ["+79151234567"]
    assert perform(adam, see_client, client_id=client.id).phones == ["+79151234567"]
    assert perform(adam, numbers) == ["+79151234567"], "no deal has phones: nobody sees one on it"


def test_locked_phones_are_not_changed(ann: Actor) -> None:
    client = make.client(ann, "Вектор", phones=["+79151234567"])
    locked = replace(ann, read_only={"client": frozenset({"phones"})})
    with pytest.raises(Forbidden):
        perform(locked, change_client, client_id=client.id, values={"phones": ["+79990000000"]})


@pytest.mark.parametrize(
    "written", ["+79151234567", "8 915 123-45-67", "8(915)1234567", "7 915 123 45 67", "9151234567"]
)
def test_a_number_is_found_as_people_write_it(ann: Actor, written: str) -> None:
    client = make.client(ann, "Вектор", phones=["+79151234567"])
    make.client(ann, "Лада", phones=["+79157654321"])
    where = {"all": [{"field": "phones", "op": "has", "value": written}]}
    assert [row.id for row in perform(ann, list_clients, where=where).rows] == [client.id]
    assert [row.id for row in perform(ann, search_cards, words=written)] == [client.id]


@pytest.mark.parametrize("written", ["", "+", "нет", "8", "+7915123456789012345"])
def test_what_is_no_number_is_on_no_card(ann: Actor, written: str) -> None:
    make.client(ann, "Вектор", phones=["+79151234567"])
    where = {"all": [{"field": "phones", "op": "has", "value": written}]}
    assert perform(ann, list_clients, where=where).rows == []


def _list(actor: Actor) -> None:
    where = {"field": "phones", "op": "has", "value": "+79151234567"}
    perform(actor, list_clients, where={"all": [where]})


def _duplicates(actor: Actor) -> None:
    perform(actor, find_duplicates, name="", phones=["+79151234567"], emails=["a@b.ru"])


def _import(actor: Actor) -> None:
    like = Likeness("вектор", phones=frozenset({"+79151234567"}), emails=frozenset({"a@b.ru"}))
    perform(actor, find_known, likes=[(1, like)])


def _audience(actor: Actor) -> None:
    @query("client.see")
    def counted(tx: Tx) -> object:
        return audience.count(tx, {"ids": [1, 2]}), audience.first_ids(tx, {"filter": {}}, 5)

    perform(actor, counted)


@pytest.mark.parametrize("work", [_list, _duplicates, _import, _audience])
@pytest.mark.parametrize("who", ["adam", "ann"])
def test_lists_duplicates_imports_and_audiences_find_phones_and_addresses_by_an_index(
    database: Database, request: pytest.FixtureRequest, who: str, work: Callable[[Actor], None]
) -> None:
    if not database.is_sqlite:
        pytest.skip("the planner of PostgreSQL scans small tables whatever indexes they have")
    actor = request.getfixturevalue(who)
    make.client(request.getfixturevalue("ann"), "Вектор", phones=["+79151234567"], emails=["a@b.ru"])
    asked = [one for one in statements_of(database, lambda: work(actor)) if "card_phone" in one or "card_email" in one]
    assert asked
    for one in asked:
        steps = plan_of(database, one).splitlines()
        ways = [step for step in steps if "card_phone" in step or "card_email" in step]
        assert ways and all(step.startswith("SEARCH") for step in ways), (one, steps)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/old.db" if request.param == "sqlite" else postgres_url())


def test_phones_of_clients_move_to_the_common_tables_and_back(old: Database) -> None:
    def moved(step: Callable[..., Any], to: str, *statements: str) -> list[Any]:
        with migrations.alone(old) as connection:
            config = migrations._config()
            config.attributes["connection"] = connection
            step(config, to)
            return [list(connection.execute(text(statement))) for statement in statements]

    moved(command.upgrade, "6258229a9401")
    with old.writer.begin() as connection:
        now = "2026-01-01 00:00:00"
        names = (
            "id, kind, name, sort_name, match_name, type, status, activity, site, inn, kpp, ogrn, bic, account, city"
        )
        names += ", address, contact_name, position, employer, currency, note, source, fields, version"
        blank = (
            "'company', 'В', 'в', 'в', '', '', '', '', '', '', '', '', '', '', '', '', '', '', 'RUB', '', '', '{}', 1"
        )
        connection.execute(
            text(f"INSERT INTO client ({names}, created_at, updated_at) VALUES (7, {blank}, '{now}', '{now}')")
        )
        connection.execute(text("INSERT INTO client_phone VALUES (7, '+79151234567', 0, '12')"))
        connection.execute(text("INSERT INTO client_email VALUES (7, 'a@b.ru', 0)"))
    phones = "SELECT number, extension, position FROM "
    emails = "SELECT card, card_id, address FROM card_email"
    assert moved(command.upgrade, "7a0d5e1c9b24", phones + "card_phone", emails) == [
        [("+79151234567", "12", 0)], [("client", 7, "a@b.ru")]
    ]  # fmt: skip
    assert moved(command.downgrade, "6258229a9401", phones + "client_phone", "SELECT * FROM client_email") == [
        [("+79151234567", "12", 0)], [(7, "a@b.ru", 0)]
    ]  # fmt: skip
    old.dispose()
