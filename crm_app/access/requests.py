"""What every HTTP route asks of a request: who it is, from where, in which language; and that it is no forgery."""

from __future__ import annotations

from starlette.requests import Request

from crm_app.access import cookies, sessions
from crm_app.core.actor import Actor
from crm_app.core.errors import Forbidden
from crm_app.core.i18n import LOCALES
from crm_app.core.settings import settings


def address_of(request: Request) -> str:
    """The caller's address: of the socket, or as the last trusted proxy tells it (CRM_PROXY_HOPS)."""
    hops = settings().proxy_hops
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return request.client.host if request.client else ""


def actor_of(request: Request) -> Actor:
    """Who asks, by the session's cookie. Blocking: call it in a thread."""
    return sessions.resolve(cookies.token_from(request.headers.get("cookie", "")))


def locale_of(request: Request, actor: Actor | None = None) -> str:
    """The language to answer in: the person's own, the cookie's, the browser's, else the installation's."""
    wanted = [actor.locale if actor else "", request.cookies.get("lang", "")]
    wanted += [part.split(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((locale for locale in wanted if locale in LOCALES), settings().locale)


def check_same_origin(request: Request) -> None:
    """Raises Forbidden for a request that a page of another site makes."""
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Forbidden("access.error.other_site")
    if (
        origin is not None
        and origin not in settings().origins
        and origin != f"{request.url.scheme}://{request.url.netloc}"
    ):
        raise Forbidden("access.error.other_site")
