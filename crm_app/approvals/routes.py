"""The link of a letter that asks for approval, over plain HTTP: without a log-in, without a cookie, without a script.

GET shows what is asked and decides nothing, so that a mail server that opens every link approves nothing. POST decides,
as the one whom the letter was written to, once.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from crm_app.access.queries import actor_by_id
from crm_app.access.requests import check_same_origin, locale_of
from crm_app.approvals.actions import see_link
from crm_app.approvals.decide_page import decide_page, said_page
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, NotFound
from crm_app.deals.actions.approvals import decide_by_link
from crm_app.deals.queries.approvals import ApprovalRow, see_approval

LONGEST_TOKEN = 100
MOST_BYTES = 10_000
_HEADERS = {"cache-control": "no-store", "referrer-policy": "same-origin", "x-robots-tag": "noindex"}
Link = tuple[Actor, ApprovalRow]


async def show(request: Request) -> Response:
    """GET /approve?token=…: what is asked, as often as one likes; nothing changes by it."""
    token = request.query_params.get("token", "")
    link = await run_in_threadpool(_opened, token)
    if link is None:
        return _over(request)
    return HTMLResponse(decide_page(link[1], token, _locale(request, link)), 200, _HEADERS)


async def decide(request: Request) -> Response:
    """POST /approve (form: token, round, decision, word): approves or rejects."""
    link, token = None, ""
    try:
        check_same_origin(request)
        fields = await _fields(request)
        token = fields["token"]
        link = await run_in_threadpool(_opened, token)
        if link is None:
            return _over(request)
        await run_in_threadpool(_decide, link[0], fields)
    except CrmError as error:
        again = None if link is None else await run_in_threadpool(_opened, token)
        if again is None or isinstance(error, NotFound):
            return _over(request)
        locale = _locale(request, again)
        return HTMLResponse(decide_page(again[1], token, locale, error.text(locale)), error.status, _HEADERS)
    done = "done_yes" if fields["decision"] == "yes" else "done_no"
    return HTMLResponse(said_page(done, _locale(request, link)), 200, _HEADERS)


def _over(request: Request) -> Response:
    return HTMLResponse(said_page("over", locale_of(request)), 410, _HEADERS)


def _locale(request: Request, link: Link) -> str:
    return link[0].locale or locale_of(request)


def _opened(token: str) -> Link | None:
    """Whose link it is, and what it asks; None where it does not work (any more)."""
    if not token.isascii() or not 0 < len(token) <= LONGEST_TOKEN or not token.isprintable():
        return None
    found = perform(SYSTEM, see_link, token=token)
    if found is None:
        return None
    actor = perform(SYSTEM, actor_by_id, employee_id=found.employee_id, via="letter")
    if not actor.may("deal.approve"):
        return None
    return actor, perform(actor, see_approval, approval_id=found.approval_id)


def _decide(actor: Actor, fields: dict[str, str]) -> None:
    if fields["decision"] not in ("yes", "no"):
        raise BadInput("core.error.bad_arguments", fields="decision")
    number = fields["round"]
    told = {"token": fields["token"], "approves": fields["decision"] == "yes", "word": fields["word"]}
    perform(actor, decide_by_link, **told, round=int(number) if number.isascii() and number.isdigit() else 0)


async def _fields(request: Request) -> dict[str, str]:
    """The form's fields. Raises BadInput for a body that is too long for this form, whatever its headers say."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadInput("core.error.bad_arguments", fields="form")
    try:
        form = parse_qs(body.decode(), max_num_fields=10)
    except ValueError:
        raise BadInput("core.error.bad_arguments", fields="form") from None
    return {name: form.get(name, [""])[0] for name in ("token", "round", "decision", "word")}


routes = [
    Route("/approve", show, methods=["GET"]),
    Route("/approve", decide, methods=["POST"]),
]
