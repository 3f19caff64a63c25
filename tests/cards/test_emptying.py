"""The bin is emptied: what goes with a card, what stays, and what a crash leaves."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import and_, func, select
from sqlmodel import SQLModel

from crm_app import features
from crm_app.access.models import Guest
from crm_app.cards.actions import emptying
from crm_app.cards.actions.emptying import EMPTY
from crm_app.cards.actions.restoring import set_days_kept
from crm_app.cards.bins import BINS
from crm_app.cards.hanging import hanging_on, told_of
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import StoredFile
from crm_app.clients.actions.cards import remove_client, restore_client
from crm_app.clients.models import Client
from crm_app.clients.queries import see_client
from crm_app.contacts.actions.cards import remove_contact
from crm_app.contacts.models import Contact
from crm_app.core import clock, files, jobs, search
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.events import FactRow
from crm_app.deals.actions.cards import delete_deal
from crm_app.deals.models import Deal, DealItem, StageSpan
from crm_app.tasks.models import TaskLink
from tests import make
from tests.cards.fields import field
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.duplicates import make as duplicates
from tests.duplicates.tables import whole
from tests.work import work_off

CHANCE = random.Random(7)


def pass_days(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    later = clock.now() + timedelta(days=days, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)


def empty(database: Database) -> None:
    """As the worker does when it tidies up."""
    jobs.ask_now_and_then(database)
    work_off()


def rows(database: Database, model: Any, *conditions: Any) -> int:
    with database.reader.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one())


def hanging(database: Database, card: str, card_id: int) -> dict[str, int]:
    """How many rows of each table hang on a card."""
    return {
        f"{each.model.__tablename__}.{each.column}": rows(database, each.model, each.of(card, [card_id]))
        for each in hanging_on(card)
    }


def full(ann: Actor) -> tuple[int, int, int]:
    """A client that goes, one into which it stands merged, and one that stays: all full of everything."""
    field()
    way = deals.pipeline()
    three = [duplicates.full_client(ann, way, number, CHANCE) for number in range(3)]
    duplicates.places(ann, three, CHANCE)
    one, other, stays = (each.id or 0 for each in three)
    duplicates.merge(ann, one, other)
    return one, other, stays


def test_a_card_goes_after_its_days_with_everything_that_hangs_on_it(
    database: Database, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, stays = full(ann)
    path = files.path_of(f"{0:032x}")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"abc")
    perform(ann, remove_client, client_id=one)
    work_off()
    before, deals_before = hanging(database, "client", stays), rows(database, Deal)
    pass_days(monkeypatch, 29)
    empty(database)
    assert rows(database, Client, Client.id.in_((one, other))) == 2
    pass_days(monkeypatch, 1)
    empty(database)
    for gone in (one, other):
        assert rows(database, Client, Client.id == gone) == 0
        assert set(hanging(database, "client", gone).values()) == {0}
    assert hanging(database, "client", stays) == before
    assert rows(database, Deal) == deals_before
    assert perform(ann, see_client, client_id=stays).name
    assert not path.exists()
    assert rows(database, FactRow, FactRow.name == "BinEmptied") == 1


def test_what_lies_there_for_less_or_came_back_or_is_kept_for_ever_stays(
    database: Database, ann: Actor, adam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, late, never = (make.client(ann, name).id or 0 for name in ("Раз", "Два", "Три"))
    make.client(ann, "Последний")
    for client_id in (back, never):
        perform(ann, remove_client, client_id=client_id)
    perform(ann, restore_client, client_id=back)
    perform(adam, set_days_kept, days=0)
    pass_days(monkeypatch, 400)
    perform(ann, remove_client, client_id=late)
    empty(database)
    assert rows(database, Client) == 4
    perform(adam, set_days_kept, days=30)
    empty(database)
    assert rows(database, Client, Client.id == never) == 0
    assert rows(database, Client) == 3


def test_the_last_card_waits_for_a_later_one_so_that_its_number_is_not_given_again(
    database: Database, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = make.client(ann, "Последний").id or 0
    perform(ann, remove_client, client_id=last)
    pass_days(monkeypatch, 31)
    empty(database)
    assert rows(database, Client, Client.id == last) == 1
    assert (make.client(ann, "Новый").id or 0) > last
    empty(database)
    assert rows(database, Client, Client.id == last) == 0


def test_a_crash_in_the_middle_leaves_the_card_whole_and_the_next_try_takes_it(
    database: Database, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, _ = full(ann)
    perform(ann, remove_client, client_id=one)
    pass_days(monkeypatch, 31)
    work_off()
    before = whole(database)

    def fail(*_: Any) -> None:
        raise KeyboardInterrupt

    jobs.ask_now_and_then(database)
    (run,) = jobs.claim(database, "dies", 50)
    with monkeypatch.context() as broken:
        broken.setattr(search, "drop", fail)
        with pytest.raises(KeyboardInterrupt):
            jobs.execute(database, run)
    assert whole(database) == before
    jobs.release(database, ["dies"])
    empty(database)
    assert rows(database, Client, Client.id == one) == 0


def test_a_guest_stays_as_a_name_and_the_login_is_free_again(
    database: Database, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.guest(ann, "Грег Иванов", "greg@client.example")
    with database.reader.connect() as connection:
        card_id = connection.execute(select(Guest.card_id).order_by(Guest.id.desc())).scalars().first()
    make.client(ann, "Следующий")
    perform(ann, remove_client, client_id=card_id)
    pass_days(monkeypatch, 31)
    empty(database)
    assert rows(database, Guest, Guest.card_id == card_id) == 0
    assert rows(database, Guest, and_(Guest.name == "Грег Иванов", Guest.card_id < 0)) == 1
    assert make.guest(ann, "Грег Новый", "greg@client.example").name == "Грег Новый"


def test_deals_and_contacts_go_with_theirs_and_fields_name_nobody_who_is_gone(
    database: Database, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    field("client", "Партнёр")
    partner = make.client(ann, "Партнёр").id or 0
    friend = make.client(ann, "Друг", fields={"partner": partner}).id or 0
    deal, person = deals.deal(ann, deals.pipeline(), name="Станки"), contacts.contact(ann)
    deals.deal(ann, deals.pipeline(), name="Другая")
    contacts.contact(ann, "Лука Пров")
    make.task(ann, about=[{"card": "deal", "card_id": deal.id}])
    perform(ann, delete_deal, deal_id=deal.id)
    perform(ann, remove_contact, contact_id=person.id)
    perform(ann, remove_client, client_id=partner)
    pass_days(monkeypatch, 31)
    empty(database)
    assert rows(database, Deal, Deal.id == deal.id) == rows(database, Contact, Contact.id == person.id) == 0
    assert rows(database, StageSpan, StageSpan.deal_id == deal.id) == rows(database, DealItem) == 0
    assert rows(database, TaskLink) == 0
    assert perform(ann, see_client, client_id=friend).fields == {}


def test_only_the_system_empties_it_and_one_job_does(database: Database) -> None:
    assert emptying.empty_some.__ability__.permission == "bin.empty"  # type: ignore[attr-defined]
    for _ in range(2):
        jobs.ask_now_and_then(database)
    assert rows(database, jobs.JobRow, jobs.JobRow.key == EMPTY) == 1


def test_every_column_that_names_a_card_says_what_becomes_of_it() -> None:
    features.load()
    tables = {KINDS[card].model.__tablename__ for card in BINS}
    names = {"card_id", *(f"{card}_id" for card in BINS)}
    naming = {
        (mapper.class_, column.key)
        for mapper in SQLModel._sa_registry.mappers
        if mapper.class_.__module__.startswith("crm_app.")
        for column in mapper.columns
        if column.key in names or {key.column.table.name for key in column.foreign_keys} & tables
    }
    untold = naming - told_of()
    assert {f"{model.__name__}.{column}" for model, column in untold} == set(), "see cards/hanging.py"
    assert (StoredFile, "card_id") in naming
