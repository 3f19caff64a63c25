"""The API on a real server of this process, and programs that hold keys of the cast."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from starlette.applications import Starlette

from crm_app.access.actions.keys import create_key
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.headers import SecurityHeaders
from crm_app.core.web_server import WebServer
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.rest_front import ROOT, Rest, RestFirst, rest_routes
from tests.application import free_port

Program = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the API is served, over whatever database a test uses."""
    port = free_port()
    whole = SecurityHeaders(Starlette(routes=rest_routes()), ())
    application = RestFirst(whole, SecurityHeaders(Rest(), ()))
    server = WebServer(application)
    thread = threading.Thread(target=lambda: asyncio.run(server.listen("127.0.0.1", port)), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            httpx.get(f"{address}{ROOT}/openapi.json")
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield address
    server.stop()
    thread.join(10)


@pytest.fixture
def program(database: object, address: str) -> Iterator[Program]:
    """Makes a program with a key of one of the cast: `program(ann)`, or narrowed: `program(ann, "deal.see")`."""
    opened: list[httpx.Client] = []

    def make(actor: Actor, *scopes: str, language: str = "en") -> httpx.Client:
        key = perform(actor, create_key, name="test", scopes=list(scopes))
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        opened.append(httpx.Client(base_url=address + ROOT, headers=headers, timeout=30))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def goods(adam: Actor) -> int:
    """A pipeline whose stages follow one after another: interest, offer (needs an amount), talks …"""
    return perform(adam, create_pipeline_from_preset, preset="goods", locale="en").id or 0
