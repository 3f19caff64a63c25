"""The company's own fields of clients in letters: in words, counted, and never what is hidden from the sender."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm_app.cards.actions.fields import remove_field
from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import Forbidden, RuleBroken
from crm_app.mailings.actions.running import start_mailing
from crm_app.mailings.actions.testing import send_test
from crm_app.mailings.queries.checks import check_mailing, list_own_merge_fields, preview_mailing
from tests.cards.fields import field
from tests.integrations.channels.email.servers import ScriptedServer, body_of
from tests.mailings import kit
from tests.plans import statements_of

BODY = "<p>Ваш цвет: {{fields.tsvet|любой}}, скидка {{fields.skidka}}.</p>"


@pytest.fixture
def own(adam: Actor) -> None:
    field("choice", "Цвет")
    field("money", "Скидка", currency="RUB")


def without(actor: Actor, *names: str) -> Actor:
    """The same person, from whom fields of clients are hidden."""
    return replace(actor, hidden={"client": frozenset(names)})


def letter_to(server: ScriptedServer, address: str) -> str:
    return next(body_of(letter, "plain") for letter in server.letters() if address in str(letter["To"]))


def test_letters_hold_own_fields_in_words_or_what_stands_for_them(
    own: None, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example", fields={"tsvet": "krasnyy", "skidka": 125_050})
    kit.client(ann, "Сидорова Анна", "anna@b.example")
    mailing = kit.mailing(mary, title="{{fields.tsvet|Любой цвет}}", body=BODY)
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    subjects = {str(letter["To"]): str(letter["Subject"]) for letter in outside.letters()}
    assert sorted(subjects.values()) == ["Красный", "Любой цвет"]
    assert "Ваш цвет: Красный, скидка 1 250,50 ₽." in letter_to(outside, "petr@a.example").replace("\xa0", " ")
    assert "Ваш цвет: любой, скидка ." in letter_to(outside, "anna@b.example")


DAY, MOMENT = "2026-11-05", "2026-11-05T07:00:00Z"


@pytest.mark.parametrize(
    ("kind", "value", "in_russian", "in_english"),
    [
        ("number", 1250.5, "1 250,5", "1,250.5"),
        ("money", 125_000, "1 250 ₽", "RUB 1,250"),
        ("date", DAY, "5 ноября 2026 г.", "November 5, 2026"),
        ("datetime", MOMENT, "5 ноября 2026 г., 10:00", "November 5, 2026, 10:00"),
        ("yes_no", False, "нет", "no"),
        ("choices", ["krasnyy", "siniy"], "Красный, Синий", "Red, Blue"),
        ("long_text", "a\nb", "a b", "a b"),
        ("link", "https://a.example", "https://a.example", "https://a.example"),
    ],
)
def test_a_value_reads_in_the_language_of_the_letter(
    ann: Actor, mary: Actor, kind: str, value: Any, in_russian: str, in_english: str
) -> None:
    field(kind, "Поле")
    client_id = kit.client(ann, "Иванов Пётр", "petr@a.example", fields={"pole": value})
    for locale, words in (("ru", in_russian), ("en", in_english)):
        mailing = kit.mailing(mary, title="{{fields.pole}}", locale=locale)
        shown = perform(mary, preview_mailing, mailing_id=mailing.id, card_id=client_id)
        assert shown.title.replace("\u202f", " ").replace("\xa0", " ") == words


def test_people_and_what_is_computed_are_told_too(ann: Actor, mary: Actor, outside: ScriptedServer) -> None:
    field("employee", "Инженер")
    field("number", "Станков")
    field("formula", "Часов", formula="stankov * 1000.5")
    field("formula", "Срок", formula="first_contact + 30")
    kit.client(ann, "Иванов Пётр", "petr@a.example", fields={"inzhener": ann.id, "stankov": 2},
               first_contact=date(2026, 10, 6))  # fmt: skip
    mailing = kit.mailing(mary, body="<p>{{fields.inzhener}}; {{fields.chasov}}; {{fields.srok}}; {{city|—}}</p>")
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    assert f"{ann.name}; 2 001; 5 ноября 2026 г.; —" in letter_to(outside, "petr@a.example").replace("\xa0", " ")


def test_who_lacks_an_own_field_is_counted(own: None, ann: Actor, mary: Actor) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example", fields={"skidka": 100})
    for n in range(3):
        kit.client(ann, f"Клиент {n}", f"client{n}@b.example", fields={"tsvet": "siniy"})
    check = perform(mary, check_mailing, mailing_id=kit.mailing(mary, title="Привет", body=BODY).id)
    assert check.missing == {"fields.skidka": 3}
    assert check.reasons == []


def test_a_field_that_is_not_there_keeps_a_mailing_from_starting(
    own: None, ann: Actor, mary: Actor, adam: Actor, outside: ScriptedServer
) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example")
    removed = field("text", "Отдел")
    file = field("file", "Договор")
    perform(adam, remove_field, field_id=removed.id)
    for name in ("fields.nonsense", removed_name := "fields.otdel", f"fields.{file.key}"):
        mailing = kit.mailing(mary, body=f"<p>{{{{{name}|x}}}} текст</p>")
        with pytest.raises(RuleBroken, match=f"нет поля {name}"):
            perform(mary, start_mailing, mailing_id=mailing.id)
    assert removed_name not in {each.full for each in perform(mary, list_own_merge_fields)}


def test_a_hidden_field_is_neither_used_nor_read(own: None, ann: Actor, mary: Actor, outside: ScriptedServer) -> None:
    client_id = kit.client(ann, "Иванов Пётр", "petr@a.example", fields={"tsvet": "krasnyy", "skidka": 777_00})
    field("formula", "Вдвое", formula="skidka * 2")
    mailing = kit.mailing(mary, title="{{fields.vdvoe|Письмо}}", body=BODY)
    blind = without(mary, "fields.skidka")
    assert {each.full for each in perform(blind, list_own_merge_fields)} == {"fields.tsvet"}
    shown = perform(blind, preview_mailing, mailing_id=mailing.id, card_id=client_id)
    assert shown.title == "Письмо" and "Красный" in shown.text and "777" not in shown.html
    for ability in (start_mailing, send_test):
        with pytest.raises(RuleBroken) as refusal:
            perform(blind, ability, mailing_id=mailing.id)
        names = {reason.params["name"] for reason in refusal.value.reasons}
        assert names == {"fields.skidka", "fields.vdvoe"}
    check = perform(blind, check_mailing, mailing_id=mailing.id)
    assert check.missing == {}, "a count would tell who has it"
    perform(mary, start_mailing, mailing_id=mailing.id)


def test_a_refusal_does_not_tell_whether_a_field_is_hidden_or_not_there(own: None, ann: Actor, mary: Actor) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example")
    blind = without(mary, "fields.skidka")
    told = [
        perform(blind, check_mailing, mailing_id=kit.mailing(mary, body=f"<p>{{{{{name}}}}} текст</p>").id)
        .reasons[0]
        .code
        for name in ("fields.skidka", "fields.nonsense")
    ]
    assert told[0] == told[1]


def test_a_test_letter_has_the_values_that_its_asker_sees(
    own: None, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    client_id = kit.client(ann, "Иванов Пётр", "petr@a.example", fields={"tsvet": "siniy"})
    mailing = kit.mailing(mary, body=BODY)
    perform(mary, send_test, mailing_id=mailing.id, card_id=client_id)
    kit.work()
    assert "Ваш цвет: Синий" in body_of(outside.letters()[0], "plain")


def test_who_sees_no_mailings_is_not_told_their_fields(own: None, ann: Actor) -> None:
    with pytest.raises(Forbidden):
        perform(ann, list_own_merge_fields)


@pytest.mark.parametrize(("body", "is_asked"), [("<p>{{first_name|друг}}</p>", False), (BODY, True)])
def test_a_mailing_without_own_fields_does_not_ask_for_them(
    own: None, ann: Actor, mary: Actor, outside: ScriptedServer, body: str, is_asked: bool
) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example")
    mailing = kit.mailing(mary, body=body)
    perform(mary, start_mailing, mailing_id=mailing.id)
    said = statements_of(database(), kit.work, writes=True)
    assert any("suppression.at" in one for one in said), "letters are read"
    assert any("client.fields" in one or "custom_field" in one for one in said) is is_asked
