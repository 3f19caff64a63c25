"""`GET /api/health`: whether the parts that this process depends on answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from crm_app import __version__
from crm_app.core import jobs, shared
from crm_app.core.db import database
from crm_app.core.settings import settings


async def health(request: Request) -> JSONResponse:
    """The state of this process, for people, load balancers and tests that wait for the start."""
    try:
        parts = await run_in_threadpool(_parts)
    except (SQLAlchemyError, OSError, TimeoutError):
        return JSONResponse({"status": "database away", "version": __version__, "database": "away"}, 503)
    return JSONResponse({"status": "ok", "version": __version__, **parts})


def _parts() -> dict[str, Any]:
    """The parts that live outside this process. A worker that is away makes things late, not wrong: no 503."""
    parts: dict[str, Any] = {"database": "ok", "worker": asdict(jobs.health(database()))}
    if settings().redis_url:
        parts["redis"] = "away" if shared.is_away() else "ok"
    return parts


routes = [Route("/api/health", health)]
