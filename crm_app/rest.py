"""The REST API as one application: the endpoints of all features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from crm_app import features
from crm_app.access.programs import holder_of
from crm_app.api.endpoints import Endpoint
from crm_app.api.openapi import describe
from crm_app.api.rest_app import RestApp
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.merged import find_merged
from crm_app.core.actor import Actor
from crm_app.core.door import perform

LONGEST_ID = 10
MODULES = (
    "api",
    "approvals_api",
    "bulk_api",
    "converting_api",
    "employees_api",
    "fields_api",
    "imports_api",
    "links_api",
    "mailings_api",
    "parts_api",
    "roles_api",
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
    """All of them as one ASGI application, which rest_front.py makes when somebody asks for it."""
    known = list(endpoints())
    names = [endpoint.name for endpoint in known]
    assert len(set(names)) == len(names), "two endpoints of one name"
    return RestApp(known, holder_of, standing_for)


def description(root: str) -> dict[str, Any]:
    """What OpenAPI tells of them. root: the path under which they stand."""
    return describe(list(endpoints()), root)


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
