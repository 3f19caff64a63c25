"""The plain HTTP routes of the portal: an invited person opens their link, chooses a password and is logged in."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from crm_app.access import cookies
from crm_app.access.actions.guests import use_invitation
from crm_app.access.actions.sessions import open_session
from crm_app.access.passwords import hash_password
from crm_app.access.requests import address_of, check_same_origin, locale_of
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, NotFound
from crm_app.portal.join_page import join_page, over_page
from crm_app.portal.queries import OpenInvitation, see_invitation

LONGEST_TOKEN = 100
MOST_BYTES = 4_000
_HEADERS = {"cache-control": "no-store", "referrer-policy": "same-origin"}  # "no-referrer" would hide the Origin too


async def open_invitation(request: Request) -> Response:
    """GET /portal/join?token=…: the form, as often as one likes; nothing changes by it."""
    token = request.query_params.get("token", "")
    invitation = await run_in_threadpool(_invitation, token)
    locale = locale_of(request)
    if invitation is None:
        return HTMLResponse(over_page(locale), 410, _HEADERS)
    return HTMLResponse(join_page(invitation, token, locale), 200, _HEADERS)


async def join(request: Request) -> Response:
    """POST /portal/join (form: token, password, repeat): sets the guest's own password and logs them in."""
    locale, token, invitation = locale_of(request), "", None
    try:
        check_same_origin(request)
        fields = await _fields(request)
        token = fields["token"]
        invitation = await run_in_threadpool(_invitation, token)
        if invitation is None:
            raise NotFound("access.error.invitation_over")
        agent = request.headers.get("user-agent", "")
        session = await run_in_threadpool(_join, fields, address_of(request), agent)
    except CrmError as error:
        if invitation is None or isinstance(error, NotFound):
            return HTMLResponse(over_page(locale), 410, _HEADERS)
        return HTMLResponse(join_page(invitation, token, locale, error.text(locale)), error.status, _HEADERS)
    response = RedirectResponse("/portal", 303, _HEADERS)
    cookies.put(response, session)
    return response


def _invitation(token: str) -> OpenInvitation | None:
    if not token.isascii() or not 0 < len(token) <= LONGEST_TOKEN or not token.isprintable():
        return None
    return perform(SYSTEM, see_invitation, token=token)


def _join(fields: dict[str, str], address: str, agent: str) -> str:
    """Spend the invitation and open a session; gives its token."""
    if fields["password"] != fields["repeat"]:
        raise BadInput("portal.error.passwords_differ", field="repeat")
    password_hash = hash_password(fields["password"])
    guest_id = perform(SYSTEM, use_invitation, token=fields["token"], password_hash=password_hash)
    return perform(SYSTEM, open_session, account=f"guest:{guest_id}", address=address, agent=agent)


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
    return {name: form.get(name, [""])[0] for name in ("token", "password", "repeat")}


routes = [
    Route("/portal/join", open_invitation, methods=["GET"]),
    Route("/portal/join", join, methods=["POST"]),
]
