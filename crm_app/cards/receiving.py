"""What pages send to routes about cards: which card it is, and bytes that are kept."""

from __future__ import annotations

from starlette.requests import Request

from crm_app.core import files
from crm_app.core.errors import NotFound, TooBig


async def receive(request: Request, limit: int, place: str = "") -> files.Kept:
    """Keep the body of a request. Raises TooBig past the limit, at once where the header tells."""
    if announced(request) > limit:
        raise TooBig("core.error.file_too_big", megabytes=limit // 2**20)
    return await files.keep(request.stream(), limit, place)


def announced(request: Request) -> int:
    """The size that the header tells, in bytes; 0 where it tells none."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 10**16 if length else 0


def card_of(request: Request) -> tuple[str, int]:
    """The card that ?card=client:12 names. Raises NotFound for what names none."""
    kind, _, number = request.query_params.get("card", "").partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound()
    return kind, int(number)
