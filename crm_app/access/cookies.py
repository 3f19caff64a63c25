"""The session's cookie: HttpOnly, SameSite=Lax, and tied to the host where the page is served over TLS."""

from __future__ import annotations

import http.cookies

from starlette.responses import Response

from crm_app.access.rules import ABSOLUTE
from crm_app.core.settings import settings


def is_secure() -> bool:
    return settings().origin.startswith("https://")


def name() -> str:
    """The cookie's name; the prefix makes browsers refuse it from anybody but this host over TLS."""
    return "__Host-crm_session" if is_secure() else "crm_session"


def token_from(header: str) -> str:
    """The session's token in a Cookie header, "" where there is none."""
    jar = http.cookies.SimpleCookie()
    try:
        jar.load(header or "")
    except http.cookies.CookieError:
        return ""
    return jar[name()].value if name() in jar else ""


def put(response: Response, token: str) -> None:
    """Give the browser a session."""
    seconds = int(ABSOLUTE.total_seconds())
    response.set_cookie(name(), token, max_age=seconds, httponly=True, samesite="lax", secure=is_secure(), path="/")


def drop(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(name(), path="/", httponly=True, samesite="lax", secure=is_secure())
