"""The link to unsubscribe, over plain HTTP: without a login, without a cookie, without a script.

GET shows whose letters would end and changes nothing, so that a mail server that opens every link ends nothing. POST
ends them at once: from the page's button, or from a mail program by itself (RFC 8058), which follows no redirect.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from crm_app.access.requests import locale_of
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import NotFound
from crm_app.mailings.actions.suppressions import unsubscribe
from crm_app.mailings.queries.suppressions import find_subscription
from crm_app.mailings.unsubscribe_page import ask_page, done_page, unknown_page

LONGEST_TOKEN = 200
_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


async def show(request: Request) -> Response:
    """GET /u/TOKEN: the page with the button."""
    locale = locale_of(request)
    try:
        token = _token(request)
        found = await run_in_threadpool(perform, SYSTEM, find_subscription, token=token)
    except NotFound as error:
        return HTMLResponse(unknown_page(error, locale), 404, _HEADERS)
    page = done_page(found, locale) if found.is_over else ask_page(found, locale)
    return HTMLResponse(page, 200, _HEADERS)


async def end(request: Request) -> Response:
    """POST /u/TOKEN: whatever the body says, since the token says it all."""
    locale = locale_of(request)
    try:
        token = _token(request)
        await run_in_threadpool(perform, SYSTEM, unsubscribe, token=token)
        found = await run_in_threadpool(perform, SYSTEM, find_subscription, token=token)
    except NotFound as error:
        return HTMLResponse(unknown_page(error, locale), 404, _HEADERS)
    return HTMLResponse(done_page(found, locale), 200, _HEADERS)


def _token(request: Request) -> str:
    token = str(request.path_params["token"])
    if not token.isascii() or not token.isprintable() or len(token) > LONGEST_TOKEN:
        raise NotFound("mailings.error.unsubscribe_link")
    return token


routes = [
    Route("/u/{token}", show, methods=["GET"]),
    Route("/u/{token}", end, methods=["POST"]),
]
