"""The plain HTTP routes of accounts: log in, log out, the first start. Real form posts: the cookie is HttpOnly."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from crm_app.access import cookies, sessions
from crm_app.access.actions.sessions import end_session
from crm_app.access.actions.setup import set_up
from crm_app.access.queries import is_set_up
from crm_app.access.requests import actor_of, address_of, check_same_origin, home_of, locale_of
from crm_app.core.actor import NOBODY, SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import CrmError, Forbidden
from crm_app.core.settings import settings

MOST_BYTES = 20_000


async def log_in(request: Request) -> Response:
    """POST /auth/login (form: email, password): 303 with the cookie; back to /login with the reason where refused."""
    try:
        check_same_origin(request)
        form = await _form(request)
        token = await run_in_threadpool(
            sessions.log_in,
            str(form.get("email", "")),
            str(form.get("password", "")),
            address_of(request),
            request.headers.get("user-agent", ""),
        )
    except CrmError as error:
        return _back(request, "/login", error)
    actor = await run_in_threadpool(sessions.resolve, token)
    home = home_of(actor)
    response = RedirectResponse(
        home if actor.is_guest else _inside(_wanted(request, str(form.get("next", ""))), home), 303
    )
    cookies.put(response, token)
    return response


async def log_out(request: Request) -> Response:
    """POST /auth/logout: ends the session and forgets the cookie."""
    try:
        check_same_origin(request)
    except CrmError as error:
        return _back(request, "/login", error)
    actor = await run_in_threadpool(actor_of, request)
    if actor is not NOBODY:
        await run_in_threadpool(perform, actor, end_session, session_id=actor.session_id)
    response = RedirectResponse("/login", 303)
    cookies.drop(response)
    return response


async def first_start(request: Request) -> Response:
    """POST /auth/setup (form: company, name, email, password, samples): makes the company and logs one in."""
    try:
        check_same_origin(request)
        form = await _form(request)
        fields = {key: str(form.get(key, "")) for key in ("company", "name", "email", "password", "code", "samples")}
        await run_in_threadpool(_set_up, fields, locale_of(request))
        token = await run_in_threadpool(
            sessions.log_in,
            fields["email"],
            fields["password"],
            address_of(request),
            request.headers.get("user-agent", ""),
        )
    except CrmError as error:
        return _back(request, "/setup", error)
    response = RedirectResponse("/deals", 303)
    cookies.put(response, token)
    return response


def _set_up(fields: dict[str, str], locale: str) -> None:
    if not settings().listens_on_loopback_only and not sessions.is_setup_code(fields["code"]):
        raise Forbidden("access.error.setup_code")
    password_hash = sessions.hashed(fields["password"])
    perform(
        SYSTEM,
        set_up,
        company=fields["company"],
        email=fields["email"],
        name=fields["name"],
        password_hash=password_hash,
        locale=locale,
        samples=bool(fields["samples"]),
    )


async def where_to_start(_request: Request) -> Response:
    """GET /api/setup: whether the company has still to be made, and whether the terminal's code is asked for."""
    made = await run_in_threadpool(perform, SYSTEM, is_set_up)
    return JSONResponse({"needed": not made, "code": not settings().listens_on_loopback_only})


async def _form(request: Request) -> FormData:
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise Forbidden("core.error.forbidden")
    return await request.form(max_files=0, max_fields=20)


def _wanted(request: Request, told: str) -> str:
    """Where a log-in leads to: who sends the form before the page has loaded sends none, but comes from its address."""
    if told:
        return told
    return parse_qs(urlsplit(request.headers.get("referer", "")).query).get("next", [""])[0]


def _inside(target: str, home: str) -> str:
    """A path of ours to go on to; anything that could lead elsewhere becomes the home page."""
    is_ours = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target and "\n" not in target
    )
    return target if is_ours else home


def _back(request: Request, page: str, error: CrmError) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"detail": error.text(locale_of(request))}, error.status)
    numbers = {name: value for name, value in error.params.items() if isinstance(value, int)}
    return RedirectResponse(f"{page}?{urlencode({'error': error.key, **numbers})}", 303)


routes = [
    Route("/auth/login", log_in, methods=["POST"]),
    Route("/auth/logout", log_out, methods=["POST"]),
    Route("/auth/setup", first_start, methods=["POST"]),
    Route("/api/setup", where_to_start),
]
