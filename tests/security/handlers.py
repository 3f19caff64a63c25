"""Every handler that a socket can call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def names() -> list[str]:
    """The event names of all of them, the framework's own too."""
    import crm_app.crm_app  # noqa: F401 - registers the States
    from crm_app.ui.reflex_internals import event_names

    return event_names()


def every() -> Iterator[tuple[int, str, str, Callable[..., Any]]]:
    """Each handler: a number of its own, its name, the name of what opens its page ("" for none), the function."""
    from crm_app.ui.reflex_internals import function_of

    for number, name in enumerate(names()):
        opened = name.rpartition(".")[0] + ".opened"
        yield number, name, opened if function_of(opened) else "", function_of(name)
