"""Work that must happen although a process may die: rows that workers claim.

A job is written in the transaction of the change that asks for it. A worker claims due jobs by one conditional UPDATE
with a lease; who dies lets the lease run out, and another claims the job again; on the same machine at once, since
core/lifeline.py tells of the death. A unique key makes a second wish for the same work the same row. Failures are tried
again with growing pauses.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Index, and_, case, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Field, SQLModel

from crm_app.core import clock
from crm_app.core.db import BigId, Database, Json, Moment
from crm_app.core.policy import past_the_policies

if TYPE_CHECKING:
    from crm_app.core.door import Tx

log = logging.getLogger("crm.jobs")

READY, RUNNING, DONE, FAILED = "ready", "running", "done", "failed"
LEASE = timedelta(seconds=30)
KEEP_DONE = timedelta(days=2)
MOST_TRIES = 8
MOST_DEATHS = 24
"""A job that got nowhere in so many tries is what kills the workers."""


class JobRow(SQLModel, table=True):
    """One piece of work. progress and outcome: JSON for the screen that waits for it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str
    key: str | None = Field(default=None, unique=True)
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    run_at: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    state: str = Field(default=READY, sa_column_kwargs={"server_default": READY})
    holder: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    error: str | None = None
    progress: dict[str, Any] | None = Field(default=None, sa_type=Json)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)


_ONE_TRY_LESS = case((JobRow.tries > 0, JobRow.tries - 1), else_=0)


class LeaseLost(Exception):
    """The job is another worker's by now: stop at once, without a word."""


@dataclass
class Run:
    """One try at a job, in the hands of one worker.

    A handler does its work through the door, in transactions of its own, and calls `hold()` inside each of them: that
    makes sure, in the same transaction, that the job is still ours. `finish(tx)` in the last one makes it exactly once.
    stopping: set when the worker is told to stop; a long handler then puts down what it has and ends.
    """

    job_id: int
    name: str
    arguments: dict[str, Any]
    holder: str
    tries: int
    stopping: threading.Event = field(default_factory=threading.Event)

    def hold(self, tx: Tx, progress: dict[str, Any] | None = None) -> None:
        """Extend the lease within a transaction. Raises LeaseLost where another worker has the job.

        With progress the job has got on, so that its tries are counted anew.
        """
        values: dict[str, Any] = {"lease_until": clock.now() + LEASE}
        if progress is not None:
            values |= {"progress": progress, "tries": 1}
        self._update(tx, values)

    def finish(self, tx: Tx, progress: dict[str, Any] | None = None) -> None:
        """Close the job within the transaction of its last change."""
        values: dict[str, Any] = {"state": DONE, "lease_until": None, "finished_at": tx.now, "error": None}
        if progress is not None:
            values["progress"] = progress
        self._update(tx, values)

    def postpone(self, tx: Tx, at: datetime) -> None:
        """Give the job back until a time, within the transaction; the try does not count."""
        self._update(tx, {"state": READY, "holder": None, "lease_until": None, "run_at": at, "tries": _ONE_TRY_LESS})

    def _update(self, tx: Tx, values: dict[str, Any]) -> None:
        mine = and_(JobRow.id == self.job_id, JobRow.holder == self.holder, JobRow.state == RUNNING)
        with past_the_policies(tx.session):  # on whose behalf the work is done, they don't see jobs
            if tx.session.execute(update(JobRow).where(mine).values(**values)).rowcount != 1:
                raise LeaseLost


@dataclass(frozen=True)
class Later(Exception):
    """Raised by a handler that can't go on now: the job is tried again at that time, and no try is counted."""

    at: datetime


Handler = Callable[[Run], None]
HANDLERS: dict[str, Handler] = {}
_AT_ONCE: dict[str, int] = {}


def job(name: str, *, at_once: int = 0) -> Callable[[Handler], Handler]:
    """Mark the function that does the jobs of a name. at_once: how many of them one worker does at once; 0: any."""

    def mark(function: Handler) -> Handler:
        assert name not in HANDLERS or HANDLERS[name] is function, name
        HANDLERS[name] = function
        if at_once:
            _AT_ONCE[name] = at_once
        return function

    return mark


def enqueue(tx: Tx, name: str, *, key: str | None = None, run_at: datetime | None = None, **arguments: Any) -> JobRow:
    """Ask for a job in this transaction. With a key that exists, its job is given (and run again if ended)."""
    known = _again(tx, key, run_at or tx.now, arguments) if key is not None else None
    if known is not None:
        return known
    return tx.add(JobRow(name=name, key=key, run_at=run_at or tx.now, created_at=tx.now, arguments=arguments))


