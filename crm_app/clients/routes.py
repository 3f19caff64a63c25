"""Files over plain HTTP: of any kind of card in for an import, of clients out as an export; reports, files to fill."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crm_app.access.requests import for_pages, locale_of
from crm_app.cards.downloads import filter_of, send_sheet
from crm_app.cards.receiving import receive
from crm_app.clients import export
from crm_app.clients.actions.imports import add_import
from crm_app.clients.import_kinds import IMPORT_KINDS, kind_of
from crm_app.clients.import_queries import list_faults, list_imports, see_import
from crm_app.clients.importer import sources
from crm_app.clients.pasting import LARGEST_PASTE, as_table
from crm_app.core import files
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, NotFound, TooBig
from crm_app.core.i18n import text
from crm_app.core.sheets import XLSX

SOURCE = "excel"


@for_pages
async def upload(request: Request, actor: Actor) -> Response:
    """POST /imports/clients?name=clients.xlsx with the bytes as the body: 201 {"id": import}. So for contacts …"""
    card = _card_of(request)
    await run_in_threadpool(perform, actor, list_imports, limit=1, card=card)  # who may not import sends nothing
    kept = await receive(request, sources()[SOURCE].largest_file)
    return await _begin(actor, card, kept, request.query_params.get("name", "")[:200])


@for_pages
async def paste(request: Request, actor: Actor) -> Response:
    """POST /imports/clients/pasted with rows of a spreadsheet, or CSV, in UTF-8 as the body: 201 {"id": import}."""
    card = _card_of(request)
    await run_in_threadpool(perform, actor, list_imports, limit=1, card=card)
    pasted = bytearray()
    async for chunk in request.stream():
        pasted += chunk
        if len(pasted) > LARGEST_PASTE:
            raise TooBig("clients.import.paste_too_big", megabytes=LARGEST_PASTE // 2**20)
    table = await run_in_threadpool(_table_of, pasted)
    kept = await files.keep(_one(table), sources()[SOURCE].largest_file)
    name = text("clients.import.pasted", locale_of(request, actor))
    return await _begin(actor, card, kept, name)


def _table_of(pasted: bytearray) -> bytes:
    """Raises BadInput."""
    try:
        table = as_table(pasted.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadInput("core.error.bad_characters") from None
    if not table.strip():
        raise BadInput("clients.import.paste_empty")
    return table.encode()


async def _one(chunk: bytes) -> AsyncIterator[bytes]:
    yield chunk


async def _begin(actor: Actor, card: str, kept: files.Kept, name: str) -> Response:
    """Recognise the columns of what was sent and note whose it is."""
    source = sources()[SOURCE]
    with files.only_if_told(kept):
        preview = await run_in_threadpool(source.preview, files.path_of(kept.place), card=card)
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
    Route("/imports/{cards}/pasted", paste, methods=["POST"]),
    Route("/imports/{cards}/template.xlsx", template),
    Route("/imports/{import_id:int}/report.xlsx", report),
    Route("/exports/clients.xlsx", download),
]
