"""The guard of the web socket: every event of every tab passes it. Refused is what is not expressly allowed.

Every public method of a State can be called by anyone who opens a socket, with any payload. So: identity comes from the
session's cookie alone; a handler without a permission is refused; payloads must fit the handler's types exactly; a
tab's token works only for the session that made it; too many events are not even looked at.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import logging
import re
import typing
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import reflex as rx
from limits import RateLimitItemPerSecond
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from reflex.event import Event
from reflex.middleware import Middleware
from reflex.state import BaseState, StateUpdate

from crm_app.access import cookies, sessions
from crm_app.access.screens import health
from crm_app.access.screens.base import current_actor, is_page_opener
from crm_app.access.screens.frame_state import Frame
from crm_app.access.screens.socket_gate import connected_or_closed
from crm_app.core import shared
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import FAILURES
from crm_app.core.errors import CrmError
from crm_app.core.i18n import LOCALES, text
from crm_app.core.settings import settings
from crm_app.core.windows import Windows
from crm_app.ui import reflex_internals
from crm_app.ui.live import watchers

log = logging.getLogger("crm.security")

PER_TAB = RateLimitItemPerSecond(300, 10)
PER_ADDRESS = RateLimitItemPerSecond(3_000, 10)

_LANGUAGE = re.compile(rf"(?:^|; ?)lang=({'|'.join(LOCALES)})(?:;|$)")
_tabs = Windows()
"""A tab's socket is this process's alone; what comes from an address is counted by all of them together."""


class Guard(Middleware):
    """Judges one event: whose is it, may they, does it fit."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        cookie = state.router.headers.cookie or ""
        token = cookies.token_from(cookie)
        actor = await _resolve(token)
        current_actor.set(_spoken_to(actor or NOBODY, cookie))
        await _wipe_if_anothers(state, token)
        if event.name in reflex_internals.BROWSERS_OWN:
            if reflex_internals.came_from_outside():
                _put(event, reflex_internals.tamed(event.name, event.payload))
            return None
        permission = getattr(reflex_internals.function_of(event.name), "__crm_permission__", None)
        if actor is None:
            return await _put_off(state, event)
        if permission is None or not actor.may(permission):
            log.warning("refused event %s to %s %s", _plain(event.name), actor.kind, actor.id)
            return await _send_away(state, event, actor)
        if reflex_internals.came_from_outside() and not _fits(event):
            log.warning("bad payload of %s from %s %s", _plain(event.name), actor.kind, actor.id)
            return await _say(state, "core.error.bad_event")
        return None


def _spoken_to(actor: Actor, cookie: str) -> Actor:
    """The actor with the language of this browser: server and page speak one, whatever was chosen elsewhere."""
    locale = _LANGUAGE.search(cookie)
    return replace(actor, locale=locale[1]) if locale else actor


async def _resolve(token: str) -> Actor | None:
    """Who it is; None where that can't be known, since the database is away."""
    if not token:
        return NOBODY
    try:
        return sessions.known(token) or await asyncio.to_thread(sessions.resolve, token)
    except CrmError:
        log.exception("a session can't be read")
        return NOBODY
    except FAILURES:
        log.warning("a session can't be read: the database is away")
        health.database_failed()
        return None


async def _put_off(state: BaseState, event: Event) -> StateUpdate | None:
    """Nobody is sent away for a database that does not answer: a page is opened later, what is done is refused."""
    if event.name == reflex_internals.name_of(Frame.health_changed):
        return None
    if not event.name.endswith(".opened"):
        return await _say(state, "core.error.database_away")
    (await state.get_state(Frame))._open_later_too(event.name)
    return await _update_of(state)


async def _wipe_if_anothers(state: BaseState, token: str) -> None:
    """Blank the tab's state where it was filled under another session: its former owner's data are not for this one."""
    frame = await state.get_state(Frame)
    mark = _mark(token)
    if frame._session_mark == mark:
        return
    if frame._session_mark:
        log.warning("a tab came back under another session: its state was wiped")
        router_data = state.router_data
        state._get_root_state().reset()
        state.router_data = router_data
    frame._session_mark = mark


async def _send_away(state: BaseState, event: Event, actor: Actor) -> StateUpdate:
    if actor is not NOBODY and actor.kind != NOBODY.kind:
        if actor.is_guest and not state.router.url.path.startswith("/portal"):
            return _answer(rx.redirect("/portal"))
        if is_page_opener(reflex_internals.function_of(event.name)):
            # A guest is on the way to their own pages already: what still comes of the former page tells them nothing.
            (await state.get_state(Frame)).is_missing = not actor.is_guest
            return await _update_of(state)
        return await _say(state, "core.error.forbidden")
    here = state.router.url.path
    query = urllib.parse.urlencode({"next": here}) if here not in ("", "/", "/login") else ""
    return _answer(rx.redirect(f"/login?{query}" if query else "/login"))


