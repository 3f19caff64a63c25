"""A filter in the address of a list, so that a link opens the same list."""

from __future__ import annotations

import json
from typing import Any

from crm_app.cards.filters import GROUPS

LONGEST = 20_000


def read_filter(text: Any) -> dict[str, Any]:
    """The filter that an address names; none where it is none: the list itself says what is wrong inside of one."""
    try:
        found = json.loads(str(text or "")[:LONGEST] or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_filter(conditions: dict[str, Any]) -> str:
    """A filter as it stands in an address, "" for one without conditions."""
    if not any(conditions.get(how) for how in GROUPS):
        return ""
    return json.dumps(conditions, ensure_ascii=False, separators=(",", ":"))
