"""Does the jobs that are due, here and now, as a worker would."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.core import jobs
from crm_app.core.db import database


def work_off() -> None:
    """Run every job that is due, and those that follow from them. Fails where one of them did."""
    while claimed := jobs.claim(database(), "test", 50):
        for run in claimed:
            jobs.execute(database(), run)
    with database().session(writes=False) as session:
        errors = session.execute(select(jobs.JobRow.error).where(jobs.JobRow.error.is_not(None))).scalars().all()
    assert errors == []
