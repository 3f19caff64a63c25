"""Sending to a real mail server: what it answers stands in the journal, and decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.cards.queries.every_card import list_notifications
from crm_app.core import clock, jobs
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.errors import RuleBroken
from crm_app.mailings import rules
from crm_app.mailings.actions.running import (
    pause_mailing,
    resend_mailing,
    resume_mailing,
    schedule_mailing,
    start_mailing,
    stop_mailing,
    unschedule_mailing,
)
from crm_app.mailings.actions.suppressions import suppress_address
from crm_app.mailings.actions.testing import send_test
from crm_app.mailings.models import Mailing
from crm_app.mailings.queries.deliveries import list_attempts
from crm_app.mailings.queries.lists import MailingView, see_mailing
from crm_app.mailings.queries.suppressions import list_suppressions
from tests.integrations.channels.email.servers import ScriptedServer, body_of
from tests.mailings import kit

NAMES = {"petr@a.example": "Иванов Пётр", "anna@b.example": "Сидорова Анна", "lev@c.example": "Толстой Лев"}


@pytest.fixture
def mailing(ann: Actor, mary: Actor, outside: ScriptedServer) -> Mailing:
    for address, name in NAMES.items():
        kit.client(ann, name, address)
    return kit.mailing(mary)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Turns the clock forward."""
    real, ahead = clock.now, [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])

    def turn(**by: float) -> None:
        ahead[0] += timedelta(**by)

    return turn


def see(mary: Actor, mailing: Mailing) -> MailingView:
    return perform(mary, see_mailing, mailing_id=mailing.id)


def recipients(server: ScriptedServer) -> list[str]:
    return sorted(envelope.rcpt_tos[0] for envelope in server.script.envelopes)


def test_everybody_gets_one_personal_letter(mailing: Mailing, mary: Actor, outside: ScriptedServer) -> None:
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    assert recipients(outside) == sorted(NAMES)
    letters = {str(letter["To"]): letter for letter in outside.letters()}
    petr = next(letter for to, letter in letters.items() if "petr@a.example" in to)
    assert petr["Subject"] == "Пётр, станки" and petr["From"] == "Завод <news@demo.example>"
    assert "Здравствуйте, Пётр!" in body_of(petr, "plain") and "Отписаться" in body_of(petr, "html")
    assert petr["List-Unsubscribe"].startswith("<http") and "/u/" in petr["List-Unsubscribe"]
    assert len({letter["Message-ID"] for letter in letters.values()}) == 3
    rows = kit.rows(mailing.id)
    assert {row.message_id for row in rows.values()} == {letter["Message-ID"] for letter in letters.values()}
    assert {(row.state, row.code, row.attempts) for row in rows.values()} == {("sent", 250, 1)}
    view = see(mary, mailing)
    assert (view.state, view.sent, view.failed, view.waiting) == ("finished", 3, 0, 0)
    assert [note.key for note in perform(mary, list_notifications)] == ["mailings.notice.finished"]


