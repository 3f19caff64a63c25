"""The few names of Reflex 0.10.1 that are not its public face, in one place. Reflex is pinned to that version."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.utils.format import format_event_handler
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

SOCKETS = "/_event"
"""Where sockets are opened."""
_ROOT = "reflex___state____state."
BROWSERS_OWN = frozenset(
    {
        _ROOT + "hydrate_and_load",
        _ROOT + "reflex___state____on_load_internal_state.on_load_internal",
        _ROOT + "reflex___state____on_load_internal_state.set_is_hydrated",
        _ROOT + "reflex___state____update_vars_internal_state.update_vars_internal",
        _ROOT + "reflex___state____frontend_event_exception_state.handle_frontend_exception",
    }
)
"""Handlers of the framework that a browser sends by itself; setvar and the rest of the framework's are not here."""


def tamed(event_name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """What is left of a payload for a handler of the framework's own, which checks nothing by itself.

    No var of ours lives in the browser's storage, so nothing that a browser claims to remember is taken.
    """
    handler = event_name.rpartition(".")[2]
    if handler == "hydrate_and_load":
        hashes = payload.get("hashes")
        known = isinstance(hashes, list) and len(hashes) < 1_000 and all(isinstance(each, str) for each in hashes)
        return {"vars": {}, "hashes": hashes if known else None}
    if handler == "update_vars_internal":
        return {"vars": {}}
    if handler == "set_is_hydrated":
        return {"value": payload.get("value") is True}
    if handler == "handle_frontend_exception":
        return {name: ascii(str(payload.get(name, ""))[:2_000]) for name in ("info", "component_stack")}
    return {}


def function_of(event_name: str) -> Any:
    """The function behind an event's name, or None where none is registered."""
    registered = RegistrationContext.get().event_handlers.get(event_name)
    return registered.handler.fn if registered is not None else None


def event_names() -> list[str]:
    """The name of every handler that a socket can call."""
    return sorted(RegistrationContext.get().event_handlers)


def name_of(handler: Any) -> str:
    """The event name of a State's handler."""
    return str(format_event_handler(handler))


def came_from_outside() -> bool:
    """Whether the event being processed was sent by a browser, not by a handler of ours."""
    return EventContext.get().parent_txid is None


async def is_open(app: rx.App, token: str) -> bool:
    """Whether a tab's socket is connected to this process."""
    namespace = app.event_namespace
    return namespace is not None and await namespace._token_manager.is_token_connected(token)


async def send_event(app: rx.App, token: str, event_name: str) -> None:
    """Have a tab's handler run on the server, as if the tab had asked."""
    await app.event_processor.enqueue(token, Event(name=event_name, payload={}))


def leave_redis_alone(app: rx.App) -> None:
    """End what listens to Redis: it would only fail, and is started anew with the next tab."""
    tokens = app.event_namespace._token_manager if app.event_namespace is not None else None
    listening = ((tokens, "_socket_record_task"), (tokens, "_lost_and_found_task"), (app._state_manager, "_lock_task"))
    for owner, name in listening:
        task = getattr(owner, name, None)
        if task is not None and not task.cancel() and not task.cancelled():
            task.exception()  # it has been heard: otherwise its end is told with a traceback
