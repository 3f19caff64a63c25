"""The link to unsubscribe, over real HTTP: one click, no login, no cookie, and for good."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.web_server import WebServer
from crm_app.mailings.actions.drafts import copy_mailing
from crm_app.mailings.actions.running import start_mailing
from crm_app.mailings.actions.testing import send_test
from crm_app.mailings.models import Mailing
from crm_app.mailings.queries.suppressions import list_suppressions
from crm_app.mailings.routes import routes
from tests.integrations.channels.email.servers import ScriptedServer, free_port, wait_for_port
from tests.mailings import kit

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def site() -> Iterator[str]:
    """The routes behind a real HTTP server."""
    port = free_port()
    server = WebServer(Starlette(routes=routes))
    thread = threading.Thread(target=lambda: asyncio.run(server.listen("127.0.0.1", port)), daemon=True)
    thread.start()
    wait_for_port(port)
    yield f"http://127.0.0.1:{port}"
    server.stop()
    thread.join(10)


@pytest.fixture
def mailing(ann: Actor, mary: Actor, outside: ScriptedServer) -> Mailing:
    kit.client(ann, "Иванов Пётр", "petr@a.example")
    made = kit.mailing(mary)
    perform(mary, start_mailing, mailing_id=made.id)
    kit.work()
    return made


def link_of(server: ScriptedServer, site: str) -> str:
    """The link of the only letter, at the server of this test."""
    (letter,) = server.letters()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<https?://[^/]+(/u/[^>]+)>", letter["List-Unsubscribe"])
    assert found
    return site + found[1]


def test_looking_changes_nothing(mailing: Mailing, mary: Actor, outside: ScriptedServer, site: str) -> None:
    link = link_of(outside, site)
    for method in ("GET", "HEAD"):
        assert httpx.request(method, link).status_code == 200
    shown = httpx.get(link, headers={"Accept-Language": "en"})
    assert "petr@a.example" in shown.text and '<form method="post"' in shown.text and "Unsubscribe" in shown.text
    assert "Отписаться" in httpx.get(link, headers={"Accept-Language": "ru"}).text
    assert perform(mary, list_suppressions) == []


def test_one_click_ends_it_for_good(mailing: Mailing, mary: Actor, outside: ScriptedServer, site: str) -> None:
    link = link_of(outside, site)
    for _ in range(2):
        answer = httpx.post(link, data=ONE_CLICK)
        assert answer.status_code == 200 and "set-cookie" not in answer.headers
    (row,) = perform(mary, list_suppressions)
    assert (row.address, row.reason, row.mailing_id) == ("petr@a.example", "unsubscribed", mailing.id)
    assert "<form" not in httpx.get(link).text

    kit.client(mary, "Другой Клиент", "other@b.example")
    again = perform(mary, copy_mailing, mailing_id=mailing.id)
    perform(mary, start_mailing, mailing_id=again.id)
    kit.work()
    assert [e.rcpt_tos[0] for e in outside.script.envelopes] == ["petr@a.example", "other@b.example"]


def test_the_body_of_the_click_may_be_anything(
    mailing: Mailing, mary: Actor, outside: ScriptedServer, site: str
) -> None:
    link = link_of(outside, site)
    assert httpx.post(link, files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200
    assert len(perform(mary, list_suppressions)) == 1


@pytest.mark.parametrize("token", ["x", "MTc.AAAA", "%D1%8F", "a" * 3000])
def test_a_link_that_is_not_ours_does_nothing_and_says_so(mary: Actor, site: str, token: str) -> None:
    for answer in (httpx.get(f"{site}/u/{token}"), httpx.post(f"{site}/u/{token}", data=ONE_CLICK)):
        assert answer.status_code == 404 and "<form" not in answer.text
    assert perform(mary, list_suppressions) == []


def test_the_link_of_a_test_letter_unsubscribes_nobody(mary: Actor, outside: ScriptedServer, site: str) -> None:
    made = kit.mailing(mary)
    perform(mary, send_test, mailing_id=made.id)
    kit.work()
    assert httpx.post(link_of(outside, site), data=ONE_CLICK).status_code == 200
    assert perform(mary, list_suppressions) == []
