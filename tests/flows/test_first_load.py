"""What must be true of the very first page, whatever is on it."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import Seen


def test_the_page_loads_without_errors_and_talks_to_its_own_server_only(page: Page, seen: Seen, origin: str) -> None:
    with page.expect_websocket() as socket:
        answer = page.goto("/")
    socket.value.wait_for_event("framereceived")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert answer is not None
    assert answer.ok
    assert seen.errors == []
    assert seen.hosts == {urlsplit(origin).netloc}


def test_an_injected_script_does_not_run(page: Page, seen: Seen) -> None:
    page.goto("/")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'stolen'";
        document.body.append(script);
    }""")

    assert page.title() != "stolen"
    assert "Content Security Policy" in " ".join(seen.errors)


@pytest.mark.parametrize("path", ["/", "/no/such/page"])
def test_every_page_carries_a_policy_without_unsafe_scripts(origin: str, path: str) -> None:
    answer = httpx.get(origin + path, follow_redirects=True)
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))

    assert "unsafe" not in rules["script-src"]
    assert "sha256-" in rules["script-src"]
    assert rules["frame-ancestors"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"


def test_the_first_load_is_light(page: Page) -> None:
    received: list[float] = []
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on("Network.loadingFinished", lambda finished: received.append(finished["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")

    assert sum(received) < 220_000


def test_assets_are_kept_by_the_browser_and_api_answers_are_not(page: Page, origin: str) -> None:
    with page.expect_response("**/assets/root-*.js") as asset:
        page.goto("/")

    assert asset.value.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.value.headers["content-encoding"] in ("br", "gzip")
    assert httpx.get(f"{origin}/api/health").headers["cache-control"] == "no-store"


def test_another_site_cannot_open_the_socket(origin: str) -> None:
    def answer_to(site: str) -> int:
        headers = {
            "Origin": site,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        with httpx.stream("GET", f"{origin}/_event/?EIO=4&transport=websocket", headers=headers) as response:
            return response.status_code

    assert answer_to(origin) == 101
    assert answer_to("https://evil.example") == 403
