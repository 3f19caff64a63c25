"""A workbook of contacts over plain HTTP."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crm_app.access.requests import for_pages, locale_of
from crm_app.cards.downloads import filter_of, send_sheet
from crm_app.contacts import export
from crm_app.core.actor import Actor


@for_pages
async def download(request: Request, actor: Actor) -> Response:
    """GET /exports/contacts.xlsx?filter=JSON&q=TEXT: a workbook of the contacts that a list shows."""
    where, q, locale = filter_of(request), request.query_params.get("q", "")[:200], locale_of(request, actor)
    return await send_sheet(lambda target: export.write_contacts(actor, target, where, q, locale), "contacts.xlsx")


routes = [Route("/exports/contacts.xlsx", download)]
