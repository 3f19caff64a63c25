"""Who gets a mailing: nobody twice, nobody who left, nobody whom the sender may not see."""

from __future__ import annotations

import pytest

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, RuleBroken
from crm_app.mailings.actions.drafts import set_audience
from crm_app.mailings.actions.running import start_mailing
from crm_app.mailings.actions.suppressions import suppress_address
from crm_app.mailings.audience import Figures
from crm_app.mailings.queries.checks import check_mailing, count_audience, list_samples, preview_mailing
from crm_app.mailings.queries.lists import see_mailing
from crm_app.mailings.screens.list_state import read_audience
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings import kit


@pytest.fixture
def everybody(ann: Actor, bob: Actor, mary: Actor) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example", "petr@home.example", city="Тула")
    kit.client(ann, "Сидорова Анна", "anna@b.example", city="Тула")
    kit.client(bob, "Сидорова Анна Ивановна", "anna@b.example", city="Омск")
    kit.client(bob, "ООО «Вектор»", "info@v.example", kind="company", contact_name="Лев Толстой", city="Омск")
    kit.client(bob, "Без Адреса", city="Омск")
    kit.client(bob, "Отписалась Вера", "vera@c.example", city="Омск")
    perform(mary, suppress_address, address="Vera@c.example", note="просила")


def test_figures_add_up_to_the_letters(everybody: None, mary: Actor) -> None:
    assert perform(mary, count_audience, filter_={}) == Figures(6, 1, 1, 1, 3)


def test_the_frozen_audience_is_what_was_counted(everybody: None, mary: Actor, outside: ScriptedServer) -> None:
    mailing = kit.mailing(mary)
    perform(mary, start_mailing, mailing_id=mailing.id)
    assert set(kit.rows(mailing.id)) == {"petr@a.example", "anna@b.example", "info@v.example"}
    assert {row.state for row in kit.rows(mailing.id).values()} == {"queued"}


def test_clients_who_come_later_are_not_in_it(
    everybody: None, mary: Actor, ann: Actor, outside: ScriptedServer
) -> None:
    mailing = kit.mailing(mary)
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.client(ann, "Новый Клиент", "new@d.example")
    kit.work()
    assert len(outside.script.envelopes) == 3


def test_ticked_clients_and_a_filter_make_one_audience(everybody: None, mary: Actor) -> None:
    tula = {"all": [{"field": "city", "op": "eq", "value": "Тула"}]}
    ids = [sample.card_id for sample in perform(mary, list_samples, mailing_id=kit.mailing(mary).id)]
    both = perform(mary, count_audience, card_ids=ids, filter_=tula)
    assert (both.chosen, both.to_send) == (4, 3)


def test_an_audience_is_told_in_words(everybody: None, mary: Actor) -> None:
    def words(filter_: dict[str, object] | None) -> str:
        mailing = kit.mailing(mary)
        perform(mary, set_audience, mailing_id=mailing.id, card_ids=[], filter_=filter_)
        return perform(mary, see_mailing, mailing_id=mailing.id).audience_words

    assert words(None) == ""
    assert words({}) == "Все клиенты"
    assert words({"all": [{"field": "city", "op": "eq", "value": "Тула"}]}) == "Город: Тула"


def test_a_head_reaches_only_the_clients_of_the_department(
    everybody: None, olga: Actor, outside: ScriptedServer
) -> None:
    mailing = kit.mailing(olga)
    perform(olga, start_mailing, mailing_id=mailing.id)
    assert set(kit.rows(mailing.id)) == {"petr@a.example", "anna@b.example"}


def test_a_broken_filter_is_refused_by_name(mary: Actor) -> None:
    mailing = kit.mailing(mary)
    with pytest.raises(BadInput, match="nonsense"):
        perform(mary, set_audience, mailing_id=mailing.id, filter_={"all": [{"field": "nonsense", "value": 1}]})


def test_a_manager_counts_nobody(everybody: None, ann: Actor) -> None:
    with pytest.raises(Forbidden):
        perform(ann, count_audience, filter_={})


def test_missing_values_are_counted_by_field(everybody: None, mary: Actor) -> None:
    mailing = kit.mailing(mary, title="{{first_name}}!", body="<p>{{phone}} {{city}} {{company|вы}}</p>")
    check = perform(mary, check_mailing, mailing_id=mailing.id)
    assert check.missing == {"phone": 3}
    kit.client(mary, "ООО «Без лица»", "office@e.example", kind="company")
    check = perform(mary, check_mailing, mailing_id=mailing.id)
    assert check.missing == {"city": 1, "first_name": 1, "phone": 4}


def test_a_preview_reads_as_its_recipient(everybody: None, mary: Actor) -> None:
    mailing = kit.mailing(mary)
    samples = perform(mary, list_samples, mailing_id=mailing.id)
    vector = next(sample for sample in samples if sample.address == "info@v.example")
    shown = perform(mary, preview_mailing, mailing_id=mailing.id, card_id=vector.card_id)
    assert shown.title == "Лев, станки" and "ООО «Вектор»" in shown.html
    typed = perform(mary, preview_mailing, mailing_id=mailing.id, title="Новая тема", body="<p>{{name|вы}}</p>")
    assert typed.title == "Новая тема" and "вы" in typed.text


def test_a_mailing_to_nobody_does_not_start(mary: Actor, outside: ScriptedServer) -> None:
    mailing = kit.mailing(mary)
    with pytest.raises(RuleBroken, match="некому"):
        perform(mary, start_mailing, mailing_id=mailing.id)


@pytest.mark.parametrize("told", ["", "nonsense", "[]", "{", "null", '{"all":[{"field"'])
def test_an_address_that_can_not_be_read_is_not_everybody(told: str) -> None:
    assert read_audience(told) is None


def test_an_address_names_everybody_or_a_filter() -> None:
    assert read_audience("{}") == {}
    assert read_audience('{"all":[]}') == {"all": []}
