"""One running application and one browser for all browser tests; a fresh window for each."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from crm_app.access.actions.sessions import open_session
from crm_app.core.db import Database, use
from crm_app.core.door import perform
from tests import people
from tests.browser import SWITCHES, chromium

START_SECONDS = 60
DATA_NOTE = "application-data.txt"
Window = Callable[..., Page]


@dataclass
class Seen:
    """What a window did beside showing its page."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an application with an empty SQLite database, started once for all browser tests."""
    folder = tmp_path_factory.mktemp("application")
    (tmp_path_factory.getbasetemp() / DATA_NOTE).write_text(str(folder / "data"))
    port = free_port()
    address = f"http://localhost:{port}"
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "crm_app", "serve", "--prepare"],
            env=environment(port, folder),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_healthy(address, server, folder / "serve.log")
            yield address
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def environment(port: int, folder: Path) -> dict[str, str]:
    """The settings of the application under test: nothing of the person who runs the tests gets in."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CRM_", "PYTEST_"))}
    return {**inherited, "CRM_PORT": str(port), "CRM_DATA": str(folder / "data"), "CRM_LOCALE": "en"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for /api/health, and show the log of a server that does not get there."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/api/health", timeout=1).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the application does not start:\n{log.read_text(errors='replace')[-5000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def company(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The application's own database, with the cast of tests/people.py in it: a test makes its rows through the door.

    What one test makes is there for the next one too: a test looks for its own rows by name.
    """
    folder = tmp_path_factory.getbasetemp() / DATA_NOTE
    database = Database(f"sqlite:///{folder.read_text()}/crm.db")
    use(database)
    people.settle()
    return database


@pytest.fixture
def window(browser: Browser, origin: str, company: Database) -> Iterator[Window]:
    """Opens windows of people: `window("ann")`, `window("bob", locale="ru-RU")`; each has its own cookies."""
    contexts: list[BrowserContext] = []

    def open_window(person: str, **options: Any) -> Page:
        choices = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(base_url=origin, **choices)
        contexts.append(context)
        context.set_default_timeout(15_000)
        account = f"employee:{people.actor(person).id}"
        token = perform(people.SYSTEM, open_session, account=account, address="127.0.0.1", agent="test")
        context.add_cookies(
            [{"name": "crm_session", "value": token, "url": origin, "httpOnly": True, "sameSite": "Lax"}]
        )
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """A window of its own, without cookies."""
    context = browser.new_context(base_url=origin, locale="en-GB", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def seen(page: Page) -> Seen:
    """Everything that the page of this test complains about and every host that it talks to."""
    record = Seen()
    page.on("console", lambda message: record.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: record.errors.append(str(error)))
    page.on("request", lambda request: record.hosts.add(urlsplit(request.url).netloc))
    page.on("websocket", lambda opened: record.hosts.add(urlsplit(opened.url).netloc))
    return record
