"""For properties: what a function gives, or how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_app.core.errors import BadInput


def outcome(function: Callable[..., Any], *arguments: Any) -> tuple[Any, BadInput | None]:
    """(result, None) or (None, refusal)."""
    try:
        return function(*arguments), None
    except BadInput as refusal:
        return None, refusal
