"""The few names of Reflex 0.10.1 that are not its public face, in one place. Reflex is pinned to that version."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.state import BaseState
from reflex.utils.format import format_event_handler
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from crm_app.core.small_queue import SmallQueue

_SOCKETS = "/_event"
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


def lighten_states() -> None:
    """Have States make their two sets of what has changed when they are first asked for them.

    A tab has a State of each screen, some forty, and has opened a few: empty sets were 16 of the 27 kB that it weighed.
    Reflex lets no subclass say otherwise, so it is its own class that changes.
    """
    type.__setattr__(BaseState, "_init_bookkeeping", _init_bookkeeping)
    type.__setattr__(BaseState, "__getattr__", _made_when_asked)


def _init_bookkeeping(state: BaseState, parent_state: BaseState | None = None) -> None:
    for name, value in (("parent_state", parent_state), ("substates", {}), ("_was_touched", False)):
        object.__setattr__(state, name, value)


def _made_when_asked(state: BaseState, name: str) -> Any:
    if name not in ("dirty_vars", "dirty_substates"):
        return object.__getattribute__(state, name)  # fails, and says why, as it would without this function
    made: set[str] = set()
    object.__setattr__(state, name, made)
    return made


def is_for_sockets(path: str) -> bool:
    """Whether sockets are opened at a path."""
    return path == _SOCKETS or path.startswith(_SOCKETS + "/")


def socket_part(app: rx.App) -> ASGIApp:
    """The part of the application that serves sockets, without what is put around it for requests."""
    api: Any = app._api
    (part,) = (route.app for route in api.routes if isinstance(route, Mount) and route.path == _SOCKETS)

    engine: Any = app.sio and app.sio.eio
    engine.create_queue = SmallQueue

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        app._set_contexts_internal()
        await part(scope, receive, send)

    return served


def leave_redis_alone(app: rx.App) -> None:
    """End what listens to Redis: it would only fail, and is started anew with the next tab."""
    tokens = app.event_namespace._token_manager if app.event_namespace is not None else None
    listening = ((tokens, "_socket_record_task"), (tokens, "_lost_and_found_task"), (app._state_manager, "_lock_task"))
    for owner, name in listening:
        task = getattr(owner, name, None)
        if task is not None and not task.cancel() and not task.cancelled():
            task.exception()  # it has been heard: otherwise its end is told with a traceback
