"""What stands before the REST API: where it is, which way requests take to it, and when it is made.

Its endpoints, and what they need, are imported when somebody first asks: a company without programs needs none of them,
and they are four megabytes.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from crm_app.api.docs import docs_routes

ROOT = "/api/v1"
DESCRIPTION = f"{ROOT}/openapi.json"


def rest_routes() -> list[BaseRoute]:
    """What the web application mounts: the description first, for it lies under the same root."""
    return [*docs_routes(_description, ROOT), Mount(ROOT, Rest())]


class Rest:
    """The API as an ASGI application, made at the first request."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            self._app = await asyncio.to_thread(_rest_app)
        await self._app(scope, receive, send)


class RestFirst:
    """Leads programs to the API at once: the layers around the pages were a tenth of an answer.

    app: the whole application. rest: its API, with what belongs to every answer. A request with an Origin comes from
    a page, maybe of another site, and takes the whole way, as does one for the API's description.
    """

    def __init__(self, app: ASGIApp, rest: ASGIApp) -> None:
        self._app, self._rest = app, rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_of_a_program(scope):
            await self._rest({**scope, "root_path": ROOT}, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_of_a_program(scope: Scope) -> bool:
    path = scope["path"]
    is_of_api = path.startswith(f"{ROOT}/") and path != DESCRIPTION
    return is_of_api and not any(name == b"origin" for name, _ in scope["headers"])


def _rest_app() -> ASGIApp:
    made: ASGIApp = import_module("crm_app.rest").rest_app()
    return made


def _description() -> dict[str, Any]:
    """What OpenAPI tells of the endpoints."""
    told: dict[str, Any] = import_module("crm_app.rest").description(ROOT)
    return told
