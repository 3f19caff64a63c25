"""Who is late is reminded and their substitute asked, once, whatever becomes of workers; so is the move done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from crm_app.cards.models import Notification
from crm_app.core import clock, jobs
from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import Tx, perform
from crm_app.core.errors import RuleBroken
from crm_app.deals.actions.approvals import decide_approval
from crm_app.deals.actions.approving import LATE, MOVE
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.jobs import move_job
from crm_app.deals.models import Deal
from crm_app.worktime.rules import Calendar, add_working_days
from tests import work
from tests.deals import make
from tests.deals.approvals import asked, guard, of, requests, rule, stage_of


def ask(ann: Actor, *approvers: str, **told: object) -> tuple[Deal, int]:
    """A deal that waits, and its way's second stage."""
    way = make.pipeline("basic")
    there = make.stage(way, 1).id
    guard(way, rule(there, *approvers, **told))
    deal = make.deal(ann, way)
    with pytest.raises(RuleBroken):
        perform(ann, move_deal, deal_id=deal.id, stage_id=there)
    return deal, there


def make_due(name: str) -> None:
    """The time of jobs of a name has come."""
    with database().session(writes=True) as session:
        session.execute(update(jobs.JobRow).where(jobs.JobRow.name == name).values(run_at=clock.now()))
        session.commit()


def notices(person: Actor, key: str) -> int:
    with database().session(writes=False) as session:
        told = (Notification.employee_id == person.id, Notification.key == f"deals.notice.approval_{key}")
        return session.execute(select(func.count()).select_from(Notification).where(*told)).scalar_one()


def test_a_late_approver_gets_a_substitute_once(ann: Actor, olga: Actor, adam: Actor) -> None:
    deal, there = ask(ann, of(adam), limit=4, substitute=of(olga))
    work.work_off()
    assert asked(deal) == [adam.id] and notices(adam, "asked") == 1
    make_due(LATE)
    work.work_off()
    assert asked(deal) == sorted([adam.id, olga.id])
    with database().session(writes=True) as session:  # a worker that died before it said that it was done
        session.execute(update(jobs.JobRow).where(jobs.JobRow.name == LATE).values(state=jobs.READY, tries=0))
        session.commit()
    work.work_off()
    assert asked(deal) == sorted([adam.id, olga.id])
    assert (notices(olga, "substitute"), notices(adam, "late"), notices(ann, "late_asked")) == (1, 1, 1)
    perform(olga, decide_approval, approval_id=requests(deal)[0][0], approves=True)
    work.work_off()
    assert stage_of(deal) == there


def test_what_is_decided_in_time_is_never_late(ann: Actor, olga: Actor, adam: Actor) -> None:
    deal, _ = ask(ann, of(adam), limit=1, unit="days", substitute=of(olga))
    perform(adam, decide_approval, approval_id=requests(deal)[0][0], approves=True)
    make_due(LATE)
    work.work_off()
    assert requests(deal)[0][1] == "done" and notices(olga, "substitute") == notices(adam, "late") == 0


def test_a_worker_that_dies_over_an_approved_move_loses_it_not_and_does_it_once(
    ann: Actor, adam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal, there = ask(ann, of(adam))
    perform(adam, decide_approval, approval_id=requests(deal)[0][0], approves=True)

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    (run,) = [claimed for claimed in jobs.claim(database(), "test", 50) if claimed.name == MOVE]
    with monkeypatch.context() as patched:
        patched.setattr(Tx, "do", die)
        with pytest.raises(Killed):
            move_job(run)
    assert stage_of(deal) == deal.stage_id and requests(deal)[0][1] == "granted"
    with database().session(writes=True) as session:  # the lease runs out
        past = clock.now() - timedelta(minutes=1)
        session.execute(update(jobs.JobRow).where(jobs.JobRow.state == jobs.RUNNING).values(lease_until=past))
        session.commit()
    work.work_off()
    assert stage_of(deal) == there and requests(deal)[0][1] == "done" and notices(ann, "done") == 1


def test_working_days_are_counted_at_the_same_hour() -> None:
    week = ((540, 1080),) * 5 + (None, None)
    calendar = Calendar(ZoneInfo("Europe/Moscow"), week)
    friday = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert add_working_days(calendar, friday, 1) == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert add_working_days(calendar, friday, 6) == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
