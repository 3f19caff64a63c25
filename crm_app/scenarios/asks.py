"""What triggers and steps ask for where a scenario is put together: the screens show a field for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

AskKind = Literal["text", "long", "number", "stage", "employee", "field", "changed", "unit", "conditions"]
UNITS = ("minutes", "hours", "days")
LONGEST = 2_000
MOST_NUMBER = 10_000


@dataclass(frozen=True)
class Ask:
    """One thing that is asked for. kind "employee": an id, or "responsible"; "number": whole and not negative."""

    name: str
    kind: AskKind
    is_needed: bool = True


def read(ask: Ask, value: Any) -> Any:
    """What was told, as it is kept: texts trimmed, figures as numbers. Raises ValueError, TypeError."""
    if ask.kind == "conditions":
        if not isinstance(value, dict):
            raise TypeError
        return value
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise TypeError
    text = str(value).strip()
    if (ask.is_needed and not text) or len(text) > LONGEST:
        raise ValueError(ask.name)
    if ask.kind == "unit" and text not in UNITS:
        raise ValueError(ask.name)
    is_figure = ask.kind in ("number", "stage") or (ask.kind == "employee" and text != "responsible")
    if not text or not is_figure:
        return text
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(ask.name)
    if ask.kind == "number" and int(text) > MOST_NUMBER:
        raise ValueError(ask.name)
    return int(text)
