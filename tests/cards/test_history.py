"""What a timeline says: never a stored number where people expect money, a time or a name."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

from crm_app.access.actions.employees import disable_employee
from crm_app.access.queries import name_employees
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.screens.address import read_filter, write_filter
from crm_app.cards.screens.history import ChangeLine, EventLine, employees_in, event_line
from crm_app.clients.actions.cards import change_client
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.actions.cards import change_deal
from crm_app.tasks.actions.editing import change_task
from tests import make
from tests.deals import make as deals

SCREENS = [import_module(f"crm_app.{feature}.screens") for feature in ("clients", "deals", "tasks")]
"""Each tells how the fields of its cards are read."""


def lines(reader: Actor, card: str, card_id: int | None, locale: str = "en") -> list[EventLine]:
    """The timeline of a card as the browser gets it."""
    rows = perform(reader, see_timeline, card=card, card_id=card_id)
    names = perform(reader, name_employees, ids=employees_in(rows))
    return [event_line(row, locale, names) for row in rows]


def latest(reader: Actor, card: str, card_id: int | None, locale: str = "en") -> dict[str, ChangeLine]:
    """What the latest line says of each field, by the field's name in the reader's language."""
    return {change["field"]: change for change in lines(reader, card, card_id, locale)[0]["changes"]}


def test_money_is_told_with_its_own_currency(ann: Actor) -> None:
    deal = deals.deal(ann, deals.pipeline(), amount=100_000, currency="EUR")
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 250_050})
    told = latest(ann, "deal", deal.id)["Amount"]

    assert (told["shape"], told["old"], told["new"], told["currency"]) == ("money", "100000", "250050", "EUR")


def test_the_same_change_reads_the_same_on_the_clients_card(ann: Actor) -> None:
    client = make.client(ann, "Vector Ltd", "company")
    deal = deals.deal(ann, deals.pipeline(), client_id=client.id, currency="USD", amount=100)
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 250})

    assert latest(ann, "client", client.id) == latest(ann, "deal", deal.id)


def test_a_deadline_is_left_to_the_readers_time_zone(ann: Actor) -> None:
    task = make.task(ann, "Позвонить")
    perform(ann, change_task, task_id=task.id, changes={"deadline": datetime(2030, 1, 2, 9, 30, tzinfo=UTC)})
    told = latest(ann, "task", task.id, "ru")["Срок"]

    assert (told["shape"], told["old"]) == ("moment", "")
    assert datetime.fromisoformat(told["new"]) == datetime(2030, 1, 2, 9, 30, tzinfo=UTC)


def test_people_are_named_even_when_they_have_left(ann: Actor, olga: Actor, adam: Actor) -> None:
    task = make.task(ann, "Позвонить", responsible_id=ann.id)
    perform(ann, change_task, task_id=task.id, changes={"responsible_id": olga.id})
    perform(adam, disable_employee, employee_id=olga.id)

    assert latest(ann, "task", task.id)["Responsible"]["new"] == olga.name


def test_words_of_the_trade_are_in_the_readers_language(ann: Actor) -> None:
    client = make.client(ann, "Vector Ltd", "company")
    values = {"status": "regular", "phones": ["8 915 123-45-67"], "first_contact": "2026-11-20"}
    perform(ann, change_client, client_id=client.id, values=values)
    russian, english = latest(ann, "client", client.id, "ru"), latest(ann, "client", client.id, "en")

    assert russian["Статус"]["new"] == "Постоянный" and english["Status"]["new"] == "Regular"
    assert english["Phones"]["new"] == "+7 915 123-45-67"
    assert (english["First contact"]["shape"], english["First contact"]["new"]) == ("day", "2026-11-20")


def test_a_tick_is_yes_or_no(ann: Actor) -> None:
    deal = deals.deal(ann, deals.pipeline())
    perform(ann, change_deal, deal_id=deal.id, values={"amount_by_items": True})
    by_items = latest(ann, "deal", deal.id, "ru")["Сумма по позициям"]

    assert (by_items["old"], by_items["new"]) == ("нет", "да")


def test_a_guest_is_named(ann: Actor, greg: Actor) -> None:
    task = make.task(ann, "Позвонить", shared_with=greg)
    perform(greg, add_comment, card="task", card_id=task.id, body="Спасибо")

    assert lines(ann, "task", task.id)[0]["who"] == greg.name


def test_a_filter_comes_back_out_of_an_address() -> None:
    where = {"all": [{"field": "city", "op": "eq", "value": "Тула"}]}

    assert read_filter(write_filter(where)) == where
    assert write_filter({"all": []}) == write_filter({}) == ""
    assert [read_filter(text) for text in (None, "", "[1]", "{", "[" * 10_000, '"x"')] == [{}] * 6


def test_an_address_names_its_card() -> None:
    assert card_at("/deals/12/") == ("deal", 12)
    assert card_at("/clients/7") == ("client", 7)
    assert {card_at(path) for path in ("/deals", "/deals/x", "/deals/٣", "/deals/1/2", "/", "", "12")} == {("", 0)}
