"""From the board to the list of the same deals, and back: what the address of one says, in the words of the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from crm_app.cards.filters import ME
from crm_app.cards.screens.address import write_filter
from crm_app.deals.fields import LIST

BOARD = "/deals"
_OPEN = {"field": "open", "op": "eq", "value": True}


def list_of(pipeline_id: int, conditions: dict[str, Any], words: str, *, mine: bool, with_closed: bool) -> str:
    """The address of the list of what a board shows."""
    parts: list[Any] = [{"field": "pipeline_id", "op": "eq", "value": str(pipeline_id)}] if pipeline_id else []
    parts += [] if with_closed else [_OPEN]
    parts += [{"field": "responsible_id", "op": "eq", "value": ME}] if mine else []
    return _address(LIST, filter=write_filter({"all": [*parts, *_clauses(conditions)]}), q=words)


def board_of(conditions: dict[str, Any], words: str) -> str:
    """The address of the board of what a list shows: of its pipeline where it names one, else of the first."""
    clauses = _clauses(conditions)
    ways = [each["value"] for each in clauses if each.get("field") == "pipeline_id" and each.get("op", "eq") == "eq"]
    pipeline = str(ways[0]) if len(ways) == 1 else ""
    rest = [each for each in clauses if each != _OPEN and not (pipeline and each.get("field") == "pipeline_id")]
    closed = "" if _OPEN in clauses else "1"
    written = write_filter({"all": rest}) if rest else ""
    return _address(BOARD, pipeline=pipeline, closed=closed, filter=written, q=words)


def _clauses(conditions: dict[str, Any]) -> list[Any]:
    """What must hold together: the parts of an "all", or the filter as the one part."""
    if not conditions:
        return []
    inner = conditions.get("all")
    return list(inner) if isinstance(inner, list) and len(conditions) == 1 else [conditions]


def _address(path: str, **told: str) -> str:
    query = urlencode({name: value for name, value in told.items() if value})
    return f"{path}?{query}" if query else path