def _again(tx: Tx, key: str, run_at: datetime, arguments: dict[str, Any]) -> JobRow | None:
    """The job of a key, at least as early as wanted. Nobody sees jobs, but whoever asks for one may ask twice."""
    with past_the_policies(tx.session):
        wanted = select(JobRow).where(JobRow.key == key).with_for_update()
        known: JobRow | None = tx.session.execute(wanted).scalar_one_or_none()
        if known is not None:
            if known.state in (DONE, FAILED):
                known.state, known.tries, known.error, known.arguments = (READY, 0, None, arguments)
                known.run_at = run_at
            elif known.state == READY:
                known.run_at = min(known.run_at, run_at)
            tx.session.flush()
    return known


# ---- what the worker does, outside the door: it has no actor and touches only the rows of this table


def claim(database: Database, holder: str, limit: int, busy: Mapping[str, int] | None = None) -> list[Run]:
    """Take up to `limit` due jobs for a worker, oldest first; those of dead workers too.

    busy: how many jobs of each name the worker has in hand, for names of which it does only so many at once.
    """
    busy = busy or {}
    full = [name for name, most in _AT_ONCE.items() if busy.get(name, 0) >= most]
    now = clock.now()
    due = and_(_is_due(now), JobRow.name.in_(HANDLERS.keys() - set(full)))
    with database.session(writes=False) as session:  # asking costs nobody the write lock
        if session.execute(select(JobRow.id).where(due).limit(1)).first() is None:
            return []
    wanted = select(JobRow).where(due).order_by(JobRow.run_at, JobRow.id).limit(limit)
    with database.session(writes=True) as session:
        found = list(session.execute(wanted.with_for_update(skip_locked=True)).scalars())
        taken = [row for row in _within_limits(found, busy) if not _is_deadly(row, now)]
        for row in taken:
            row.state, row.holder, row.lease_until, row.tries = RUNNING, holder, now + LEASE, row.tries + 1
        session.commit()
    return [Run(row.id, row.name, row.arguments, holder, row.tries) for row in taken]


def claim_one(database: Database, holder: str, key: str) -> Run | None:
    """Take the due job of a key, unless another has it."""
    now = clock.now()
    with database.session(writes=True) as session:
        wanted = select(JobRow).where(JobRow.key == key, _is_due(now)).with_for_update(skip_locked=True)
        row = session.execute(wanted).scalar_one_or_none()
        if row is None:
            return None
        row.state, row.holder, row.lease_until, row.tries = RUNNING, holder, now + LEASE, row.tries + 1
        session.commit()
    return Run(row.id or 0, row.name, row.arguments, holder, row.tries)


def failure(database: Database, key: str) -> str:
    """Why the job of a key was given up; "" for one that was not."""
    with database.session(writes=False) as session:
        wanted = select(JobRow.error).where(JobRow.key == key, JobRow.state == FAILED)
        return session.execute(wanted).scalar_one_or_none() or ""


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(JobRow.state == READY, JobRow.run_at <= now), and_(JobRow.state == RUNNING, JobRow.lease_until < now)
    )


def _within_limits(rows: list[JobRow], busy: Mapping[str, int]) -> Iterator[JobRow]:
    """Those that the worker may take beside what it has in hand."""
    in_hand = Counter(busy)
    for row in rows:
        if row.name not in _AT_ONCE or in_hand[row.name] < _AT_ONCE[row.name]:
            in_hand[row.name] += 1
            yield row


def _is_deadly(row: JobRow, now: datetime) -> bool:
    """Whether the job must be what kills the workers that try it; it then stands as failed."""
    if row.tries < MOST_DEATHS:
        return False
    row.state, row.holder, row.lease_until, row.finished_at = FAILED, None, None, now
    row.error = f"the worker died {row.tries} times over it"
    return True


def release(database: Database, dead: list[str]) -> None:
    """End the leases of workers that are known to be dead."""
    with database.session(writes=True) as session:
        theirs = and_(JobRow.holder.in_(dead), JobRow.state == RUNNING)
        session.execute(update(JobRow).where(theirs).values(lease_until=clock.now() - timedelta(seconds=1)))
        session.execute(delete(WorkerBeat).where(WorkerBeat.holder.in_(dead)))
        session.commit()


def renew(database: Database, holder: str) -> None:
    """Extend the leases of everything that a living worker holds."""
    with database.session(writes=True) as session:
        mine = and_(JobRow.holder == holder, JobRow.state == RUNNING)
        session.execute(update(JobRow).where(mine).values(lease_until=clock.now() + LEASE))
        session.commit()


def close(database: Database, run: Run) -> None:
    """Note the end of a job whose handler did not finish it in a transaction of its own."""
    _settle(database, run, {"state": DONE, "finished_at": clock.now(), "error": None})