def test_a_refused_address_is_failed_named_and_suppressed(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    outside.script.recipients["petr@a.example"] = "550 5.1.1 No such user here"
    outside.script.recipients["anna@b.example"] = "552 5.2.2 Mailbox full"
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    rows = kit.rows(mailing.id)
    petr = rows["petr@a.example"]
    assert (petr.state, petr.outcome, petr.code, petr.status) == ("failed", "refused", 550, "5.1.1")
    assert "No such user" in petr.answer
    assert (rows["anna@b.example"].state, rows["lev@c.example"].state) == ("failed", "sent")
    assert [row.address for row in perform(mary, list_suppressions)] == ["petr@a.example"]
    view = see(mary, mailing)
    assert (view.state, view.sent, view.failed) == ("finished", 1, 2)
    (notice,) = perform(mary, list_notifications)
    assert notice.key == "mailings.notice.finished_with_failures" and notice.params["n"] == 2


def test_a_letter_put_off_is_tried_again_later_and_not_for_ever(
    mailing: Mailing, mary: Actor, outside: ScriptedServer, at
) -> None:
    outside.script.recipients["petr@a.example"] = "450 4.2.1 Greylisted, come back"
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    row = kit.rows(mailing.id)["petr@a.example"]
    assert (row.state, row.outcome, row.attempts) == ("queued", "deferred", 1)
    assert timedelta(minutes=1) < row.next_at - clock.now() <= rules.FIRST_PAUSE
    assert see(mary, mailing).state == "sending"
    assert kit.work() == 0
    for _ in range(rules.MOST_TRIES - 1):
        at(hours=5)
        kit.work()
    row = kit.rows(mailing.id)["petr@a.example"]
    assert (row.state, row.attempts) == ("failed", rules.MOST_TRIES)
    assert see(mary, mailing).state == "finished" and recipients(outside) == ["anna@b.example", "lev@c.example"]


def test_a_letter_put_off_arrives_the_next_time(mailing: Mailing, mary: Actor, outside: ScriptedServer, at) -> None:
    outside.script.contents["petr@a.example"] = "451 4.7.1 Later"
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    del outside.script.contents["petr@a.example"]
    at(minutes=3)
    kit.work()
    assert recipients(outside) == sorted(NAMES) and see(mary, mailing).state == "finished"
    petr = kit.rows(mailing.id)["petr@a.example"]
    outcomes = [(a.n, a.outcome, a.code) for a in perform(mary, list_attempts, delivery_id=petr.id)]
    assert outcomes == [(1, "deferred", 451), (2, "accepted", 250)]


def test_a_server_that_is_away_costs_no_try(mailing: Mailing, mary: Actor, outside: ScriptedServer, at) -> None:
    perform(mary, start_mailing, mailing_id=mailing.id)
    outside.stop()
    kit.work()
    view = see(mary, mailing)
    assert view.state == "sending" and "недоступен" in view.trouble
    assert {(row.state, row.attempts) for row in kit.rows(mailing.id).values()} == {("queued", 0)}
    for _ in range(60):
        at(minutes=5)
        kit.work()
    view = see(mary, mailing)
    assert view.state == "paused" and "недоступен" in view.trouble
    assert [note.key for note in perform(mary, list_notifications)] == ["mailings.notice.paused"]


def test_a_server_that_comes_back_gets_everything(
    mailing: Mailing, mary: Actor, outside: ScriptedServer, at, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform(mary, start_mailing, mailing_id=mailing.id)
    outside.stop()
    kit.work()
    with ScriptedServer() as again:
        monkeypatch.setenv("CRM_SMTP_URL", again.url)
        from crm_app.core.settings import forget_settings

        forget_settings()
        at(seconds=10)
        kit.work()
        assert recipients(again) == sorted(NAMES)
    assert (see(mary, mailing).state, see(mary, mailing).trouble) == ("finished", "")


def test_a_refused_sender_pauses_at_once_and_fails_nobody(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    outside.script.senders[kit.SENDER] = "553 5.7.1 Sender not owned by user"
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    view = see(mary, mailing)
    assert view.state == "paused" and "not owned" in view.trouble and view.failed == 0
    outside.script.senders.clear()
    perform(mary, resume_mailing, mailing_id=mailing.id)
    kit.work()
    assert see(mary, mailing).state == "finished" and recipients(outside) == sorted(NAMES)


def test_a_run_of_refusals_for_policy_pauses_and_blames_no_recipient(
    mailing: Mailing, mary: Actor, ann: Actor, outside: ScriptedServer
) -> None:
    for number in range(30):
        address = f"person{number}@d.example"
        kit.client(ann, f"Клиент {number}", address)
        outside.script.contents[address] = "554 5.7.1 Message rejected as spam"
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    view = see(mary, mailing)
    assert view.state == "paused" and "spam" in view.trouble
    assert (view.sent, view.failed, view.waiting) == (3, 0, 30)
    attempts = sum(row.attempts for row in kit.rows(mailing.id).values())
    assert attempts == 3 + rules.POLICY_STREAK
    assert perform(mary, list_suppressions) == []


def test_paused_nothing_leaves_and_resumed_nobody_gets_it_twice(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    perform(mary, start_mailing, mailing_id=mailing.id)
    perform(mary, pause_mailing, mailing_id=mailing.id)
    kit.work()
    assert recipients(outside) == [] and see(mary, mailing).state == "paused"
    perform(mary, resume_mailing, mailing_id=mailing.id)
    kit.work()
    assert recipients(outside) == sorted(NAMES) and see(mary, mailing).state == "finished"


def test_stopped_the_rest_stays_unsent_until_it_is_asked_for(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    perform(mary, start_mailing, mailing_id=mailing.id)
    perform(mary, stop_mailing, mailing_id=mailing.id)
    kit.work()
    view = see(mary, mailing)
    assert (view.state, view.sent, view.waiting) == ("stopped", 0, 3) and recipients(outside) == []
    assert perform(mary, resend_mailing, mailing_id=mailing.id, to="unsent") == 3
    kit.work()
    assert recipients(outside) == sorted(NAMES)


def test_again_to_failed_ones_only_and_their_attempts_stay(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    outside.script.recipients["petr@a.example"] = "550 5.2.2 Mailbox full"
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    outside.script.recipients.clear()
    assert perform(mary, resend_mailing, mailing_id=mailing.id) == 1
    assert see(mary, mailing).state == "sending"
    kit.work()
    assert recipients(outside) == sorted(NAMES)
    petr = kit.rows(mailing.id)["petr@a.example"]
    assert (petr.state, petr.attempts) == ("sent", 2)
    assert [a.outcome for a in perform(mary, list_attempts, delivery_id=petr.id)] == ["refused", "accepted"]
    with pytest.raises(RuleBroken, match="некому"):
        perform(mary, resend_mailing, mailing_id=mailing.id)


def test_again_does_not_reach_an_address_that_has_been_suppressed(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    outside.script.recipients["petr@a.example"] = "550 5.1.1 No such user"
    perform(mary, start_mailing, mailing_id=mailing.id)
    kit.work()
    outside.script.recipients.clear()
    with pytest.raises(RuleBroken, match="некому"):
        perform(mary, resend_mailing, mailing_id=mailing.id, to="unsent")


def test_whoever_leaves_after_the_start_gets_nothing(mailing: Mailing, mary: Actor, outside: ScriptedServer) -> None:
    perform(mary, start_mailing, mailing_id=mailing.id)
    perform(mary, suppress_address, address="petr@a.example")
    kit.work()
    assert recipients(outside) == ["anna@b.example", "lev@c.example"]
    row = kit.rows(mailing.id)["petr@a.example"]
    assert (row.state, row.reason, see(mary, mailing).skipped) == ("skipped", rules.SUPPRESSED, 1)


def test_a_mailing_starts_by_itself_at_its_time(mailing: Mailing, mary: Actor, outside: ScriptedServer, at) -> None:
    start_at = clock.now() + timedelta(hours=2)
    perform(mary, schedule_mailing, mailing_id=mailing.id, start_at=start_at)
    kit.work()
    assert see(mary, mailing).state == "scheduled" and recipients(outside) == []
    at(hours=2, seconds=1)
    kit.work()
    assert see(mary, mailing).state == "finished" and recipients(outside) == sorted(NAMES)


def test_a_later_time_takes_the_place_of_an_earlier_one(
    mailing: Mailing, mary: Actor, outside: ScriptedServer, at
) -> None:
    for hours in (1, 3):
        start_at = clock.now() + timedelta(hours=hours)
        perform(mary, schedule_mailing, mailing_id=mailing.id, start_at=start_at)
    at(hours=1, minutes=1)
    kit.work()
    assert recipients(outside) == []
    at(hours=2)
    kit.work()
    assert recipients(outside) == sorted(NAMES)


@pytest.mark.parametrize(
    "start_at", [clock.now().replace(tzinfo=None), clock.now() - timedelta(days=1), clock.now() + timedelta(days=800)]
)
def test_a_time_that_is_past_or_far_away_is_refused(mailing: Mailing, mary: Actor, start_at: datetime) -> None:
    with pytest.raises(Exception, match="впереди"):
        perform(mary, schedule_mailing, mailing_id=mailing.id, start_at=start_at)


def test_taken_back_before_its_time_it_does_not_start(
    mailing: Mailing, mary: Actor, outside: ScriptedServer, at
) -> None:
    perform(mary, schedule_mailing, mailing_id=mailing.id, start_at=clock.now() + timedelta(hours=1))
    perform(mary, unschedule_mailing, mailing_id=mailing.id)
    at(hours=2)
    kit.work()
    assert see(mary, mailing).state == "draft" and recipients(outside) == []


def test_a_planned_mailing_of_who_has_left_is_a_draft_again(
    mailing: Mailing, mary: Actor, adam: Actor, outside: ScriptedServer, at
) -> None:
    perform(mary, schedule_mailing, mailing_id=mailing.id, start_at=clock.now() + timedelta(hours=1))
    perform(adam, disable_employee, employee_id=mary.id)
    at(hours=2)
    kit.work()
    view = perform(adam, see_mailing, mailing_id=mailing.id)
    assert view.state == "draft" and view.trouble and recipients(outside) == []


def test_a_test_letter_goes_to_oneself_and_to_nobody_else(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    perform(mary, send_test, mailing_id=mailing.id)
    kit.work()
    assert recipients(outside) == ["mary@test.example"]
    test = see(mary, mailing).test
    assert (test["address"], test["outcome"]) == ("mary@test.example", "accepted") and "250" in test["answer"]
    assert see(mary, mailing).state == "draft" and kit.rows(mailing.id) == {}


def test_a_test_letter_does_not_reach_a_suppressed_address(
    mailing: Mailing, mary: Actor, outside: ScriptedServer
) -> None:
    perform(mary, suppress_address, address="mary@test.example")
    with pytest.raises(RuleBroken, match="mary@test"):
        perform(mary, send_test, mailing_id=mailing.id)
    kit.work()
    assert recipients(outside) == []


def test_a_part_left_by_a_dead_worker_is_taken_over_with_its_letter_marked(
    mailing: Mailing, mary: Actor, outside: ScriptedServer, database: Database, at
) -> None:
    from crm_app.core.actor import SYSTEM
    from crm_app.mailings.actions.delivering import take_in_hand, take_up

    perform(mary, start_mailing, mailing_id=mailing.id)
    (run,) = (run for run in jobs.claim(database, "dead", 5) if run.name == "mailing.send")
    task = perform(SYSTEM, take_up, run=run, holder="x")
    assert task and len(perform(SYSTEM, take_in_hand, run=run, task=task, limit=10, is_well=False)) == 3
    assert kit.work() == 0
    jobs.release(database, ["dead"])
    kit.work()
    assert recipients(outside) == sorted(NAMES) and see(mary, mailing).state == "finished"
    outcomes = {
        address: [a.outcome for a in perform(mary, list_attempts, delivery_id=row.id)]
        for address, row in kit.rows(mailing.id).items()
    }
    assert sorted(map(len, outcomes.values())) == [1, 1, 2]
    assert ["interrupted", "accepted"] in outcomes.values()
