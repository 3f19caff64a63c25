"""Jobs: claimed once, given back by the dead, tried again with pauses, and never more at once than is wanted."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from crm_app.core import clock, jobs, lifeline
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform
from crm_app.core.jobs import JobRow, Later, LeaseLost, Run

RAN: Counter[int] = Counter()
FAILING = threading.Event()


@jobs.job("test.count")
def count(run: Run) -> None:
    RAN[run.job_id] += 1


@jobs.job("test.one_at_once", at_once=1)
def one_at_once(run: Run) -> None:
    RAN[run.job_id] += 1


@jobs.job("test.fail")
def fail(run: Run) -> None:
    if FAILING.is_set():
        raise ValueError("no luck")


@jobs.job("test.later")
def later(run: Run) -> None:
    raise Later(clock.now() + timedelta(hours=1))


@action("test.ask")
def ask(tx: Tx, name: str, count: int = 1, key: str | None = None) -> list[int]:
    return [jobs.enqueue(tx, name, key=key, n=n).id or 0 for n in range(count)]


@action("test.hold")
def hold(tx: Tx, run: Run, progress: dict[str, Any] | None = None) -> None:
    run.hold(tx, progress)


@jobs.job("test.hold_and_fail")
def hold_and_fail(run: Run) -> None:
    """Says that it has got on, in a transaction that is taken back."""
    perform(SYSTEM, hold_and_break, run=run)


@action("test.hold")
def hold_and_break(tx: Tx, run: Run) -> None:
    run.hold(tx, {"row": 1})
    raise ValueError("no luck")


@action("test.give_back")
def give_back(tx: Tx, run: Run, seconds: int) -> None:
    run.postpone(tx, tx.now + timedelta(seconds=seconds))


def stored(database: Database, job_id: int) -> JobRow:
    with database.session(writes=False) as session:
        return session.execute(select(JobRow).where(JobRow.id == job_id)).scalar_one()


def claim_one(database: Database, holder: str = "a") -> Run:
    (run,) = jobs.claim(database, holder, 1)
    return run


@pytest.fixture
def database(database: Database) -> Database:
    """Without the jobs that the arrival of the cast has asked for."""
    with database.session(writes=True) as session:
        session.execute(delete(JobRow))
        session.commit()
    return database


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch):
    """Turns the clock forward by seconds."""
    real, ahead = clock.now, [0.0]
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(seconds=ahead[0]))

    def forward(seconds: float) -> None:
        ahead[0] += seconds

    return forward


def test_many_claim_at_once_and_each_job_runs_once(database: Database) -> None:
    ids = perform(SYSTEM, ask, name="test.count", count=60)
    RAN.clear()

    def work(holder: str) -> None:
        while claimed := jobs.claim(database, holder, 3):
            for run in claimed:
                jobs.execute(database, run)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):  # whoever finds the rest locked may end early: others, or the next round, take it
            list(pool.map(work, "abcd"))
    assert Counter(ids) == RAN
    assert {stored(database, job_id).state for job_id in ids} == {"done"}


def test_progress_that_was_taken_back_is_none(database: Database, turn) -> None:
    (job_id,) = perform(SYSTEM, ask, name="test.hold_and_fail")
    for _ in range(jobs.MOST_TRIES):
        jobs.execute(database, claim_one(database))
        turn(1_000)
    assert stored(database, job_id).state == "failed"


def test_a_lease_that_ran_out_is_anothers(database: Database, turn) -> None:
    perform(SYSTEM, ask, name="test.count")
    first = claim_one(database, "a")
    assert jobs.claim(database, "b", 1) == []
    turn(jobs.LEASE.total_seconds() + 1)
    second = claim_one(database, "b")
    assert (second.job_id, second.tries) == (first.job_id, 2)
    with pytest.raises(LeaseLost):
        perform(SYSTEM, hold, run=first)
    perform(SYSTEM, hold, run=second)


def test_a_lease_that_is_renewed_is_kept(database: Database, turn) -> None:
    perform(SYSTEM, ask, name="test.count")
    claim_one(database, "a")
    for _ in range(3):
        turn(jobs.LEASE.total_seconds() - 5)
        jobs.renew(database, "a")
    assert jobs.claim(database, "b", 1) == []


def test_what_a_dead_worker_held_is_taken_at_once(database: Database) -> None:
    perform(SYSTEM, ask, name="test.count", count=2)
    (theirs,) = jobs.claim(database, "dead", 1)
    (mine,) = jobs.claim(database, "alive", 1)
    jobs.release(database, ["dead"])
    assert claim_one(database, "b").job_id == theirs.job_id
    perform(SYSTEM, hold, run=mine)


def test_a_failure_is_tried_again_with_growing_pauses_and_ends(database: Database, turn) -> None:
    (job_id,) = perform(SYSTEM, ask, name="test.fail")
    FAILING.set()
    pauses = []
    for _ in range(jobs.MOST_TRIES):
        jobs.execute(database, claim_one(database))
        row = stored(database, job_id)
        pauses.append((row.run_at - clock.now()).total_seconds())
        turn(700)
    assert (row.state, row.error) == ("failed", "ValueError: no luck")
    assert pauses[:3] == pytest.approx([2, 4, 8], abs=2) and jobs.claim(database, "a", 1) == []
    FAILING.clear()


def test_later_costs_no_try(database: Database) -> None:
    (job_id,) = perform(SYSTEM, ask, name="test.later")
    jobs.execute(database, claim_one(database))
    row = stored(database, job_id)
    assert (row.state, row.tries, row.holder) == ("ready", 0, None) and row.run_at > clock.now()


def test_given_back_within_a_transaction_it_is_due_then(database: Database, turn) -> None:
    perform(SYSTEM, ask, name="test.count")
    perform(SYSTEM, give_back, run=claim_one(database), seconds=60)
    assert jobs.claim(database, "a", 1) == []
    turn(61)
    assert claim_one(database).tries == 1


def test_a_job_that_gets_on_has_its_tries_anew_and_one_that_kills_does_not(database: Database) -> None:
    (job_id,) = perform(SYSTEM, ask, name="test.count")
    for _ in range(jobs.MOST_DEATHS * 2):
        perform(SYSTEM, hold, run=claim_one(database, "x"), progress={"rows": 1})
        jobs.release(database, ["x"])
    for _ in range(jobs.MOST_DEATHS - 1):
        claim_one(database, "x")
        jobs.release(database, ["x"])
    assert jobs.claim(database, "x", 1) == []
    row = stored(database, job_id)
    assert row.state == "failed" and "died" in (row.error or "")


def test_a_worker_does_only_so_many_of_a_name_at_once(database: Database) -> None:
    perform(SYSTEM, ask, name="test.one_at_once", count=3)
    perform(SYSTEM, ask, name="test.count")
    assert [run.name for run in jobs.claim(database, "a", 4)] == ["test.one_at_once", "test.count"]
    assert jobs.claim(database, "a", 4, {"test.one_at_once": 1}) == []
    assert [run.name for run in jobs.claim(database, "b", 4)] == ["test.one_at_once"]


def test_a_key_is_one_job_whoever_asks_and_runs_again_when_it_has_ended(database: Database, mary: Actor) -> None:
    (first,) = perform(SYSTEM, ask, name="test.count", key="k")
    assert perform(SYSTEM, ask, name="test.count", key="k") == [first]
    jobs.execute(database, claim_one(database))
    assert stored(database, first).state == "done"
    assert perform(SYSTEM, ask, name="test.count", key="k") == [first]
    assert claim_one(database).job_id == first


def _live(folder: Path) -> None:
    lifeline.Lifeline(folder, "worker:1:x")
    time.sleep(60)


def test_a_process_that_is_killed_is_known_to_be_dead_and_no_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_live, args=(tmp_path,))
    process.start()
    while not (tmp_path / "worker:1:x").exists():
        assert process.is_alive()
        time.sleep(0.02)
    mine = lifeline.Lifeline(tmp_path, "worker:2:y")
    assert lifeline.dead(tmp_path) == []
    process.kill()
    process.join()
    assert lifeline.dead(tmp_path) == ["worker:1:x"]
    lifeline.forget(tmp_path, "worker:1:x")
    assert lifeline.dead(tmp_path) == []
    mine.let_go()
    assert list(tmp_path.iterdir()) == []
