"""A workbook of leads over plain HTTP."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crm_app.access.requests import for_pages, locale_of
from crm_app.cards.downloads import filter_of, send_sheet
from crm_app.core.actor import Actor
from crm_app.leads import export


@for_pages
async def download(request: Request, actor: Actor) -> Response:
    """GET /exports/leads.xlsx?filter=JSON&q=TEXT: a workbook of the leads that a list shows."""
    where, q, locale = filter_of(request), request.query_params.get("q", "")[:200], locale_of(request, actor)
    return await send_sheet(lambda target: export.write_leads(actor, target, where, q, locale), "leads.xlsx")


routes = [Route("/exports/leads.xlsx", download)]
