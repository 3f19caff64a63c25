"""What sets a scenario off: each module with a `PLUGIN` is a trigger, and nothing else is edited to add one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from crm_app.core.events import Fact
from crm_app.core.plugins import discover
from crm_app.scenarios.asks import Ask

Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Trigger:
    """facts: which may set it off; none for one that a person sets off. fits: whether a fact is the one asked for."""

    key: str
    facts: tuple[type[Fact], ...] = ()
    asks: tuple[Ask, ...] = ()
    fits: Callable[[Any, Asked], bool] = lambda _fact, _asked: True


@cache
def triggers() -> dict[str, Trigger]:
    """All there are, by their keys."""
    return discover(__name__)
