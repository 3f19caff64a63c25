"""A workbook of deals over plain HTTP."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crm_app.access.requests import for_pages, locale_of
from crm_app.cards.downloads import filter_of, send_sheet
from crm_app.core.actor import Actor
from crm_app.deals import export


@for_pages
async def download(request: Request, actor: Actor) -> Response:
    """GET /exports/deals.xlsx?filter=JSON&q=TEXT: a workbook of the deals that a list shows."""
    where, q, locale = filter_of(request), request.query_params.get("q", "")[:200], locale_of(request, actor)
    return await send_sheet(lambda target: export.write_deals(actor, target, where, q, locale), "deals.xlsx")


routes = [Route("/exports/deals.xlsx", download)]
