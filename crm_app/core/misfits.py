"""Why a value does not fit its type, in sentences of ours: the library that checks speaks English only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from crm_app.core.errors import BadInput, Reason

MOST = 50
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), f"core.error.value_{kind}")
    for pattern, kind in (
        (r"missing(_argument|_keyword_only_argument)?", "missing"),
        (r"extra_forbidden|unexpected_keyword_argument", "unknown"),
        (r"literal_error|enum", "choice"),
        (r"string_too_long", "long"),
        (r"string_too_short", "short"),
        (r"too_long", "many"),
        (r"too_short", "few"),
        (r"less_than(_equal)?", "most"),
        (r"greater_than(_equal)?", "least"),
        (r"(int|float|decimal|finite_number)_\w+|multiple_of", "number"),
        (r"bool_\w+", "flag"),
        (r"date_\w+", "day"),
        (r"datetime_\w+|timezone_\w+|time_\w+", "moment"),
        (r"string_pattern_mismatch", "form"),
        (r"string_\w+", "text"),
        (r"(list|tuple|set|frozen_set|iterable)_\w+", "list"),
        (r"(dict|model|dataclass|mapping)_\w+", "object"),
        (r"json_\w+", "json"),
    )
)
_LIMITS = ("max_length", "min_length", "le", "lt", "ge", "gt", "expected")


def refusal(error: ValidationError) -> BadInput:
    """What is said to who sent it: each thing that does not fit, by the path of its field, at most MOST of them."""
    reasons = [_reason(one) for one in error.errors(include_url=False, include_input=False)[:MOST]]
    return BadInput("core.error.bad_arguments", fields=", ".join(r.field for r in reasons)[:500], reasons=reasons)


def _reason(one: Mapping[str, Any]) -> Reason:
    field = ".".join(map(str, one["loc"]))
    limits = one.get("ctx") or {}
    limit = next((limits[name] for name in _LIMITS if name in limits), "")
    if isinstance(limit, str):
        limit = limit.replace(" or ", ", ")
    for kind, key in _KINDS:
        if kind.fullmatch(one["type"]):
            return Reason("core.error.bad_value", field, {"limit": limit}, key=key)
    return Reason("core.error.bad_value", field)
