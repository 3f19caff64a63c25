"""Whether the database and the worker are there: looked at every few seconds, told to open screens when it changes."""

from __future__ import annotations

import asyncio
import logging

from crm_app.core import jobs, live
from crm_app.core.db import FAILURES, database

log = logging.getLogger("crm.health")

TOPIC = "health"
DATABASE = "access.trouble.database"
LOOK_SECONDS = 3.0
PATIENCE_SECONDS = 20.0
"""A worker that has just been started is given this long before its absence is told."""

_troubles: list[str] = []


def troubles_now() -> list[str]:
    """Text keys of what is away right now."""
    return list(_troubles)


def database_failed() -> None:
    """Somebody has found the database away: all are told, and again at the next look that finds it back."""
    if DATABASE not in _troubles:
        _troubles[:] = [DATABASE]
        live.publish({TOPIC})


async def watch_health() -> None:
    """Look for as long as the application runs: a lifespan task."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    while True:
        found = await asyncio.to_thread(_look, loop.time() - started > PATIENCE_SECONDS)
        if found != _troubles:
            log.warning("troubles: %s", ", ".join(found) or "none any more")
            _troubles[:] = found
            live.publish({TOPIC})
        await asyncio.sleep(LOOK_SECONDS)


def _look(expect_worker: bool) -> list[str]:
    try:
        health = jobs.health(database())
    except FAILURES:
        return [DATABASE]
    return [] if health.alive or not expect_worker else ["access.trouble.worker"]
