"""What can be done with mailings: each ability by who may, against a rule, and by who must not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm_app.core import clock
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.mailings import rules
from crm_app.mailings.actions import drafts, running, senders, suppressions, testing
from crm_app.mailings.fields import SORTS
from crm_app.mailings.models import Mailing
from crm_app.mailings.queries.deliveries import list_deliveries
from crm_app.mailings.queries.lists import count_mailings, list_mailings, list_senders, see_mailing
from crm_app.mailings.queries.suppressions import list_suppressions
from tests import make
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings import kit


@pytest.fixture
def started(ann: Actor, mary: Actor, outside: ScriptedServer) -> Mailing:
    kit.client(ann, "Иванов Пётр", "petr@a.example")
    mailing = kit.mailing(mary)
    return perform(mary, running.start_mailing, mailing_id=mailing.id)


ON_A_MAILING: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (drafts.change_mailing, {"name": "Другая"}),
    (drafts.set_audience, {"card_ids": [1]}),
    (drafts.copy_mailing, {}),
    (drafts.remove_mailing, {}),
    (drafts.restore_mailing, {}),
    (running.start_mailing, {}),
    (running.schedule_mailing, {"start_at": clock.now() + timedelta(days=1)}),
    (running.unschedule_mailing, {}),
    (running.pause_mailing, {}),
    (running.resume_mailing, {}),
    (running.stop_mailing, {}),
    (running.resend_mailing, {}),
    (testing.send_test, {}),
    (see_mailing, {}),
]


@pytest.mark.parametrize(("ability", "arguments"), ON_A_MAILING)
def test_who_may_not_send_mailings_does_nothing_with_them(
    ability: Callable[..., Any], arguments: dict[str, Any], ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    mailing = kit.mailing(mary)
    with pytest.raises(Forbidden):
        perform(ann, ability, mailing_id=mailing.id, **arguments)
    with pytest.raises(NeedsLogin):
        perform(NOBODY, ability, mailing_id=mailing.id, **arguments)


@pytest.mark.parametrize(("ability", "arguments"), ON_A_MAILING)
def test_a_head_does_not_reach_the_mailings_of_others(
    ability: Callable[..., Any], arguments: dict[str, Any], olga: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    mailing = kit.mailing(mary)
    with pytest.raises(NotFound):
        perform(olga, ability, mailing_id=mailing.id, **arguments)
    assert perform(olga, list_mailings).rows == []


def test_a_mailing_is_written_changed_copied_and_found(mary: Actor) -> None:
    mailing = kit.mailing(mary)
    perform(mary, drafts.change_mailing, mailing_id=mailing.id, name="  Новый   год ", reply_to="Boss@Firm.example")
    view = perform(mary, see_mailing, mailing_id=mailing.id)
    assert (view.name, view.reply_to, view.state, view.may_change) == ("Новый год", "boss@firm.example", "draft", True)
    copy = perform(mary, drafts.copy_mailing, mailing_id=mailing.id)
    assert (copy.title, copy.sender_id, copy.state) == (view.title, view.sender_id, "draft")
    assert {row.id for row in perform(mary, list_mailings, q="новый").rows} == {mailing.id, copy.id}


def test_lists_of_mailings_take_the_filter_of_all_lists(mary: Actor) -> None:
    first, second = kit.mailing(mary), kit.mailing(mary)
    perform(mary, drafts.change_mailing, mailing_id=first.id, name="Новый год", title="Скидки")

    def found(field: str, op: str, value: Any, **more: Any) -> set[int]:
        where = {"all": [{"field": field, "op": op, "value": value}]}
        return {row.id for row in perform(mary, list_mailings, where=where, **more).rows}

    assert found("name", "contains", "новый") == {first.id}
    assert found("state", "eq", "draft") == {first.id, second.id}
    assert found("responsible_id", "eq", "me", q="скидки") == {first.id}
    assert found("created_at", "lt", "today-1") == set()
    with pytest.raises(BadInput):
        found("body", "contains", "x")


def test_letters_are_not_found_by_an_address_that_is_hidden(mary: Actor, ann: Actor, outside: ScriptedServer) -> None:
    make.client(ann, "Анна Смит", emails=["anna@a.example"])
    make.client(ann, "Лев Камень", emails=["leo@c.example"])
    mailing = kit.mailing(mary)
    perform(mary, running.start_mailing, mailing_id=mailing.id)
    by_address = {"all": [{"field": "address", "op": "contains", "value": "leo@"}]}
    asked = {"mailing_id": mailing.id}
    assert [row.client for row in perform(mary, list_deliveries, **asked, where=by_address)] == ["Лев Камень"]
    assert [row.client for row in perform(mary, list_deliveries, **asked, q="leo@c")] == ["Лев Камень"]
    assert [row.client for row in perform(mary, list_deliveries, **asked, q="смит")] == ["Анна Смит"]

    blind = replace(mary, hidden={"client": frozenset({"emails"})})
    assert perform(blind, list_deliveries, **asked, q="leo@c") == []
    assert [row.client for row in perform(blind, list_deliveries, **asked, q="смит")] == ["Анна Смит"]
    with pytest.raises(BadInput, match="address"):
        perform(blind, list_deliveries, **asked, where=by_address)


@pytest.mark.parametrize(
    "values", [{"name": " "}, {"name": "я" * 201}, {"reply_to": "nobody"}, {"locale": "xx"}, {"body": "я" * 200_001}]
)
def test_what_a_mailing_can_not_be_is_refused(mary: Actor, values: dict[str, Any]) -> None:
    mailing = kit.mailing(mary)
    with pytest.raises(BadInput):
        perform(mary, drafts.change_mailing, mailing_id=mailing.id, **values)


def test_a_started_mailing_stays_as_it_is(started: Mailing, mary: Actor) -> None:
    for ability, arguments in ((drafts.change_mailing, {"title": "x"}), (drafts.set_audience, {"card_ids": [1]})):
        with pytest.raises(RuleBroken, match="копию"):
            perform(mary, ability, mailing_id=started.id, **arguments)
    with pytest.raises(RuleBroken):
        perform(mary, running.start_mailing, mailing_id=started.id)
    with pytest.raises(RuleBroken):
        perform(mary, drafts.remove_mailing, mailing_id=started.id)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"title": " "}, "темы"),
        ({"body": "<p> </p>"}, "пустое"),
        ({"body": "<p>{{nonsense}}</p>"}, "nonsense"),
        ({"body": '<a href="http://x/{{name}}">x</a>'}, "name"),
    ],
)
def test_a_mailing_with_a_fault_does_not_start_and_names_it(
    ann: Actor, mary: Actor, outside: ScriptedServer, values: dict[str, str], word: str
) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example")
    mailing = kit.mailing(mary, **values)
    with pytest.raises(RuleBroken, match=word):
        perform(mary, running.start_mailing, mailing_id=mailing.id)
    assert kit.rows(mailing.id) == {}


def test_without_a_mail_server_nothing_starts_and_it_says_so(ann: Actor, mary: Actor) -> None:
    kit.client(ann, "Иванов Пётр", "petr@a.example")
    mailing = kit.mailing(mary)
    with pytest.raises(RuleBroken, match="CRM_SMTP_URL"):
        perform(mary, running.start_mailing, mailing_id=mailing.id)


def test_without_a_sender_nothing_starts(mary: Actor, outside: ScriptedServer) -> None:
    mailing = perform(mary, drafts.create_mailing, name="x", filter_={})
    with pytest.raises(RuleBroken, match="отправителя"):
        perform(mary, running.start_mailing, mailing_id=mailing.id)


def test_moves_out_of_turn_are_refused(started: Mailing, mary: Actor) -> None:
    for ability in (running.resume_mailing, running.unschedule_mailing):
        with pytest.raises(RuleBroken):
            perform(mary, ability, mailing_id=started.id)
    perform(mary, running.stop_mailing, mailing_id=started.id)
    for ability in (running.pause_mailing, running.resume_mailing, running.stop_mailing):
        with pytest.raises(RuleBroken):
            perform(mary, ability, mailing_id=started.id)


def test_a_mailing_goes_to_the_bin_and_comes_back(mary: Actor) -> None:
    mailing = kit.mailing(mary)
    perform(mary, drafts.remove_mailing, mailing_id=mailing.id)
    assert perform(mary, list_mailings).rows == []
    with pytest.raises(NotFound):
        perform(mary, see_mailing, mailing_id=mailing.id)
    perform(mary, drafts.restore_mailing, mailing_id=mailing.id)
    assert [row.id for row in perform(mary, list_mailings).rows] == [mailing.id]


def test_the_list_is_paged_by_key(mary: Actor) -> None:
    made = [kit.mailing(mary).id for _ in range(5)]
    first = perform(mary, list_mailings, limit=2)
    second = perform(mary, list_mailings, limit=5, after=first.next)
    assert [row.id for row in first.rows + second.rows] == made[::-1]
    assert perform(mary, count_mailings) == 5


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_every_order_gives_each_mailing_once(mary: Actor, sort: str) -> None:
    made = [kit.mailing(mary).id for _ in range(3)]
    first = perform(mary, list_mailings, sort=sort, limit=2)
    second = perform(mary, list_mailings, sort=sort, limit=2, after=first.next)
    assert sorted(row.id for row in first.rows + second.rows) == made
    with pytest.raises(BadInput):
        perform(mary, list_mailings, sort="body")


def test_senders_are_the_administrators_to_add(adam: Actor, mary: Actor) -> None:
    sender = perform(adam, senders.add_sender, address="Info@Firm.example", name="Фирма")
    with pytest.raises(Forbidden):
        perform(mary, senders.add_sender, address="ceo@firm.example", name="Директор")
    with pytest.raises(BadInput):
        perform(adam, senders.add_sender, address="firm", name="Фирма")
    with pytest.raises(RuleBroken):
        perform(adam, senders.add_sender, address="info@firm.example", name="Ещё")
    assert [row.address for row in perform(mary, list_senders)] == ["info@firm.example"]
    with pytest.raises(Forbidden):
        perform(mary, senders.remove_sender, sender_id=sender.id)
    perform(adam, senders.remove_sender, sender_id=sender.id)
    assert perform(mary, list_senders) == []


def test_a_mailing_whose_sender_is_gone_has_none(adam: Actor, mary: Actor) -> None:
    mailing = kit.mailing(mary)
    perform(adam, senders.remove_sender, sender_id=mailing.sender_id)
    assert perform(mary, see_mailing, mailing_id=mailing.id).sender_id == 0
    with pytest.raises(NotFound):
        perform(mary, drafts.change_mailing, mailing_id=mailing.id, sender_id=mailing.sender_id)


def test_the_suppression_list_is_kept_by_hand_too(mary: Actor, ann: Actor) -> None:
    perform(mary, suppressions.suppress_address, address="Angry@Client.example", note="  звонил, просил ")
    perform(mary, suppressions.suppress_address, address="angry@client.example")
    (row,) = perform(mary, list_suppressions, words="ANGRY")
    assert (row.address, row.reason, row.note) == ("angry@client.example", rules.BY_HAND, "звонил, просил")
    refused: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (suppressions.suppress_address, {"address": "x@y.example"}),
        (suppressions.release_address, {"address": "angry@client.example"}),
        (list_suppressions, {}),
    ]
    for ability, arguments in refused:
        with pytest.raises(Forbidden):
            perform(ann, ability, **arguments)
    perform(mary, suppressions.release_address, address="angry@client.example")
    assert perform(mary, list_suppressions) == []
    for address, kind in (("angry@client.example", NotFound), ("nonsense", NotFound)):
        with pytest.raises(kind):
            perform(mary, suppressions.release_address, address=address)


def test_what_only_the_worker_may_do_no_employee_may(adam: Actor) -> None:
    for ability in (suppressions.unsubscribe, suppressions.suppress_bounced, running.begin_scheduled):
        with pytest.raises(CrmError):
            perform(adam, ability)
