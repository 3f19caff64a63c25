"""Nonsense from who may everything: behind the rights there is still the door, and no handler breaks over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from crm_app.access.actions.sessions import open_session
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from tests import make as cards
from tests import people
from tests.application import Application
from tests.companies import own_company
from tests.deals import make as deals
from tests.leads import make as leads
from tests.scenarios.make import scenario, step
from tests.security import handlers, payloads
from tests.security.raw_socket import Tab

AT_ONCE = 6
PLACES = ("/deals/1", "/clients/1", "/settings/scenarios/1", "/settings/pipelines")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Application]:
    """A company with a card of each kind, whose database is the one in use."""
    with own_company(tmp_path) as (application, _):
        adam = people.actor("adam")
        way = deals.pipeline()
        deals.deal(adam, way, client_id=cards.client(adam, "Завод", "company").id)
        leads.way(adam)
        scenario(adam, "by_hand", step("stop"))
        yield application


def test_nonsense_is_refused_in_words_to_who_may_everything(own: Application) -> None:
    calls = list(handlers.every())
    account = f"employee:{people.actor('adam').id}"  # what is sent may give him another name
    with ThreadPoolExecutor(AT_ONCE) as threads:
        jobs = [threads.submit(_send, own.address, account, *call) for call in calls]
        frames = [frame for job in jobs for frame in job.result()]
    assert len(calls) > 300 and any("Завод" in frame for frame in frames), "nothing was shown: it proves nothing"
    assert httpx.get(f"{own.address}/api/health", timeout=20).json()["database"] == "ok"
    log = own.log.read_text(errors="replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4_000]


def _send(address: str, account: str, number: int, name: str, opened: str, function: Callable[..., Any]) -> list[str]:
    """Call one handler with what it can't take, on pages of several kinds; gives the frames that came back."""
    cookie = perform(SYSTEM, open_session, account=account, address="127.0.0.1", agent="raw")
    wrong = [each for each in payloads.wrong(function) if each not in ({}, payloads.right(function, 1))]
    with Tab(address, cookie, 1_000 + number) as tab:
        for path in PLACES:
            if opened:
                tab.send(opened, {}, path)
            for payload in (*wrong, *payloads.hostile(function)):
                tab.send(name, payload, path)
        return tab.finish()
