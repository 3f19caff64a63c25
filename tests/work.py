"""Does the jobs that are due, here and now, as a worker would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from crm_app.core import clock, jobs
from crm_app.core.db import database


def work_off() -> None:
    """Run every job that is due, and those that follow from them. Fails where one of them did."""
    while claimed := jobs.claim(database(), "test", 50):
        for run in claimed:
            jobs.execute(database(), run)
    with database().session(writes=False) as session:
        errors = session.execute(select(jobs.JobRow.error).where(jobs.JobRow.error.is_not(None))).scalars().all()
    assert errors == []


@contextmanager
def working(*, beats: bool = False) -> Iterator[None]:
    """Have jobs done while the block runs, as a worker beside the server would. beats: it says that it lives."""
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.05):
            for run in jobs.claim(database(), "test", 10):
                jobs.execute(database(), run)

    if beats:
        jobs.beat(database(), "test", clock.now())
    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        done.set()
        worker.join()
