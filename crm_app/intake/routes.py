"""The public pages of forms, over plain HTTP: without a log-in, without a cookie, without a script.

Whoever sends a form acts as nobody: no session is read, so a page of another site gains nothing by sending it for them.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from urllib.parse import parse_qsl, urlencode

from limits import parse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from crm_app.access.requests import address_of, locale_of
from crm_app.cards.field_rules import PREFIX
from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, NotFound, RuleBroken, TooBig, TooMany
from crm_app.core.i18n import LOCALES
from crm_app.core.shared import seconds_to_wait
from crm_app.intake import rules
from crm_app.intake.actions.enquiries import take_enquiry
from crm_app.intake.form_page import Filling, closed_page, form_page, thanks_page
from crm_app.intake.queries.forms import LeadFormRow, find_open_form
from crm_app.intake.stamps import make_stamp, read_stamp
from crm_app.leads.rules import UTM

MOST_BYTES = 64_000
MOST_FIELDS = 400
LONGEST_KEY = 40
LIMITS = (parse("20/minute"), parse("100/hour"))
"""How often one address may send, whatever comes of it: an office of many people has one address."""
NETWORK_BITS = 64
"""So much of an IPv6 address is a network's: the rest is whatever a machine there wants it to be."""
_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


async def show(request: Request) -> Response:
    """GET /forms/KEY?utm_source=…&lang=…: the form; nothing changes by it."""
    locale = _locale(request, request.query_params.get("lang", ""))
    try:
        form = await run_in_threadpool(_form, request)
    except NotFound:
        return _closed(locale)
    utm = rules.read_utm({name: request.query_params.get(name, "") for name in UTM})
    return _page(form, 200, form_page(form, Filling(make_stamp(form.key, clock.now()), locale, utm)))


async def send(request: Request) -> Response:
    """POST /forms/KEY: makes a lead of what was typed, or shows it again with what is wrong."""
    told: dict[str, str] = {}
    locale, form = _locale(request, ""), None
    try:
        form = await run_in_threadpool(_form, request)
        told = {**rules.read_utm(dict(request.query_params)), **await _fields(request)}
        locale = _locale(request, told.get("lang", ""))
        await run_in_threadpool(_check_often, address_of(request))
        await run_in_threadpool(_take, form.key, told)
    except CrmError as error:
        return _closed(locale) if form is None else _again(form, told, locale, error)
    where = (
        rules.page_of(form.thanks_url) if form.thanks_url else f"/forms/{form.key}/thanks?{urlencode({'lang': locale})}"
    )
    return RedirectResponse(where, 303, {**_HEADERS, **_policy(form)})


async def thank(request: Request) -> Response:
    """GET /forms/KEY/thanks: what is said to whoever has sent it."""
    locale = _locale(request, request.query_params.get("lang", ""))
    try:
        form = await run_in_threadpool(_form, request)
    except NotFound:
        return _closed(locale)
    return _page(form, 200, thanks_page(form, locale))


def _form(request: Request) -> LeadFormRow:
    key = str(request.path_params["key"])
    if not key.isascii() or not key.isprintable() or len(key) > LONGEST_KEY:
        raise NotFound("intake.error.no_form")
    return perform(SYSTEM, find_open_form, form_key=key)


def _take(form_key: str, told: dict[str, str]) -> None:
    try:
        perform(SYSTEM.by("form"), take_enquiry, form_key=form_key, told=told, stamp=told.get("stamp", ""))
    except RuleBroken as error:  # what is wrong on our side is none of a stranger's business
        raise error if error.key.startswith("intake.") else RuleBroken("intake.error.not_now") from None


async def _fields(request: Request) -> dict[str, str]:
    """What was typed, by field. Raises TooBig, BadInput for what no form of ours sends, or breaks off."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise TooBig("intake.error.too_big")
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ValueError, ClientDisconnect):
        raise BadInput("intake.error.unreadable") from None
    told: dict[str, str] = {}
    for name, value in pairs:
        typed = rules.without_unseen(value)
        several = name.startswith(PREFIX) and name in told  # of several options each comes by itself
        told[name] = f"{told[name]}\n{typed}" if several else typed
    return told


def _check_often(address: str) -> None:
    """Raises TooMany for an address that sends too often. Blocking with Redis."""
    wait = max(seconds_to_wait(limit, "intake", _network(address)) for limit in LIMITS)
    if wait:
        raise TooMany("intake.error.too_often", retry_seconds=ceil(wait), minutes=ceil(wait / 60))


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    short = found.ipv4_mapped  # as a server that listens on both kinds is told of all those of four numbers
    return str(short or ip_network(f"{address.partition('%')[0]}/{NETWORK_BITS}", strict=False))


def _again(form: LeadFormRow, told: dict[str, str], locale: str, error: CrmError) -> Response:
    """The form with all that was typed, and why it was not taken."""
    stamp = told.get("stamp", "")
    if read_stamp(form.key, stamp) is None or error.key == "intake.error.too_late":
        stamp = make_stamp(form.key, clock.now())
    errors = {reason.field: reason.text(locale) for reason in error.reasons if reason.field in (*form.asks, "consent")}
    said = "" if errors else error.text(locale)
    headers = {"retry-after": str(error.retry_seconds)} if isinstance(error, TooMany) else {}
    return _page(form, error.status, form_page(form, Filling(stamp, locale, told, errors, said)), headers)


def _page(form: LeadFormRow, status: int, html: str, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(html, status, {**_HEADERS, **_policy(form), **(headers or {})})


def _closed(locale: str) -> Response:
    return HTMLResponse(closed_page(locale), 404, _HEADERS)


def _policy(form: LeadFormRow) -> dict[str, str]:
    """Who may show the page in a frame; a form goes to us, and from there to where thanks are said."""
    targets = " ".join(["'self'", rules.site_of(form.thanks_url)]).strip()
    frames = " ".join(map(rules.site_of, form.frame_origins)).strip() or "'none'"
    return {
        "content-security-policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; base-uri 'none'; form-action {targets}; frame-ancestors {frames}"
    }


def _locale(request: Request, wanted: str) -> str:
    return wanted if wanted in LOCALES else locale_of(request)


routes = [
    Route("/forms/{key}", show, methods=["GET"]),
    Route("/forms/{key}", send, methods=["POST"]),
    Route("/forms/{key}/thanks", thank, methods=["GET"]),
]
