"""Who a cookie or a key belongs to: asked at every event and request, so remembered for a few seconds.

A change of somebody's access announces the topic "sessions", which makes every process forget at once.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from datetime import timedelta

from crm_app.access.actions.sessions import (
    forget_failures,
    note_failure,
    open_session,
    set_own_password,
    touch_session,
)
from crm_app.access.events import SESSIONS
from crm_app.access.passwords import hash_password, verify_password
from crm_app.access.queries import actor_of_key, actor_of_session, find_account, own_login
from crm_app.access.rules import clean_login
from crm_app.core import clock, live
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.db import FAILURES
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, NeedsLogin
from crm_app.core.secret import key_for

log = logging.getLogger("crm.security")

REMEMBER_SECONDS = 5.0
BELIEVE_SECONDS = 900.0
"""How long somebody is still known while the database is away: they can do nothing in it, but stay on their page."""
MOST_REMEMBERED = 5_000
TOUCH_AFTER = timedelta(minutes=5)

_known: dict[str, tuple[float, Actor]] = {}
_lock = threading.Lock()
_changes = 0
"""How often access was changed: who was looked up before the last time is not remembered."""


def resolve(token: str) -> Actor:
    """The actor of a session's token; NOBODY for none, an unknown or an ended one."""
    return _remembered(f"session:{token}", token) if token else NOBODY


def known(token: str) -> Actor | None:
    """The actor of a session's token where that is remembered, without asking anybody; else None."""
    return _fresh(f"session:{token}")


def resolve_key(key: str) -> Actor:
    """The actor of an API key; NOBODY for none, an unknown or a revoked one."""
    return _remembered(f"key:{key}", key) if key else NOBODY


def _remembered(name: str, secret: str) -> Actor:
    if fresh := _fresh(name):
        return fresh
    found = _known.get(name)
    changes = _changes
    try:
        actor = _looked_up(name, secret)
    except FAILURES:
        if found and time.monotonic() - found[0] < BELIEVE_SECONDS:
            return found[1]
        raise
    if found and vars(found[1]) == vars(actor):
        actor = found[1]  # for whom policies and questions are written already
    with _lock:
        if len(_known) > MOST_REMEMBERED:
            _known.clear()
        if changes == _changes:  # else rights were changed while we looked: the next event looks again
            _known[name] = (time.monotonic(), actor)
    return actor


def _fresh(name: str) -> Actor | None:
    found = _known.get(name)
    return found[1] if found and time.monotonic() - found[0] < REMEMBER_SECONDS else None


def _looked_up(name: str, secret: str) -> Actor:
    if name.startswith("key:"):
        return perform(SYSTEM, actor_of_key, key=secret)
    actor, seen_at = perform(SYSTEM, actor_of_session, token=secret)
    if actor is not NOBODY and clock.now() - seen_at > TOUCH_AFTER:
        perform(SYSTEM, touch_session, session_id=actor.session_id)
    return actor


def forget_all(topics: set[str]) -> None:
    """Forget whom we knew, where a commit changed somebody's access."""
    global _changes
    if SESSIONS in topics:
        with _lock:
            _changes += 1
            _known.clear()


live.watch(forget_all)


def log_in(login: str, password: str, address: str, agent: str) -> str:
    """Open a session; gives its token. Raises NeedsLogin for a wrong pair, TooMany after too many of them.

    An unknown account and a wrong password get the same answer in the same time.
    """
    try:
        login = clean_login(login)
    except BadInput:
        login = "?"
    account = perform(SYSTEM, find_account, login=login, address=address)
    if not verify_password(password, account.password_hash):
        perform(SYSTEM, note_failure, login=login, address=address)
        log.warning("wrong password for %r from %s", login, address)
        raise NeedsLogin("access.error.wrong_password")
    perform(SYSTEM, forget_failures, login=login)
    return perform(SYSTEM, open_session, account=account.key, address=address, agent=agent)


def change_password(actor: Actor, current: str, password: str) -> None:
    """Change one's own password, known the former one: a browser left open is not enough to take an account away.

    Every other session ends. Raises BadInput where `current` is wrong or the new one too short, TooMany after too
    many tries.
    """
    login, address = perform(actor, own_login)
    account = perform(SYSTEM, find_account, login=login, address=address)
    if not verify_password(current, account.password_hash):
        perform(SYSTEM, note_failure, login=login, address=address)
        log.warning("wrong password for %r from %s", login, address)
        raise BadInput("access.error.wrong_current", field="current")
    perform(actor, set_own_password, password_hash=hash_password(password))
    perform(SYSTEM, forget_failures, login=login)


def hashed(password: str) -> str:
    """The hash of a new password. Raises BadInput where it is too short or too long; slow, never in a transaction."""
    return hash_password(password)


def setup_code() -> str:
    """The code that the first visitor is asked for where strangers can reach the server; the same in all processes."""
    return key_for("setup").hex()[:12]


def is_setup_code(code: str) -> bool:
    return secrets.compare_digest(code.strip().encode(), setup_code().encode())
