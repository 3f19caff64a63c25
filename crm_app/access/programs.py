"""What is asked of a program's request: whose key it carries, and how often it comes."""

from __future__ import annotations

import hashlib
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from starlette.requests import Request

from crm_app.access import sessions
from crm_app.access.requests import address_of, check_same_origin
from crm_app.core import shared
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.errors import NeedsLogin, TooMany
from crm_app.core.settings import settings

LONGEST_KEY = 200
WRONG_KEYS = RateLimitItemPerMinute(60)
"""Of one address: a key has 256 bits, so this only keeps the log and the database quiet."""


def holder_of(request: Request) -> Actor:
    """Who a request acts as, by `Authorization: Bearer KEY`. Blocking: call it in a thread.

    Raises NeedsLogin without a valid key, TooMany for one that comes too often.
    """
    check_same_origin(request)
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise NeedsLogin("api.error.bad_key")
    actor = sessions.resolve_key(key) if len(key) <= LONGEST_KEY else NOBODY
    if not actor.is_employee:
        _count(WRONG_KEYS, "wrong", address_of(request))
        raise NeedsLogin("api.error.bad_key")
    _count(RateLimitItemPerMinute(settings().api_limit), "key", hashlib.sha256(key.encode()).hexdigest())
    return actor


def _count(limit: RateLimitItem, *whose: str) -> None:
    if wait := shared.seconds_to_wait(limit, *whose):
        raise TooMany(retry_seconds=ceil(wait))