async def _say(state: BaseState, key: str) -> StateUpdate:
    frame = await state.get_state(Frame)
    frame._add_notice(text(key, frame._locale), "bad")
    return await _update_of(state)


async def _update_of(state: BaseState) -> StateUpdate:
    root = state._get_root_state()
    delta = await root._get_resolved_delta()
    root._clean()
    return StateUpdate(delta=delta)


def _answer(*events: Any) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(list(events)))


def _fits(event: Event) -> bool:
    """Whether a payload fits the handler's signature exactly; what fits is put back in its declared types."""
    try:
        json.dumps(event.payload, ensure_ascii=False).encode()  # half a surrogate pair is no text
        shaped = _shape_of(reflex_internals.function_of(event.name)).model_validate(event.payload)
    except (ValidationError, RecursionError, UnicodeEncodeError):
        return False
    _put(event, {name: getattr(shaped, name) for name in type(shaped).model_fields})
    return True


def _put(event: Event, payload: dict[str, Any]) -> None:
    event.payload.clear()
    event.payload.update(payload)


@cache
def _shape_of(function: Callable[..., Any]) -> type[BaseModel]:
    function = inspect.unwrap(function)
    hints = typing.get_type_hints(function)
    shape: dict[str, Any] = {
        parameter.name: (
            hints.get(parameter.name, Any),
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in list(inspect.signature(function).parameters.values())[1:]
    }
    return create_model(function.__name__, __config__=ConfigDict(extra="forbid", strict=True), **shape)


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _plain(name: str) -> str:
    """A name from outside as it may stand in a log."""
    return ascii(name[:200])


# ---- the socket itself


def bind_sockets(app: rx.App) -> None:
    """Tie each socket to its login session, and look at the form and number of its events before anything else."""
    namespace: Any = app.event_namespace
    connect, receive, leave = namespace.on_connect, namespace.on_event, namespace.on_disconnect

    async def on_connect(sid: str, environ: dict[str, Any], *rest: Any) -> Any:
        environ.pop("wsgi.input", None)  # for a request's body; a class of its own is made for each, which weighs 3 kB
        if await asyncio.to_thread(_claim_token, environ):
            return await connected_or_closed(connect(sid, environ, *rest))
        fresh = str(uuid.uuid4())
        query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
        environ["QUERY_STRING"] = urllib.parse.urlencode({**query, "token": fresh})
        await asyncio.to_thread(_claim_token, environ)
        log.warning("a socket presented the token of another session: it was given a new one")
        await namespace.emit("new_token", fresh, to=sid)
        return await connected_or_closed(connect(sid, environ, *rest))

    async def on_event(sid: str, message: Any) -> Any:
        if not shared.is_away() and _is_well_formed(message) and await _is_in_time(sid, namespace):
            return await receive(sid, message)
        return None

    async def on_disconnect(sid: str, *rest: Any) -> Any:
        tab = namespace.sid_to_token.get(sid)
        if tab is not None:
            watchers.forget(tab)
        return await _awaited(leave(sid, *rest))

    namespace.on_connect, namespace.on_event, namespace.on_disconnect = on_connect, on_event, on_disconnect


def _claim_token(environ: dict[str, Any]) -> bool:
    """Note whose token a socket presents; False where it is another session's, or none, or nonsense."""
    query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
    tab = query.get("token", "")
    mark = _mark(cookies.token_from(environ.get("HTTP_COOKIE", "")))
    return bool(tab) and len(tab) <= 100 and shared.is_owner(f"tab:{tab}", mark)


def _is_well_formed(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("name"), str):
        return False
    if not all(isinstance(message.get(part, {}), dict) for part in ("payload", "router_data")):
        return False
    path = message.get("router_data", {}).get("pathname", "/")
    query = message.get("router_data", {}).get("query", {})
    if not isinstance(path, str) or len(path) > 2_000 or not isinstance(query, dict):
        return False
    return reflex_internals.function_of(message["name"]) is not None


async def _is_in_time(sid: str, namespace: Any) -> bool:
    environ = namespace.app.sio.get_environ(sid, namespace.namespace) or {}
    if _tabs.seconds_to_wait(PER_TAB, sid):
        return False
    address = _address_of(environ)
    if not settings().redis_url:  # nothing to wait for: not worth a thread
        return not shared.seconds_to_wait(PER_ADDRESS, "socket", address)
    return not await asyncio.to_thread(shared.seconds_to_wait, PER_ADDRESS, "socket", address)


def _address_of(environ: dict[str, Any]) -> str:
    """The caller's address: of the socket, or as the last trusted proxy tells it.

    REMOTE_ADDR is no help: the socket library writes 127.0.0.1 for everybody.
    """
    hops = settings().proxy_hops
    forwarded = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return str(forwarded[-hops])
    client = environ.get("asgi.scope", {}).get("client") or ("",)
    return str(client[0])


async def _awaited(outcome: Any) -> Any:
    return await outcome if inspect.isawaitable(outcome) else outcome
