"""One running application and one browser for all browser tests; a fresh window for each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from crm_app.access.actions.sessions import open_session
from crm_app.core.db import Database, use
from crm_app.core.door import perform
from tests import people
from tests.application import Application, running
from tests.browser import SWITCHES, chromium
from tests.integrations.channels.email.servers import ScriptedServer

Window = Callable[..., Page]
PATIENCE_MILLISECONDS = 20_000
"""How long a test waits for what must come: a machine that does other things beside it is slow, not wrong."""


def until(is_true: Callable[[], bool]) -> None:
    """Wait for what no page shows: that the server has saved. Raises AssertionError."""
    end = time.monotonic() + PATIENCE_MILLISECONDS / 1000
    while not is_true():
        assert time.monotonic() < end, "It did not come true."
        time.sleep(0.05)


@dataclass
class Seen:
    """What a window did beside showing its page."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def mail_server() -> Iterator[ScriptedServer]:
    """The mail server that the application hands its letters to."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory, mail_server: ScriptedServer) -> Iterator[Application]:
    """An application with an empty SQLite database, started once for all browser tests."""
    with running(tmp_path_factory.mktemp("application"), CRM_SMTP_URL=mail_server.url) as started:
        yield started


@pytest.fixture(scope="session")
def origin(application: Application) -> str:
    """The address of the application."""
    return application.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def company(application: Application) -> Database:
    """The application's own database, with the cast of tests/people.py in it: a test makes its rows through the door.

    What one test makes is there for the next one too: a test looks for its own rows by name.
    """
    database = Database(f"sqlite:///{application.data}/crm.db")
    use(database)
    people.settle()
    return database


@pytest.fixture
def window(browser: Browser, origin: str, company: Database) -> Iterator[Window]:
    """Opens windows of people: `window("ann")`, `window("bob", locale="ru-RU")`; each has its own cookies."""
    with windows_at(browser, origin) as window:
        yield window


@contextmanager
def windows_at(browser: Browser, origin: str) -> Iterator[Window]:
    """What opens windows of the cast at an application whose database is in use."""
    contexts: list[BrowserContext] = []

    def open_window(person: str, **options: Any) -> Page:
        choices = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(base_url=origin, **choices)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
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
