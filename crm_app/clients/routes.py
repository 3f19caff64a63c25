"""Files over plain HTTP: of any kind of card in for an import, of clients out as an export; reports, files to fill."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crm_app.access.requests import for_pages, locale_of
from crm_app.cards.downloads import filter_of, send_sheet
from crm_app.cards.routes import receive
from crm_app.clients import export
from crm_app.clients.actions.imports import add_import
from crm_app.clients.import_kinds import IMPORT_KINDS, kind_of
from crm_app.clients.import_queries import list_faults, list_imports, see_import
from crm_app.clients.importer import sources
from crm_app.core import files
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import NotFound
from crm_app.core.sheets import XLSX

SOURCE = "excel"


@for_pages
async def upload(request: Request, actor: Actor) -> Response:
    """POST /imports/clients?name=clients.xlsx with the bytes as the body: 201 {"id": import}. So for contacts …"""
    card = _card_of(request)
    await run_in_threadpool(perform, actor, list_imports, limit=1, card=card)  # who may not import sends nothing
    source = sources()[SOURCE]
    kept = await receive(request, source.largest_file)
    with files.only_if_told(kept):
        preview = await run_in_threadpool(source.preview, files.path_of(kept.place), card=card)
        name = request.query_params.get("name", "")[:200]
        made = await run_in_threadpool(
            perform, actor, add_import, name=name, place=kept.place, source=SOURCE, preview=preview, card=card
        )
    return JSONResponse({"id": made.id}, 201)


@for_pages
async def report(request: Request, actor: Actor) -> Response:
    """GET /imports/{id}/report.xlsx: the rows with something wrong, to be mended and imported again."""
    import_id, locale = request.path_params["import_id"], locale_of(request, actor)

    def write(target: Path) -> None:
        state = perform(actor, see_import, import_id=import_id)
        faults = perform(actor, list_faults, import_id=import_id)
        source = sources()[state.source]
        path, sheet = files.path_of(state.place), state.options.get("sheet", "")
        source.write_report(target, path, faults, sheet, locale, state.card)

    return await send_sheet(write, "report.xlsx")


@for_pages
async def download(request: Request, actor: Actor) -> Response:
    """GET /exports/clients.xlsx?filter=JSON&q=TEXT: a workbook of the clients that a list shows."""
    where, q, locale = filter_of(request), request.query_params.get("q", "")[:200], locale_of(request, actor)
    return await send_sheet(lambda target: export.write_clients(actor, target, where, q, locale), "clients.xlsx")


@for_pages
async def template(request: Request, actor: Actor) -> Response:
    """GET /imports/clients/template.xlsx: a workbook to fill."""
    locale, card = locale_of(request, actor), _card_of(request)
    made = await run_in_threadpool(sources()[SOURCE].template, locale, kind_of(card).choices(locale), card)
    attachment = {"Content-Disposition": 'attachment; filename="template.xlsx"'}
    return Response(made, media_type=XLSX, headers=attachment)


def _card_of(request: Request) -> str:
    """The kind of card that an address names. Raises NotFound."""
    card = str(request.path_params["cards"]).removesuffix("s")
    if card not in IMPORT_KINDS:
        raise NotFound()
    return card


routes = [
    Route("/imports/{cards}", upload, methods=["POST"]),
    Route("/imports/{cards}/template.xlsx", template),
    Route("/imports/{import_id:int}/report.xlsx", report),
    Route("/exports/clients.xlsx", download),
]
