"""Files of cards, over plain HTTP: in by the page's upload part, out as downloads; by the rights on the card."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from crm_app.access.requests import for_pages
from crm_app.cards.actions.files import add_file
from crm_app.cards.picture_routes import routes as picture_routes
from crm_app.cards.queries.every_card import check_upload, find_file
from crm_app.cards.receiving import announced, card_of, receive
from crm_app.cards.rules import LARGEST_FILE
from crm_app.core import files
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import NotFound


@for_pages
async def upload(request: Request, actor: Actor) -> Response:
    """POST /files?card=client:12&name=offer.pdf with the bytes as the body: 201 {"id": …}.

    guests=1: guests who see the card see the file too. What a guest sends is always seen by the staff.
    """
    card, card_id = card_of(request)
    await run_in_threadpool(perform, actor, check_upload, card=card, card_id=card_id, size=announced(request))
    kept = await receive(request, LARGEST_FILE)
    with files.only_if_told(kept):
        stored = await run_in_threadpool(
            perform,
            actor,
            add_file,
            card=card,
            card_id=card_id,
            name=request.query_params.get("name", ""),
            kept=kept,
            is_internal=request.query_params.get("guests") != "1",
        )
    return JSONResponse({"id": stored.id}, 201)


@for_pages
async def download(request: Request, actor: Actor) -> Response:
    """GET /files/{file_id}: the bytes as an attachment, under the file's own name."""
    stored = await run_in_threadpool(perform, actor, find_file, file_id=request.path_params["file_id"])
    path = files.path_of(stored.place)
    if not path.is_file():
        raise NotFound("cards.error.file_lost")
    return FileResponse(path, media_type="application/octet-stream", filename=stored.name)


routes = [
    Route("/files", upload, methods=["POST"]),
    Route("/files/{file_id:int}", download),
    *picture_routes,
]