def postpone(database: Database, run: Run, at: datetime) -> None:
    """Give a job back until a time; the try does not count."""
    _settle(database, run, {"state": READY, "run_at": at, "tries": _ONE_TRY_LESS})


def fail(database: Database, run: Run, error: str) -> None:
    """Note a failed try; after the last one the job stands as failed."""
    tries = _tries(database, run)
    if tries >= MOST_TRIES:
        _settle(database, run, {"state": FAILED, "finished_at": clock.now(), "error": error[:2000]})
        return
    pause = timedelta(seconds=min(2.0**tries, 600))
    _settle(database, run, {"state": READY, "run_at": clock.now() + pause, "error": error[:2000]})


def _tries(database: Database, run: Run) -> int:
    """Tries without progress: the run itself does not know whether what it noted last was kept."""
    with database.session(writes=False) as session:
        return session.execute(select(JobRow.tries).where(JobRow.id == run.job_id)).scalar() or 0


def _settle(database: Database, run: Run, values: dict[str, Any]) -> None:
    with database.session(writes=True) as session:
        mine = and_(JobRow.id == run.job_id, JobRow.holder == run.holder, JobRow.state == RUNNING)
        session.execute(update(JobRow).where(mine).values(lease_until=None, holder=None, **values))
        session.commit()


def next_due(database: Database) -> datetime | None:
    """When the next job is due, for a worker that wants to sleep until then."""
    with database.session(writes=False) as session:
        return session.execute(
            select(JobRow.run_at).where(JobRow.state == READY).order_by(JobRow.run_at).limit(1)
        ).scalar()


_NOW_AND_THEN: set[str] = set()


def now_and_then(name: str) -> None:
    """Have the jobs of a name done whenever the worker tidies up, with no arguments: one at a time."""
    _NOW_AND_THEN.add(name)


def ask_now_and_then(database: Database) -> None:
    """Make those jobs due that are not under way."""
    now = clock.now()
    with database.session(writes=True) as session:
        known = {row.key: row for row in session.execute(select(JobRow).where(JobRow.key.in_(_NOW_AND_THEN))).scalars()}
        for name in sorted(_NOW_AND_THEN - known.keys()):
            session.add(JobRow(name=name, key=name, run_at=now, created_at=now))
        for row in known.values():
            if row.state in (DONE, FAILED):
                row.state, row.tries, row.error, row.run_at = READY, 0, None, now
        session.commit()


def forget_done(database: Database) -> None:
    """Delete jobs that ended long ago."""
    with database.session(writes=True) as session:
        old = and_(JobRow.state == DONE, JobRow.finished_at < clock.now() - KEEP_DONE)
        session.execute(delete(JobRow).where(old))
        session.commit()


def execute(database: Database, run: Run) -> None:
    """Do one claimed job and note how it ended."""
    try:
        HANDLERS[run.name](run)
    except LeaseLost:
        log.warning("job %s %s went to another worker", run.job_id, run.name)
    except Later as later:
        postpone(database, run, later.at)
    except SQLAlchemyError:
        log.exception("job %s %s: the database failed", run.job_id, run.name)
        raise
    except Exception as error:
        log.exception("job %s %s failed (try %s)", run.job_id, run.name, run.tries)
        fail(database, run, f"{type(error).__name__}: {error}")
    else:
        close(database, run)


class WorkerBeat(SQLModel, table=True):
    """A living worker: says so every few seconds."""

    __tablename__ = "worker_beat"

    holder: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)


def beat(database: Database, holder: str, started_at: datetime) -> None:
    """Say that a worker lives, and forget those that have been silent for an hour."""
    now = clock.now()
    with database.session(writes=True) as session:
        session.merge(WorkerBeat(holder=holder, started_at=started_at, seen_at=now))
        session.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < now - timedelta(hours=1)))
        session.commit()


def leave(database: Database, holder: str) -> None:
    """Say that a worker has ended."""
    with database.session(writes=True) as session:
        session.execute(delete(WorkerBeat).where(WorkerBeat.holder == holder))
        session.commit()


@dataclass(frozen=True)
class Health:
    """Whether a worker lives, and how long the oldest due job has waited (seconds)."""

    alive: bool
    lag_seconds: float


def health(database: Database) -> Health:
    """How the workers are: alive means a beat within the last 15 seconds."""
    now = clock.now()
    with database.session(writes=False) as session:
        seen = session.execute(select(WorkerBeat.seen_at).order_by(WorkerBeat.seen_at.desc()).limit(1)).scalar()
        due = and_(JobRow.state == READY, JobRow.run_at <= now)
        oldest = session.execute(select(JobRow.run_at).where(due).order_by(JobRow.run_at).limit(1)).scalar()
    alive = seen is not None and now - seen < timedelta(seconds=15)
    return Health(alive, round((now - oldest).total_seconds(), 3) if oldest else 0.0)
