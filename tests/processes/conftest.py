"""An application of two web processes, with Redis and PostgreSQL as it has them when one machine is not enough."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from crm_app.access.actions.sessions import open_session
from crm_app.core import db
from crm_app.core.door import perform
from tests import people, servers
from tests.application import Application, running
from tests.security.raw_socket import Tab

API_LIMIT = 40
MOST_ATTEMPTS = 60
SOON_SECONDS = 10.0


@dataclass
class Company:
    """The running application with the cast in its database."""

    application: Application
    database: db.Database

    @property
    def children(self) -> dict[str, list[psutil.Process]]:
        """Its processes: "serve" and "worker"."""
        found: dict[str, list[psutil.Process]] = {"serve": [], "worker": []}
        for child in psutil.Process(self.application.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                found.get("".join(child.cmdline()[-1:]), []).append(child)  # one that has just died has none
        return found

    def behind(self, port: int) -> int:
        """The process that holds the other end of a connection from a port of ours."""
        ours = urlsplit(self.application.address).port
        for process in self.children["serve"]:
            for connection in process.net_connections("tcp"):
                if connection.raddr and (connection.laddr.port, connection.raddr.port) == (ours, port):
                    return process.pid
        raise AssertionError("nobody holds the other end")

    def clients(self, **headers: str) -> list[httpx.Client]:
        """A client at each process: its connection stays open, and so stays where it is."""
        found: dict[int, httpx.Client] = {}
        for _ in range(MOST_ATTEMPTS):
            client = httpx.Client(base_url=self.application.address, headers=headers, timeout=30)
            stream = client.get("/api/health").extensions["network_stream"]
            known = found.setdefault(self.behind(stream.get_extra_info("client_addr")[1]), client)
            if known is not client:
                client.close()
            if len(found) == 2:
                return list(found.values())
        raise AssertionError("every connection came to the same process")

    def tab_apart_from(self, pid: int, cookie: str) -> Tab:
        """A tab at another process than that."""
        for _ in range(MOST_ATTEMPTS):
            tab = Tab(self.application.address, cookie)
            tab.__enter__()
            if self.behind(tab.port) != pid:
                return tab
            tab.__exit__(None, None, None)
        raise AssertionError("every tab came to the same process")


def session_of(person: str) -> str:
    """The token of a new session of one of the cast."""
    account = f"employee:{people.actor(person).id}"
    return perform(people.SYSTEM, open_session, account=account, address="127.0.0.1", agent="test")


def soon(claim: Callable[[], object]) -> None:
    """Fails where a claim has not come true in a while."""
    deadline = time.monotonic() + SOON_SECONDS
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    with servers.redis() as address:
        yield address


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, redis: str) -> Iterator[Company]:
    """Two web processes and one worker."""
    url = servers.postgres_url()
    chosen = {"CRM_WORKERS": "2", "CRM_REDIS_URL": redis, "CRM_DATABASE_URL": url, "CRM_API_LIMIT": str(API_LIMIT)}
    with running(tmp_path_factory.mktemp("two"), **chosen) as application:
        database = db.Database(url)
        db.use(database)
        people.settle()
        yield Company(application, database)
        database.dispose()
