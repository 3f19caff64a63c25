"""A server on loopback answers to its own names only."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from crm_app.core.hosts import KnownHosts


async def answered(host: str) -> int:
    app = KnownHosts(Starlette(routes=[Route("/", lambda _: PlainTextResponse("ours"))]), ["http://crm.local:8000"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        return (await client.get("/", headers={"host": host})).status_code


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "crm.local", "CRM.local:1"]
)
async def test_our_own_names_are_answered(host: str) -> None:
    assert await answered(host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8000", "", "[", "@localhost@evil"]
)
async def test_any_other_name_is_turned_away(host: str) -> None:
    assert await answered(host) == 421
