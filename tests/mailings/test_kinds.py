"""Mailings to contacts and leads: the same rules as for clients, each letter tied to the card that it goes to."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_app.cards.actions.groups import add_group, set_groups
from crm_app.cards.actions.tags import set_tags
from crm_app.cards.hanging import hanging_on
from crm_app.cards.queries.every_card import see_timeline
from crm_app.contacts.actions.cards import change_contact, remove_contact
from crm_app.contacts.actions.places import link_contact
from crm_app.contacts.models import Contact
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform
from crm_app.core.errors import BadInput, Forbidden, NotFound, RuleBroken
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.leads.actions.cards import remove_lead
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.unconverting import undo_conversion
from crm_app.leads.drafts import ClientPart, ContactPart
from crm_app.mailings import audience
from crm_app.mailings.actions.drafts import copy_mailing, create_mailing, set_audience
from crm_app.mailings.actions.running import resend_mailing, schedule_mailing, start_mailing
from crm_app.mailings.actions.suppressions import suppress_address, unsubscribe
from crm_app.mailings.actions.testing import send_test
from crm_app.mailings.letter import link_secret
from crm_app.mailings.models import Delivery, Mailing
from crm_app.mailings.queries.checks import (
    check_mailing,
    count_audience,
    list_own_merge_fields,
    list_samples,
    preview_mailing,
)
from crm_app.mailings.queries.deliveries import list_deliveries
from crm_app.mailings.queries.lists import see_mailing
from crm_app.mailings.tokens import unsubscribe_token
from tests import make as cards
from tests import people
from tests.cards.fields import field
from tests.contacts.make import contact
from tests.duplicates import make as duplicates
from tests.duplicates.tables import different, last_fact, whole
from tests.integrations.channels.email.servers import ScriptedServer, body_of
from tests.leads import make as leads
from tests.mailings import kit

KINDS = ("contact", "lead")
BODY = "<p>{{first_name|друг}}; {{name|—}}; {{company|—}}; {{city|—}}; {{responsible}}; {{fields.skidka|нет}}.</p>"


@pytest.fixture
def way(adam: Actor) -> None:
    leads.way(adam)


def card_of(kind: str, owner: Actor, name: str, *emails: str, **values: Any) -> int:
    """A contact, or a lead of that person."""
    made: Any
    if kind == "contact":
        made = contact(owner, name, emails=list(emails), **values)
    else:
        made = leads.lead(owner, f"Хочет станок: {name}", person=name, emails=list(emails), **values)
    return int(made.id)


def told(server: ScriptedServer, address: str) -> str:
    return next(body_of(letter, "plain") for letter in server.letters() if address in str(letter["To"]))


def without(actor: Actor, *permissions: str) -> Actor:
    """The same person, who may not do some things."""
    return replace(actor, permissions={k: v for k, v in actor.permissions.items() if k not in permissions})


# ---- who gets it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_figures_and_letters_of_a_kind_agree(
    way: None, kind: Any, ann: Actor, bob: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    card_of(kind, ann, "Иванов Пётр", "petr@a.example", "petr@home.example")
    first = card_of(kind, ann, "Сидорова Анна", "anna@b.example")
    card_of(kind, bob, "Сидорова Анна Ивановна", "anna@b.example")
    card_of(kind, bob, "Без Адреса")
    card_of(kind, bob, "Отписалась Вера", "vera@c.example")
    kit.client(bob, "Клиент", "client@d.example")
    perform(mary, suppress_address, address="vera@c.example")
    assert perform(mary, count_audience, card=kind, filter_={}) == audience.Figures(5, 1, 1, 1, 2)
    mailing = kit.mailing(mary, card=kind)
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    letters = kit.rows(mailing.id, mary)
    assert set(letters) == {"petr@a.example", "anna@b.example"}
    row = letters["anna@b.example"]
    assert (row.card, row.card_id, row.client_id, row.client, row.state) == (kind, first, 0, "", "sent")
    assert sorted(e.rcpt_tos[0] for e in outside.script.envelopes) == sorted(letters)


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_reaches_only_cards_of_the_department(
    way: None, kind: Any, ann: Actor, bob: Actor, olga: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    mine = card_of(kind, ann, "Иванов Пётр", "petr@a.example")
    theirs = card_of(kind, bob, "Сидорова Анна", "anna@b.example")
    mailing = kit.mailing(olga, [mine, theirs], card=kind)
    perform(olga, start_mailing, mailing_id=mailing.id)
    assert set(kit.rows(mailing.id)) == {"petr@a.example"}
    everybodys = kit.mailing(mary, card=kind)
    perform(mary, start_mailing, mailing_id=everybodys.id)
    assert len(kit.rows(everybodys.id, mary)) == 2
    blind = without(replace(olga, permissions={**olga.permissions, "mailing.see": "all"}), f"{kind}.see")
    assert (
        set(kit.rows(everybodys.id, replace(blind, permissions={**blind.permissions, f"{kind}.see": "own"}))) == set()
    )
    assert kit.rows(everybodys.id, blind) == {}, "who sees no such cards sees no letters to them"


@pytest.mark.parametrize("kind", KINDS)
def test_who_sees_none_of_a_kind_writes_to_none(
    way: None, kind: Any, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    card_id = card_of(kind, ann, "Иванов Пётр", "petr@a.example")
    mailing = kit.mailing(mary, [card_id], card=kind)
    blind = without(mary, f"{kind}.see")
    for ability, arguments in (
        (create_mailing, {"name": "Ноябрь", "card": kind, "card_ids": [card_id]}),
        (set_audience, {"mailing_id": mailing.id, "card": kind, "filter_": {}}),
        (copy_mailing, {"mailing_id": mailing.id}),
    ):
        with pytest.raises(Forbidden):
            perform(blind, ability, **arguments)
    assert perform(blind, count_audience, card=kind, filter_={}).chosen == 0
    assert perform(blind, check_mailing, mailing_id=mailing.id).reasons[0].code == "mailings.problem.unseen_kind"
    assert perform(blind, list_samples, mailing_id=mailing.id) == []
    with pytest.raises(NotFound):
        perform(blind, preview_mailing, mailing_id=mailing.id, card_id=card_id)
    with pytest.raises(RuleBroken, match="недоступны"):
        perform(blind, start_mailing, mailing_id=mailing.id)
    assert perform(mary, see_mailing, mailing_id=mailing.id).state == "draft"


def test_an_old_audience_and_one_that_names_no_kind_are_clients(
    database: Database, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    contact(ann, "Лукин Пров", emails=["luk@a.example"])
    client_id = kit.client(ann, "Иванов Пётр", "petr@a.example")
    mailing = kit.mailing(mary, [client_id])
    with database.session(writes=True) as session:
        session.get_one(Mailing, mailing.id).audience = {"ids": [client_id], "filter": None}
        session.commit()
    view = perform(mary, see_mailing, mailing_id=mailing.id)
    assert (view.card, view.card_ids, view.client_ids) == ("client", [client_id], [client_id])
    perform(mary, start_mailing, mailing_id=mailing.id)
    assert set(kit.rows(mailing.id)) == {"petr@a.example"}


def test_the_kind_stays_where_none_is_named(ann: Actor, mary: Actor) -> None:
    contact(ann, "Лукин Пров", emails=["luk@a.example"])
    mailing = kit.mailing(mary, card="contact")
    perform(
        mary, set_audience, mailing_id=mailing.id, filter_={"all": [{"field": "city", "op": "eq", "value": "Орёл"}]}
    )
    view = perform(mary, see_mailing, mailing_id=mailing.id)
    assert (view.card, view.audience_words, view.client_ids) == ("contact", "Город: Орёл", [])
    copy = perform(mary, copy_mailing, mailing_id=mailing.id)
    assert perform(mary, see_mailing, mailing_id=copy.id).card == "contact"
    perform(mary, set_audience, mailing_id=mailing.id, filter_={})
    assert perform(mary, see_mailing, mailing_id=mailing.id).audience_words == "Все контакты"
    with pytest.raises(BadInput):
        perform(mary, set_audience, mailing_id=mailing.id, filter_={}, card="deal")
    with pytest.raises(BadInput, match="stage_id"):
        perform(mary, set_audience, mailing_id=mailing.id, filter_={"all": [{"field": "stage_id", "value": "1"}]})


def test_recipients_by_tag_own_field_and_group(ann: Actor, mary: Actor) -> None:
    field("text", "Размер", "contact")
    names = ("Лукин Пров", "Лукина Анна", "Третий Лев")
    one, other, _third = (card_of("contact", ann, n, f"c{i}@a.example") for i, n in enumerate(names))
    perform(ann, change_contact, contact_id=one, values={"fields": {"razmer": "XL"}})
    perform(people.actor("adam"), set_tags, card="contact", card_id=other, names=["выставка"])
    group = perform(mary, add_group, card="contact", name="Наши")
    for card_id in (one, other):
        perform(mary, set_groups, card="contact", card_id=card_id, group_ids=[group.id])

    def chosen(name: str, op: str, value: Any) -> int:
        where = {"all": [{"field": name, "op": op, "value": value}]}
        return perform(mary, count_audience, card="contact", filter_=where).to_send

    assert chosen("fields.razmer", "eq", "XL") == 1
    assert chosen("tags", "has", "выставка") == 1
    assert chosen("group", "has", str(group.id)) == 2


# ---- property: the statement says what a plain reading says ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["client", *KINDS])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_audience_is_what_a_plain_reading_of_the_cards_gives(
    way: None, kind: Any, seed: int, ann: Actor, bob: Actor, olga: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    chance = random.Random(seed)
    addresses = [f"p{n}@a.example" for n in range(12)]
    made = []
    for number in range(30):
        owner, city = chance.choice((ann, bob)), chance.choice(("Орёл", "Тула"))
        emails = chance.sample(addresses, chance.choice((0, 1, 1, 2)))
        make_one = kit.client if kind == "client" else lambda *args, **more: card_of(kind, *args, **more)
        made.append((make_one(owner, f"Лукин Пров {number}", *emails, city=city), owner, city, emails))
    suppressed = set(chance.sample(addresses, 3))
    for address in suppressed:
        perform(mary, suppress_address, address=address)
    ticked = chance.sample([card_id for card_id, *_ in made], chance.randint(0, 8))
    where = chance.choice((None, {}, {"all": [{"field": "city", "op": "eq", "value": "Орёл"}]}))
    for actor, owners in ((mary, {ann.id, bob.id}), (olga, {ann.id})):
        chosen = [
            (card_id, emails) for card_id, owner, city, emails in made
            if owner.id in owners and (card_id in ticked or where == {} or (where and city == "Орёл"))
        ]  # fmt: skip
        first: dict[str, int] = {}
        for card_id, emails in chosen:
            if emails and emails[0] not in suppressed:
                first.setdefault(emails[0], card_id)
        figures = perform(actor, count_audience, card=kind, card_ids=ticked, filter_=where)
        with_address = [emails[0] for _, emails in chosen if emails]
        assert figures == audience.Figures(
            len(chosen), len(chosen) - len(with_address), len(with_address) - len(set(with_address)),
            len(set(with_address) & suppressed), len(first),
        )  # fmt: skip
        if not first:
            continue
        mailing = kit.mailing(actor, card=kind)
        perform(actor, set_audience, mailing_id=mailing.id, card=kind, card_ids=ticked, filter_=where)
        perform(actor, start_mailing, mailing_id=mailing.id)
        assert {a: row.card_id for a, row in kit.rows(mailing.id).items()} == first


# ---- what letters say ------------------------------------------------------------------------------------------------


def test_a_letter_to_a_contact_tells_where_they_work_and_their_own_fields(
    ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    field("money", "Скидка", "contact", currency="RUB")
    vector = cards.client(ann, "ООО «Вектор»", "company")
    full = contact(ann, "Лукин Пров Ильич", at=vector, emails=["luk@a.example"], city="Орёл", fields={"skidka": 1250})
    contact(ann, "Анна", emails=["anna@b.example"])
    mailing = kit.mailing(mary, card="contact", body=BODY)
    assert [each.full for each in perform(mary, list_own_merge_fields, card="contact")] == ["fields.skidka"]
    assert perform(mary, list_own_merge_fields) == []
    shown = perform(mary, preview_mailing, mailing_id=mailing.id, card_id=full.id)
    assert shown.title == "Пров, станки" and "ООО «Вектор»" in shown.html
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    said = told(outside, "luk@a.example").replace("\xa0", " ")
    assert f"Пров; Лукин Пров Ильич; ООО «Вектор»; Орёл; {ann.name}; 1 250 ₽." in said
    assert "Анна; —; —" in told(outside, "anna@b.example")


def test_a_letter_to_a_lead_never_says_what_employees_call_it(
    way: None, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    field("text", "Скидка", "lead")
    leads.lead(ann, "Хочет станок, скандалит", person="Лукин Пров Ильич", organisation="ООО «Вектор»", city="Орёл",
               emails=["luk@a.example"], fields={"skidka": "5 %"})  # fmt: skip
    leads.lead(ann, "Не звонить до среды", emails=["somebody@b.example"])
    mailing = kit.mailing(mary, card="lead", body=BODY)
    check = perform(mary, check_mailing, mailing_id=mailing.id)
    assert check.reasons == [] and check.missing == {}
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    assert f"Пров; Лукин Пров Ильич; ООО «Вектор»; Орёл; {ann.name}; 5 %." in told(outside, "luk@a.example")
    assert "друг; —; —; —;" in told(outside, "somebody@b.example")
    assert not any("звонить" in body_of(letter, "plain") for letter in outside.letters())


def test_a_client_whom_the_sender_may_not_see_stands_in_no_letter(
    ann: Actor, bob: Actor, olga: Actor, outside: ScriptedServer
) -> None:
    secret = cards.client(bob, "ООО «Тайна»", "company")
    ours = cards.client(ann, "Яхонт", "company")
    one = contact(ann, "Лукин Пров", at=ours, emails=["luk@a.example"])
    other = contact(ann, "Сидорова Анна", emails=["anna@b.example"])
    adam = people.actor("adam")
    for card in (one, other):
        works_too(adam, card, secret)
    mailing = kit.mailing(olga, card="contact", title="{{company|Друзья}}", body="<p>{{company|вы}} и мы</p>")
    shown = perform(olga, preview_mailing, mailing_id=mailing.id, card_id=other.id)
    assert (shown.title, "Тайна" in shown.html) == ("Друзья", False)
    perform(olga, start_mailing, mailing_id=mailing.id)
    kit.work()
    assert "Яхонт и мы" in told(outside, "luk@a.example")
    assert "вы и мы" in told(outside, "anna@b.example")
    blind = without(olga, "client.see")
    refused = kit.mailing(blind, card="contact", body="<p>{{company|вы}}</p>")
    with pytest.raises(RuleBroken, match="company"):
        perform(blind, start_mailing, mailing_id=refused.id)


def works_too(adam: Actor, card: Contact, client: Any) -> None:
    """The contact works at one more client."""
    perform(adam, link_contact, contact_id=card.id, client_id=client.id, values={})


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hidden_of_a_kind_is_not_used(
    way: None, kind: Any, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    card_id = card_of(kind, ann, "Лукин Пров", "luk@a.example", city="Орёл")
    blind = replace(mary, hidden={kind: frozenset({"city", "emails"})})
    mailing = kit.mailing(mary, card=kind, body="<p>{{city|где-то}} {{email|x}}</p>")
    assert "Орёл" not in perform(blind, preview_mailing, mailing_id=mailing.id, card_id=card_id).html
    assert [sample.address for sample in perform(blind, list_samples, mailing_id=mailing.id)] == [""]
    for ability in (start_mailing, send_test):
        with pytest.raises(RuleBroken) as refusal:
            perform(blind, ability, mailing_id=mailing.id)
        assert {reason.params["name"] for reason in refusal.value.reasons} == {"city", "email"}
    perform(mary, start_mailing, mailing_id=mailing.id)
    assert perform(blind, list_deliveries, mailing_id=mailing.id, q="luk@a.example") == []
    assert [row.address for row in perform(blind, list_deliveries, mailing_id=mailing.id, q="лукин")] == [""]
    address = {"all": [{"field": "address", "op": "eq", "value": "luk@a.example"}]}
    with pytest.raises(BadInput):
        perform(blind, list_deliveries, mailing_id=mailing.id, where=address)


def test_a_test_letter_has_the_values_of_the_chosen_contact(ann: Actor, mary: Actor, outside: ScriptedServer) -> None:
    chosen = contact(ann, "Лукин Пров Ильич", emails=["luk@a.example"])
    mailing = kit.mailing(mary, card="contact")
    perform(mary, send_test, mailing_id=mailing.id, card_id=chosen.id)
    kit.work()
    (letter,) = outside.letters()
    assert (str(letter["Subject"]), "mary@test.example" in str(letter["To"])) == ("Пров, станки", True)
    with pytest.raises(NotFound):
        perform(mary, send_test, mailing_id=mailing.id, card_id=10**6)


# ---- what becomes of letters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_unsubscribing_is_told_on_the_card(
    way: None, kind: Any, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    card_id = card_of(kind, ann, "Лукин Пров", "luk@a.example")
    mailing = kit.mailing(mary, card=kind)
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    row = kit.rows(mailing.id)["luk@a.example"]
    perform(people.SYSTEM, unsubscribe, token=unsubscribe_token(link_secret(), row.id))
    story = perform(mary, see_timeline, card=kind, card_id=card_id)
    assert [each.name for each in story].count("AddressSuppressed") == 1
    again = perform(mary, copy_mailing, mailing_id=mailing.id)
    assert perform(mary, check_mailing, mailing_id=again.id).figures.suppressed == 1
    clients = perform(mary, create_mailing, name="Клиентам", filter_={})
    kit.client(ann, "Он же", "luk@a.example")
    assert perform(mary, check_mailing, mailing_id=clients.id).figures.to_send == 0, "suppressed by address"


@pytest.mark.parametrize("kind", KINDS)
def test_again_to_those_whom_it_did_not_reach(
    way: None, kind: Any, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    outside.script.recipients = {"luk@a.example": "550 5.2.2 Mailbox full"}
    card_of(kind, ann, "Лукин Пров", "luk@a.example")
    card_of(kind, ann, "Сидорова Анна", "anna@b.example")
    mailing = kit.mailing(mary, card=kind)
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    assert {a: row.state for a, row in kit.rows(mailing.id).items()} == {
        "luk@a.example": "failed", "anna@b.example": "sent",
    }  # fmt: skip
    outside.script.recipients = {}
    assert perform(mary, resend_mailing, mailing_id=mailing.id) == 1
    kit.work()
    assert [e.rcpt_tos[0] for e in outside.script.envelopes].count("anna@b.example") == 1
    assert {row.state for row in kit.rows(mailing.id).values()} == {"sent"}


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_deleted_after_the_start_gets_nothing(
    way: None, kind: Any, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    card_id = card_of(kind, ann, "Лукин Пров", "luk@a.example")
    card_of(kind, ann, "Сидорова Анна", "anna@b.example")
    mailing = kit.mailing(mary, card=kind)
    perform(mary, start_mailing, mailing_id=mailing.id)
    if kind == "contact":
        perform(ann, remove_contact, contact_id=card_id)
    else:
        perform(ann, remove_lead, lead_id=card_id)
    kit.work()
    letters = kit.rows(mailing.id, mary)
    assert (letters["luk@a.example"].state, letters["luk@a.example"].reason) == ("skipped", "card_gone")
    assert [e.rcpt_tos[0] for e in outside.script.envelopes] == ["anna@b.example"]


def test_letters_and_ticks_follow_a_merge_of_contacts_and_come_back(
    database: Database, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    one, other = (card_of("contact", ann, n, a) for n, a in (("Лукин Пров", "a@a.example"), ("Лукин П", "b@a.example")))
    kit.client(ann, "Клиент", "client@a.example")
    sent = kit.mailing(mary, [one, other], card="contact")
    perform(mary, start_mailing, mailing_id=sent.id)
    draft = kit.mailing(mary, [one, other], card="contact")
    clients = kit.mailing(mary, [one, other])  # the same numbers, of clients
    before, last = whole(database), last_fact(database)
    merge = duplicates.merge(ann, one, other, card="contact")
    assert {row.card_id for row in kit.rows(sent.id).values()} == {one}
    assert perform(mary, see_mailing, mailing_id=draft.id).card_ids == [one]
    assert perform(mary, see_mailing, mailing_id=clients.id).card_ids == sorted((one, other))
    perform(ann, split_cards, merge_id=merge.id)
    assert different(before, whole(database, last)) == {}


def test_letters_stay_with_a_lead_that_is_converted_and_taken_back(
    way: None, database: Database, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    lead_id = card_of("lead", ann, "Лукин Пров", "luk@a.example")
    mailing = kit.mailing(mary, card="lead")
    perform(mary, start_mailing, mailing_id=mailing.id)
    conversion = perform(ann, convert_lead, lead_id=lead_id, contact=ContactPart(), client=ClientPart())
    assert conversion
    assert kit.rows(mailing.id)["luk@a.example"].card_id == lead_id
    kit.work()
    assert [e.rcpt_tos[0] for e in outside.script.envelopes] == ["luk@a.example"]
    perform(ann, undo_conversion, lead_id=lead_id)
    row = kit.rows(mailing.id)["luk@a.example"]
    assert (row.card, row.card_id, row.state) == ("lead", lead_id, "sent")
    with database.session(writes=False) as session:
        ids = session.execute(select(Delivery.client_id, Delivery.contact_id, Delivery.lead_id)).all()
    assert ids == [(None, None, lead_id)]


@pytest.mark.parametrize("kind", KINDS)
def test_letters_outlive_their_card(
    way: None, kind: Any, database: Database, ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    card_id = card_of(kind, ann, "Лукин Пров", "luk@a.example")
    mailing = kit.mailing(mary, card=kind)
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()

    @action(f"{kind}.delete")
    def cut_off(tx: Tx) -> None:
        for each in hanging_on(kind):
            if each.model is Delivery:
                each.cut_off(tx, kind, [card_id])

    perform(people.SYSTEM, cut_off)
    row = kit.rows(mailing.id, mary)["luk@a.example"]
    assert (row.card_id, row.name, row.state) == (0, "", "sent")
    perform(people.SYSTEM, unsubscribe, token=unsubscribe_token(link_secret(), row.id))


def test_a_planned_mailing_to_contacts_takes_those_who_are_there_then(
    ann: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    contact(ann, "Лукин Пров", emails=["luk@a.example"])
    mailing = kit.mailing(mary, card="contact")
    perform(mary, schedule_mailing, mailing_id=mailing.id, start_at=clock.now() + timedelta(hours=1))
    assert kit.rows(mailing.id) == {}
    assert perform(mary, see_mailing, mailing_id=mailing.id).state == "scheduled"
