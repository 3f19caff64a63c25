"""`GET /api/health`: whether the parts that this process depends on answer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from crm_app import __version__


async def health(request: Request) -> JSONResponse:
    """The state of this process, for people, load balancers and tests that wait for the start."""
    return JSONResponse({"status": "ok", "version": __version__})


routes = [Route("/api/health", health)]
