"""The bytes of uploaded files: kept under random names in `CRM_DATA`/files, never served by path."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crm_app.core.errors import BadInput, TooBig
from crm_app.core.settings import settings

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
}
INLINE = frozenset({"image/png", "image/jpeg", "image/gif"})
"""Types that a browser may show inside a page; all others are downloads."""


@dataclass(frozen=True)
class Kept:
    """Bytes on disk. place: the random name; size in bytes; media_type by content, not by name."""

    place: str
    size: int
    digest: str
    media_type: str


def folder() -> Path:
    """Where the bytes are."""
    path = settings().data / "files"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(place: str) -> Path:
    """The path of kept bytes. Raises ValueError for anything that is not a name made here."""
    if not place.isalnum():
        raise ValueError("not a place of a file")
    return folder() / place[:2] / place


def new_place() -> str:
    """A random name for bytes that will be kept."""
    return secrets.token_hex(20)


async def keep(chunks: AsyncIterator[bytes], limit: int, place: str = "") -> Kept:
    """Store a stream. Raises TooBig past the limit (bytes), BadInput where it is empty; leaves nothing then."""
    place = place or new_place()
    path = _made(place)
    digest, size, start = hashlib.sha256(), 0, b""
    try:
        with path.open("xb") as target:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooBig("core.error.file_too_big", megabytes=limit // 2**20)
                start = start or chunk[:16]
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if not size:
            raise BadInput("core.error.file_empty")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Kept(place, size, digest.hexdigest(), media_type_of(start))


def keep_whole(content: bytes, place: str) -> None:
    """Store bytes that there are already, at a place of `new_place`."""
    with _made(place).open("xb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _made(place: str) -> Path:
    """The path of bytes that will be kept, with its folder."""
    path = path_of(place)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    return path


def media_type_of(start: bytes) -> str:
    """The type that the first bytes of a file tell."""
    for signature, media_type in _SIGNATURES.items():
        if start.startswith(signature):
            return media_type
    return "application/octet-stream"


@contextmanager
def only_if_told(kept: Kept) -> Iterator[None]:
    """Delete a kept file where the block, which writes down whose it is, does not come to its end."""
    try:
        yield
    except BaseException:
        forget(kept.place)
        raise


def forget(place: str) -> None:
    """Delete kept bytes."""
    path_of(place).unlink(missing_ok=True)
