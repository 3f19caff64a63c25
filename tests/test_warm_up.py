"""The page is there before the application is."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from crm_app.warm_up import WarmUp


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.html").write_text("the page")
    (tmp_path / "secret").write_text("not a page")
    return tmp_path / "pages"


def application() -> Starlette:
    return Starlette(routes=[Route("/api/who", lambda _: PlainTextResponse("the application"))])


def warm_up(folder, load) -> WarmUp:
    return WarmUp(load, StaticFiles(directory=folder, html=True), folder)


def test_a_page_does_not_wait_for_the_application_and_everything_else_does(folder):
    may_load = threading.Event()

    def load() -> Starlette:
        assert may_load.wait(10)
        return application()

    with TestClient(warm_up(folder, load)) as client:
        assert client.get("/").text == "the page"
        threading.Timer(0.2, may_load.set).start()
        assert client.get("/api/who").text == "the application"
        assert client.get("/").status_code == 404, "from now on the application answers for its pages"


def test_files_beside_the_pages_are_not_served(folder):
    may_load = threading.Event()

    def load() -> Starlette:
        assert may_load.wait(10)
        return application()

    with TestClient(warm_up(folder, load)) as client:
        threading.Timer(0.2, may_load.set).start()
        assert client.get("/..%2fsecret").status_code == 404


def test_the_lifespan_of_the_application_is_lived_through(folder):
    lived: list[str] = []

    @asynccontextmanager
    async def live(_app):
        lived.append("started")
        yield
        lived.append("ended")

    with TestClient(warm_up(folder, lambda: Starlette(lifespan=live))) as client:
        client.get("/api/who")
        assert lived == ["started"]
    assert lived == ["started", "ended"]


def test_what_keeps_the_application_from_coming_up_is_told_and_raised(folder):
    told = threading.Event()

    def load() -> Starlette:
        raise RuntimeError("no database")

    asgi = warm_up(folder, load)
    asgi.when_failed(told.set)
    with TestClient(asgi):
        assert told.wait(10)
    with pytest.raises(RuntimeError, match="no database"):
        asgi.raise_failure()
