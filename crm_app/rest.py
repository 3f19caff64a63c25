"""The REST API as one application: the endpoints of all features, and what tells about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from crm_app import features
from crm_app.access.programs import holder_of
from crm_app.api.docs import docs_routes
from crm_app.api.endpoints import Endpoint
from crm_app.api.rest_app import RestApp
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.merged import find_merged
from crm_app.core.actor import Actor
from crm_app.core.door import perform

ROOT = "/api/v1"
DESCRIPTION = f"{ROOT}/openapi.json"
LONGEST_ID = 10
MODULES = (
    "api",
    "bulk_api",
    "converting_api",
    "employees_api",
    "fields_api",
    "imports_api",
    "mailings_api",
    "parts_api",
    "shelf_api",
)
"""Modules of a feature that may have `endpoints`."""


def endpoints() -> Iterator[Endpoint]:
    """Every endpoint, feature by feature."""
    for feature in features.FEATURES:
        for module in MODULES:
            name = f"crm_app.{feature}.{module}"
            found = getattr(import_module(name), "endpoints", None) if find_spec(name) else None
            yield from found.all if found else ()


@cache
def rest_app() -> RestApp:
    """All of them as one ASGI application."""
    known = list(endpoints())
    names = [endpoint.name for endpoint in known]
    assert len(set(names)) == len(names), "two endpoints of one name"
    return RestApp(known, holder_of, standing_for)


def rest_routes() -> list[BaseRoute]:
    """What the web application mounts: the description first, for it lies under the same root."""
    return [*docs_routes(list(endpoints()), ROOT), Mount(ROOT, rest_app())]


class RestFirst:
    """Leads programs to the API at once: the layers around the pages took a program's short answer half of its time.

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


def standing_for(actor: Actor, places: Mapping[str, str]) -> dict[str, str]:
    """The cards into which those of an address were merged, by the names of their places; {} where none was."""
    kind = places.get("kind", "")
    named = {place: kind if place == "card_id" else place.removesuffix("_id") for place in places}
    asked = {place: card for place, card in named.items() if card in KINDS and places[place].isascii()}
    found = {
        place: perform(actor, find_merged, card=card, card_id=int(places[place]))
        for place, card in asked.items()
        if places[place].isdigit() and len(places[place]) < LONGEST_ID
    }
    return {place: str(card_id) for place, card_id in found.items() if card_id}
