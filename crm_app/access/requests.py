"""What every HTTP route asks of a request: who it is, from where, in which language; and that it is no forgery."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crm_app.access import cookies, sessions
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.errors import CrmError, Forbidden, NeedsLogin
from crm_app.core.i18n import LOCALES
from crm_app.core.settings import settings

HOMES = (("deal.see", "/deals"), ("mailing.see", "/mailings"), ("client.see", "/clients"), ("task.see", "/tasks"))


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


def home_of(actor: Actor) -> str:
    """The page on which somebody begins: the first of their work that they may see."""
    if actor.is_guest:
        return "/portal"
    if not actor.is_employee:
        return "/login"
    return next((page for permission, page in HOMES if actor.may(permission)), "/settings")


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


Route = Callable[[Request], Awaitable[Response]]


def for_pages(serve: Callable[[Request, Actor], Awaitable[Response]]) -> Route:
    """A route that our own pages call: whoever is logged in by the cookie, refusals as JSON in their language.

    A change must carry `X-Requested-With: crm`, which a page of another site can't send.
    """

    @functools.wraps(serve)
    async def route(request: Request) -> Response:
        actor = NOBODY
        try:
            if request.method != "GET" and request.headers.get("x-requested-with") != "crm":
                raise Forbidden("access.error.other_site")
            check_same_origin(request)
            actor = await run_in_threadpool(actor_of, request)
            if actor is NOBODY:
                raise NeedsLogin()
            return await serve(request, actor)
        except CrmError as error:
            locale = locale_of(request, actor)
            reasons = [reason.to_json(locale) for reason in error.reasons]
            told = {"status": error.status, "detail": error.text(locale), "reasons": reasons}
            return JSONResponse(told, error.status, media_type="application/problem+json")

    return route
