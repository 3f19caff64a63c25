"""Security and cache headers of every HTTP answer."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
NO_FRAME = (b"x-frame-options", b"DENY")
ALWAYS = ((b"x-content-type-options", b"nosniff"),)
OF_DOCUMENTS = (
    *ALWAYS,
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    NO_FRAME,
)
PARTS_OF_PAGES = ("/assets/", "/fonts/")
FOREVER = b"public, max-age=31536000, immutable"
A_WEEK = b"public, max-age=604800"
ASK_AGAIN = b"no-cache"
NEVER = b"no-store"


class SecurityHeaders:
    """ASGI middleware. A built page gets a policy that allows exactly the inline scripts which that page has.

    Any other HTML is answered with a policy without inline scripts: what was written into it by a person cannot run.
    """

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        # A policy has no way to write an IPv6 address; browsers that matter let 'self' cover the socket as well.
        self._sockets = " ".join(origin.replace("http", "ws", 1) for origin in origins if "[" not in origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Which file follows is known only with the next message.
                held.append(message)
                return
            while held:
                await send(self._with_headers(held.pop(), scope["path"], message))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _with_headers(self, start: Message, path: str, body: Message) -> Message:
        headers = dict(start["headers"])
        # A page has some fifty scripts and fonts: what only a document heeds would be some ten kilobytes of it.
        heeded = ALWAYS if path.startswith(PARTS_OF_PAGES) else OF_DOCUMENTS
        added = [*heeded, (b"cache-control", _cache_rule(path, start["status"], headers))]
        if b"frame-ancestors" in headers.get(b"content-security-policy", b""):
            added.remove(NO_FRAME)  # the answer says itself who may frame it, which this header can't
        if headers.get(b"content-type", b"").startswith(b"text/html"):
            scripts = inline_script_hashes(body["path"]) if body["type"] == "http.response.pathsend" else ""
            added.append((b"content-security-policy", self._policy(scripts).encode()))
        return {**start, "headers": [*start["headers"], *((k, v) for k, v in added if k not in headers)]}

    def _policy(self, scripts: str) -> str:
        return (
            f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; font-src 'self'; connect-src 'self' {self._sockets}; frame-src 'self'; "
            "frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'"
        )


def _cache_rule(path: str, status: int, headers: dict[bytes, bytes]) -> bytes:
    """Files under /assets carry a hash of their content in their name, so they never change."""
    if path.startswith("/assets/") and status in (200, 304):
        return FOREVER
    if path.startswith("/fonts/") and status in (200, 304):
        return A_WEEK
    if path.startswith(("/api/", "/auth/")):
        return NEVER
    return ASK_AGAIN


def inline_script_hashes(served: str) -> str:
    """CSP sources for the inline scripts of a built page; `served` may be its compressed copy."""
    page = Path(served)
    if page.suffix in (".gz", ".br"):
        page = page.with_suffix("")
    return _hashes(page, page.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _hashes(page: Path, _changed: int) -> str:
    scripts = {script for script in INLINE_SCRIPT.findall(page.read_text(encoding="utf-8")) if script.strip()}
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in sorted(scripts))
    return " ".join(f"'sha256-{digest}'" for digest in digests)
