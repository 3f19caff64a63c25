"""Pictures of cards over plain HTTP: in by the card's own page, out by their content's address."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from crm_app.access.requests import for_pages
from crm_app.cards import pictures
from crm_app.cards.actions.pictures import set_picture
from crm_app.cards.queries.pictures import check_picture_change, find_picture
from crm_app.cards.receiving import card_of, receive
from crm_app.core import files
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import NotFound
from crm_app.core.pictures import LARGEST, MEDIA_TYPE

KEPT = "private, max-age=31536000, immutable"
"""An address tells the content, which never changes under it; only the browser of who asked keeps it."""
_READERS = ThreadPoolExecutor(2, thread_name_prefix="pictures")
"""A crowd of senders waits for these two, and everybody else's requests keep their threads."""


@for_pages
async def put(request: Request, actor: Actor) -> Response:
    """POST /pictures?card=client:12 with the bytes as the body: 201 {"id": its digest}."""
    card, card_id = card_of(request)
    await run_in_threadpool(perform, actor, check_picture_change, card=card, card_id=card_id)
    places = await run_in_threadpool(pictures.promised)
    await receive(request, LARGEST, places[0])
    made = await asyncio.get_running_loop().run_in_executor(_READERS, pictures.make, places)
    await run_in_threadpool(perform, actor, set_picture, card=card, card_id=card_id, made=made)
    return JSONResponse({"id": made.digest}, 201)


@for_pages
async def show(request: Request, actor: Actor) -> Response:
    """GET /pictures/{digest}/{size}.webp, size large or small: for who sees a card that has, or had, this picture."""
    digest, size = request.path_params["digest"], request.path_params["size"]
    if size not in ("large", "small"):
        raise NotFound()
    place = await run_in_threadpool(perform, actor, find_picture, digest=digest, small=size == "small")
    path = files.path_of(place)
    if not path.is_file():
        raise NotFound("cards.error.file_lost")
    # Vary: whoever logs in after somebody else on the same machine is asked who they are, and not shown what is kept
    headers = {"Cache-Control": KEPT, "Vary": "Cookie", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=MEDIA_TYPE, headers=headers)


routes = [
    Route("/pictures", put, methods=["POST"]),
    Route("/pictures/{digest}/{size}.webp", show),
]
