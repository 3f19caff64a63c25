"""Security headers: which inline scripts a page may run."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from crm_app.core.headers import SecurityHeaders, inline_script_hashes

PAGE = "<html><script>boot()</script><script src='/assets/a.js'></script><script>boot()</script></html>"
BOOT = "'sha256-" + base64.b64encode(hashlib.sha256(b"boot()").digest()).decode() + "'"


@pytest.fixture
def client(tmp_path) -> TestClient:
    (tmp_path / "a.js").write_text("1")
    routes = [
        Route("/typed", lambda _: HTMLResponse("<script>steal()</script>")),
        Route("/api/v1/deals", lambda _: JSONResponse([])),
        Route("/assets/a.js", lambda _: FileResponse(tmp_path / "a.js")),
    ]
    return TestClient(SecurityHeaders(Starlette(routes=routes), ["http://localhost:8000", "http://[::1]:8000"]))


def test_a_built_page_may_run_exactly_its_own_inline_scripts(tmp_path):
    page = tmp_path / "index.html"
    page.write_text(PAGE)

    assert inline_script_hashes(str(page)) == BOOT


def test_the_hashes_of_a_compressed_copy_are_those_of_the_page(tmp_path):
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "index.html.gz").write_bytes(gzip.compress(PAGE.encode()))

    assert inline_script_hashes(str(tmp_path / "index.html.gz")) == BOOT


def test_a_page_that_is_built_anew_has_new_hashes(tmp_path):
    page = tmp_path / "index.html"
    page.write_text(PAGE)
    before = inline_script_hashes(str(page))
    page.write_text(PAGE.replace("boot", "start"))

    assert inline_script_hashes(str(page)) != before


def test_html_that_is_not_a_built_page_may_run_no_inline_script(client):
    policy = client.get("/typed").headers["content-security-policy"]

    assert "sha256" not in policy
    assert "script-src 'self' ;" in policy
    assert "connect-src 'self' ws://localhost:8000;" in policy


def test_every_answer_forbids_guessing_its_type(client):
    for path in ("/typed", "/api/v1/deals", "/nowhere"):
        assert client.get(path).headers["x-content-type-options"] == "nosniff"


def test_only_answers_about_assets_may_be_kept(client):
    assert client.get("/api/v1/deals").headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/assets/a.js").headers["cache-control"]
    assert "immutable" not in client.get("/assets/gone.js").headers["cache-control"]
