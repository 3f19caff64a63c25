"""The story is the same for the same seed, and nothing in it breaks a rule."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from crm_app.access import sessions
from crm_app.access.models import Employee
from crm_app.access.queries import actor_of_session
from crm_app.cards.models import CardEmail, CardPhone, Comment
from crm_app.cards.queries.every_card import list_comments, search_cards, see_timeline
from crm_app.clients.models import Client
from crm_app.contacts.models import Contact, ContactAtClient
from crm_app.contacts.queries import list_places
from crm_app.core import db, search
from crm_app.core.actor import SYSTEM
from crm_app.core.db import Database
from crm_app.core.door import Tx, perform, query
from crm_app.core.events import Fact, FactRow
from crm_app.core.phones import parse_phone
from crm_app.core.requisites import parse_inn, parse_kpp, parse_ogrn
from crm_app.deals import rules
from crm_app.deals.models import Deal, DealItem, StageSpan
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.moves import crossroads
from crm_app.demo.people import LARGE
from crm_app.demo.tales import GUEST_LOGIN
from crm_app.intake.queries.distribution import list_rules
from crm_app.intake.queries.forms import list_forms
from crm_app.mailings import audience
from crm_app.mailings.models import Attempt, Delivery, Mailing, Suppression
from crm_app.pipelines.models import Stage
from crm_app.pipelines.queries import list_pipelines
from crm_app.pipelines.rules import return_stage_after
from crm_app.portal.queries import list_closed_shared_tasks, list_shared_tasks, see_shared_task
from tests import people
from tests.conftest import wipe
from tests.demo.conftest import CLIENTS, DEALS, TODAY, employee, tell
from tests.demo.digest import digest
from tests.servers import postgres_url


def test_the_same_seed_tells_the_same_story(empty: Database) -> None:
    tell(seed=5)
    first = digest(empty)
    wipe(empty)
    tell(seed=5)
    assert digest(empty) == first

    wipe(empty)
    tell(seed=6)
    assert digest(empty) != first


def test_both_databases_are_told_the_same(tmp_path: Path) -> None:
    digests = []
    for url in (f"sqlite:///{tmp_path}/story.db", postgres_url()):
        database = Database(url)
        db.use(database)
        with database.writer.begin() as connection:
            SQLModel.metadata.create_all(connection)
            search.create(connection)
        tell(clients=300, deals=40)
        digests.append(digest(database))
        database.dispose()
    assert digests[0] == digests[1]


def test_as_much_is_told_as_was_asked_for(story: Database) -> None:
    clients, deals = perform(SYSTEM, counted)
    assert (clients - 12, deals - 11) == (CLIENTS, DEALS)  # the tales told by hand come on top


def test_an_english_story_has_no_russian_letter(empty: Database) -> None:
    tell(locale="en")
    with empty.reader.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(select(table)) if table.name != "link_kind" else ():  # in both languages
                assert not any("а" <= letter.lower() <= "я" for letter in str(row)), row


@pytest.mark.parametrize(("clients", "deals"), [(0, 0), (0, 5), (1, 20)])
def test_any_size_is_told(empty: Database, clients: int, deals: int) -> None:
    tell(clients=clients, deals=deals)
    assert perform(SYSTEM, counted) == (clients + 12, deals + 11)


def test_facts_stand_in_the_order_of_time_and_within_the_year(story: Database) -> None:
    facts = perform(SYSTEM, all_facts)
    moments = [fact.at for fact in facts]
    assert moments == sorted(moments)
    midnight = datetime.combine(TODAY, datetime.min.time(), UTC)
    assert midnight - timedelta(days=380) < moments[0] and moments[-1] < midnight
    told = [fact.at for fact in facts if fact.card in ("client", "deal", "task")]
    assert all(moment.weekday() < 5 for moment in told)
    for fact in facts:
        Fact.restore(fact)


def test_every_deal_went_its_way_by_the_rules(story: Database) -> None:
    assert perform(SYSTEM, broken_rules) == []


def test_boards_count_every_deal_once(story: Database) -> None:
    adam = employee("adam")
    columns = [
        column for pipeline in perform(adam, list_pipelines)
        for column in perform(adam, see_board, pipeline_id=pipeline.id).columns
    ]  # fmt: skip
    assert sum(column.count for column in columns) == DEALS + 11
    assert sum(money.amount for column in columns for money in column.sums) == perform(SYSTEM, total_amount)
    assert {column.stage.kind for column in columns if column.count} == {"open", "won", "lost", "hold"}
    for column in columns:
        entered = [card.entered_stage_at for card in column.cards]
        assert entered == sorted(entered, reverse=True)


def test_requisites_phones_and_addresses_hold_and_are_nobodys_twice(story: Database) -> None:
    clients, phones, emails = perform(SYSTEM, ways)
    for client in clients:
        if client.inn:
            parse_inn(client.inn)
            parse_ogrn(client.ogrn)
        if client.kpp:
            parse_kpp(client.kpp)
    assert all(parse_phone(number).number == number for number in phones)
    assert all(address.rpartition("@")[2].endswith((".example", ".com", ".org", ".net")) for address in emails)
    assert all(address.rpartition("@")[2].split(".")[-2:][0] in ("example", "demo") for address in emails)
    for values in ([c.inn for c in clients if c.inn], phones, emails):
        assert max(Counter(values).values()) == 1


def test_ann_sees_her_department_and_bob_his(story: Database) -> None:
    owners = {login: perform(employee(login), owners_seen) for login in ("ann", "bob", "adam")}
    ids = {login: employee(login).id for login in ("adam", "olga", "ann", "bob")}
    assert owners["ann"] == {ids["ann"], ids["olga"]}
    assert owners["bob"] == {ids["bob"]}
    assert owners["adam"] == owners["ann"] | owners["bob"]


def test_the_companys_form_takes_leads_and_a_rule_says_who_gets_them(story: Database) -> None:
    adam = employee("adam")
    (form,) = perform(adam, list_forms)
    (rule,) = perform(adam, list_rules)

    assert form.is_open and form.name == "Заявка с сайта" and "person" in form.asks
    assert employee("ann").id in rule.employee_ids and rule.is_on


def test_greg_finds_his_three_tasks_and_what_was_said_to_him(story: Database) -> None:
    token = sessions.log_in(GUEST_LOGIN, people.PASSWORD, "127.0.0.1", "test")
    greg, *_ = perform(SYSTEM, actor_of_session, token=token)
    open_tasks = perform(greg, list_shared_tasks).rows
    closed = perform(greg, list_closed_shared_tasks).rows
    assert (len(open_tasks), len(closed)) == (2, 1)
    seen = perform(greg, see_shared_task, task_id=open_tasks[0].id)
    assert any(comment.is_mine for comment in seen.comments) and any(not comment.is_mine for comment in seen.comments)


def test_marys_mailing_counts_what_its_journal_says(story: Database) -> None:
    mary = employee("mary")
    outcomes, suppressed = perform(mary, journal)
    (sent,) = [row for row in outcomes if row.state == "finished"]
    (draft,) = [row for row in outcomes if row.state == "draft"]
    states = perform(mary, states_of, mailing_id=sent.id)
    assert (states["sent"], states["failed"]) == (sent.sent, sent.failed) and sent.failed > 0
    assert sent.total == sent.sent + sent.failed == len(sent.audience["ids"])
    assert suppressed >= sent.failed
    assert perform(mary, figures, mailing_id=draft.id).to_send > 0


def test_a_told_client_is_found_with_its_history(story: Database) -> None:
    ann = employee("ann")
    (found,) = [row for row in perform(ann, search_cards, words="Волжский пружин") if row.card == "client"]
    names = [row.name for row in perform(ann, see_timeline, card="client", card_id=found.id)]
    assert names[-1] == "ClientAdded" and "DealMoved" in names
    said = perform(ann, list_comments, card="client", card_id=found.id)
    assert [comment.created_at for comment in said] == sorted((c.created_at for c in said), reverse=True)


def test_larger_firms_have_two_or_three_contacts_and_the_named_one_is_the_main(story: Database) -> None:
    staffs = perform(SYSTEM, staff_by_client)
    assert {len(staff) for _, staff in staffs} == {1, 2, 3}
    for client, staff in staffs:
        (main,) = [name for name, position, is_main in staff if is_main]
        assert main == client.contact_name and len({position for _, position, _ in staff}) == len(staff)
        assert len(staff) == 1 or (client.revenue or 0) >= LARGE
    ann = employee("ann")
    (found,) = [row for row in perform(ann, search_cards, words="Волжский пружин") if row.card == "client"]
    assert perform(ann, list_places, client_id=found.id)[0].is_main


@query("demo.fill")
def staff_by_client(tx: Tx) -> list[tuple[Client, list[tuple[str, str, bool]]]]:
    rows = tx.all(select(ContactAtClient, Contact.name).join(Contact, Contact.id == ContactAtClient.contact_id))
    clients = {client.id: client for client in tx.all(select(Client))}
    staffs: dict[int, list[tuple[str, str, bool]]] = {}
    for place, name in rows:
        staffs.setdefault(place.client_id, []).append((name, place.position, place.is_main))
    return [(clients[client_id], staff) for client_id, staff in staffs.items()]


@query("demo.fill")
def counted(tx: Tx) -> tuple[int, int]:
    return tx.scalar(select(func.count()).select_from(Client)), tx.scalar(select(func.count()).select_from(Deal))


@query("demo.fill")
def all_facts(tx: Tx) -> list[FactRow]:
    return tx.all(select(FactRow).where(FactRow.name != "CompanySetUp").order_by(FactRow.id))


@query("demo.fill")
def total_amount(tx: Tx) -> int:
    return tx.scalar(select(func.sum(Deal.amount)))


@query("demo.fill")
def ways(tx: Tx) -> tuple[list[Client], list[str], list[str]]:
    return tx.all(select(Client)), tx.all(select(CardPhone.number)), tx.all(select(CardEmail.address))


@query("client.see")
def owners_seen(tx: Tx) -> set[int]:
    owners = {*tx.all(select(Client.responsible_id)), *tx.all(select(Deal.responsible_id))}
    hidden = select(Comment.id).where(Comment.card == "client", Comment.card_id.not_in(select(Client.id)))
    assert tx.all(hidden) == []
    return owners


@query("mailing.see")
def journal(tx: Tx) -> tuple[list[Mailing], int]:
    return tx.all(select(Mailing)), tx.scalar(select(func.count()).select_from(Suppression))


@query("mailing.see")
def states_of(tx: Tx, mailing_id: int) -> Counter[str]:
    """Deliveries by state, of which each has been closed by its last attempt."""
    deliveries = tx.all(select(Delivery).where(Delivery.mailing_id == mailing_id))
    for delivery in deliveries:
        last = select(Attempt.outcome).where(Attempt.delivery_id == delivery.id, Attempt.n == delivery.attempts)
        assert (tx.one(last) == "accepted") == (delivery.state == "sent")
    return Counter(delivery.state for delivery in deliveries)


@query("mailing.see")
def figures(tx: Tx, mailing_id: int) -> audience.Figures:
    return audience.count(tx, tx.need(Mailing, mailing_id).audience)


@query("demo.fill")
def broken_rules(tx: Tx) -> list[str]:
    """Walks every deal through its stays again: each must be entered as the rules have it."""
    broken: list[str] = []
    works_here = set(tx.all(select(Employee.id)))
    for deal in tx.all(select(Deal)):
        at = crossroads(tx, deal)
        stages = {stage.id: stage for stage in at.stages}
        stays = tx.all(
            select(StageSpan).where(StageSpan.deal_id == deal.id).order_by(StageSpan.entered_at, StageSpan.id)
        )
        standing = rules.Standing(stays[0].stage_id, None, at.standing.filled)
        for before, after in pairwise(stays):
            here, there = stages[before.stage_id], stages[after.stage_id]
            filled = at.standing.filled | {"next_action"}  # done by now
            was = rules.Standing(here.id or 0, standing.return_stage_id, filled)
            verdict = rules.check_entry(was, at.pipeline, at.stages, there, rules.Abilities(), reason=deal.lost_reason)
            standing = rules.Standing(there.id or 0, return_stage_after(was.return_stage_id, here, there), filled)
            if verdict.drop != "free" or before.left_at != after.entered_at:
                broken.append(f"{deal.id}: {here.name} → {there.name}: {verdict}")
        broken += _flaws(tx, deal, stages[deal.stage_id], standing, at.standing.filled)
        if stays[-1].left_at or stays[-1].stage_id != deal.stage_id or deal.responsible_id not in works_here:
            broken.append(f"{deal.id}: is not where it went")
    return broken


def _flaws(tx: Tx, deal: Deal, stage: Stage, standing: rules.Standing, filled: frozenset[str]) -> list[str]:
    lines = tx.all(select(DealItem).where(DealItem.deal_id == deal.id))
    for line in lines:
        rules.check_line(line)
    flaws = {
        "lacks a field": bool(set(stage.required_fields) - filled),
        "returns elsewhere": deal.return_stage_id != standing.return_stage_id,
        "is not the sum of its items": deal.amount_by_items and deal.amount != rules.items_total(lines),
        "is in the future": deal.entered_stage_at.date() >= TODAY,
    }
    return [f"{deal.id}: {flaw}" for flaw, is_there in flaws.items() if is_there]
