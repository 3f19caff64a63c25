"""Where a step stands in a scenario: "2" is the third one, "2.then.0" the first of what it does where it fits."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Steps = list[dict[str, Any]]


def place_of(steps: Steps, path: str) -> tuple[Steps, int] | None:
    """The list in which the step of a path stands, and its place there; None where there is no such step."""
    parts = path.split(".")
    inside: Any = _list_at(steps, parts[:-1])
    number = _number(parts[-1])
    return (inside, number) if inside is not None and number < len(inside) else None


def _list_at(steps: Steps, parts: list[str]) -> Steps | None:
    inside: Any = steps
    while parts:
        number = _number(parts[0])
        if len(parts) < 2 or number >= len(inside) or parts[1] not in inside[number]:
            return None
        inside, parts = inside[number][parts[1]], parts[2:]
        if not isinstance(inside, list):
            return None
    return inside


def _number(part: str) -> int:
    return int(part) if part.isascii() and part.isdigit() and len(part) < 4 else 1_000


def with_step(steps: Steps, way: str, step: dict[str, Any]) -> Steps:
    """The steps with another one at the end of a way: "" for the scenario itself, "2.then" for a way of a branch."""
    made = deepcopy(steps)
    inside = _list_at(made, way.split(".") if way else [])
    if inside is not None:
        inside.append(step)
    return made


def with_other(steps: Steps, path: str, step: dict[str, Any]) -> Steps:
    """The steps with another one in the place of one."""
    made = deepcopy(steps)
    found = place_of(made, path)
    if found is not None:
        found[0][found[1]] = step
    return made


def without(steps: Steps, path: str) -> Steps:
    """The steps but for one, and what stands in it."""
    made = deepcopy(steps)
    found = place_of(made, path)
    if found is not None:
        del found[0][found[1]]
    return made


def moved(steps: Steps, path: str, by: int) -> Steps:
    """The steps with one so many places further on, among those beside it."""
    made = deepcopy(steps)
    found = place_of(made, path)
    if found is not None and 0 <= found[1] + by < len(found[0]):
        found[0].insert(found[1] + by, found[0].pop(found[1]))
    return made
