"""Every handler of every State, called by hand over a raw socket by people who may and people who must not.

Nothing is read or changed beyond rights, nothing in the log is a traceback, and the server is alive at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from crm_app.access.actions.sessions import open_session
from crm_app.core.actor import SYSTEM
from crm_app.core.db import Database, use
from crm_app.core.door import perform
from tests import people
from tests.application import Application
from tests.security import canaries, handlers, payloads
from tests.security.raw_socket import Tab
from tests.security.world import SHARED_TITLE, World, build, wait_for_worker

AT_ONCE = 6
"""Sockets that are open together."""
BACKGROUND = {"announcement", "fact", "fact_link", "job", "login_session", "notification", "worker_beat"}
"""Tables that the worker and the sessions of the test itself write to."""
OTHERS = {
    "api_key", "client", "client_import", "deal", "department", "employee", "favourite", "field_right", "guest",
    "invitation", "notification", "password", "role", "setting", "task",
}  # fmt: skip
"""Tables whose planted rows belong to another department, or to the administrator."""
NEVER_SEEN = {
    "nobody": canaries.CANARY,
    "guest": canaries.CANARY,
    "ann": re.compile(r"CANARY-(client|deal|task)-|CANARY-\w+-\w*hash|argon2"),
    "mary": re.compile(r"CANARY-task-|CANARY-\w+-\w*hash|argon2"),
}


@dataclass(frozen=True)
class Served:
    """The running application with canaries in it."""

    origin: str
    database: Database
    world: World
    log: Path

    def cookie(self, person: str) -> str:
        """A session's token, fresh for each use: some handlers end sessions."""
        if person == "nobody":
            return ""
        account = f"guest:{self.world.greg.id}" if person == "guest" else f"employee:{people.actor(person).id}"
        return perform(SYSTEM, open_session, account=account, address="127.0.0.1", agent="raw")

    def rows(self) -> dict[str, set[str]]:
        with self.database.reader.connect() as connection:
            return canaries.dump(connection)


@pytest.fixture(scope="module")
def served(application: Application) -> Iterator[Served]:
    database = Database(f"sqlite:///{application.data}/crm.db")
    use(database)
    people.settle()
    wait_for_worker(database)
    yield Served(application.address, database, build(database), application.log)
    use(None)


def test_all_our_handlers_are_among_them() -> None:
    names = handlers.names()
    assert len(names) > 60
    for expected in ("guest_task.comment_sent", "one_task.guest_picked", ".setvar", "employees.employee_added"):
        assert any(expected in name for name in names), expected


def test_messages_that_are_no_events_do_no_harm(served: Served) -> None:
    use(served.database)
    name = next(name for name in handlers.names() if name.endswith("guest_task.opened"))
    nonsense = [
        None, 1, "event", [], [[]], {}, {"name": 1}, {"name": "no.such.handler"}, {"name": name, "payload": [1]},
        {"name": name, "payload": {}, "router_data": 1}, {"name": "a\nb" * 5_000}, {"name": {"a": 1}, "payload": None},
        {"name": name, "payload": {}, "router_data": {"pathname": 7, "query": []}, "token": "other", "extra": {}},
        {"name": name, "payload": {}, "router_data": {"pathname": "/" * 3_000, "headers": {"cookie": "crm_session=x"}}},
    ]  # fmt: skip
    with Tab(served.origin, number=9_000) as tab:
        for message in nonsense:
            tab.send_raw(message)
        assert canaries.found_in(tab.finish()) == set()


def test_a_tab_of_another_session_tells_nothing(served: Served) -> None:
    """Whoever knows the token of somebody's tab, which stands in addresses and logs, gets a tab of their own."""
    use(served.database)
    name = next(name for name in handlers.names() if name.endswith("one_task.opened"))
    token = "a-token-that-was-seen-in-a-log"
    with Tab(served.origin, served.cookie("ann"), 9_001, token) as own:
        own.send(name, {}, f"/tasks/{served.world.task_id}")
        assert any(SHARED_TITLE in frame for frame in own.finish())
    with Tab(served.origin, "", 9_002, token) as thief:
        stolen = thief.finish()
    assert any("new_token" in frame for frame in stolen)
    assert not any(SHARED_TITLE in frame or canaries.found_in(frame) for frame in stolen)


@pytest.mark.parametrize("person", ["nobody", "guest", "ann", "mary"])
def test_nothing_is_read_or_changed_beyond_rights(person: str, served: Served) -> None:
    use(served.database)
    before = served.rows()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        jobs = [threads.submit(_call, served, person, *each) for each in handlers.every()]
        frames = [frame for job in jobs for frame in job.result()]
    after = served.rows()

    seen = {match.group() for frame in frames for match in NEVER_SEEN[person].finditer(frame)}
    assert seen == set()
    _check_changes(person, served.world, before, after)
    if person in ("guest", "ann"):
        assert any(SHARED_TITLE in frame for frame in frames), "nothing was shown at all: the crawl proves nothing"
        done = "comment" if person == "guest" else "task"
        assert before[done] != after[done], "nothing was done at all: the crawl proves nothing"


def test_the_server_is_alive_and_its_log_has_no_traceback(served: Served) -> None:
    assert httpx.get(f"{served.origin}/api/health", timeout=20).json()["database"] == "ok"
    log = served.log.read_text(errors="replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4_000]
    assert canaries.CANARY.search(log) is None


def _call(served: Served, person: str, number: int, name: str, opened: str, function: Callable[..., Any]) -> list[str]:
    """Call one handler with everything; gives the frames that came back."""
    world = served.world
    folder = "/portal/tasks" if person == "guest" else "/tasks"
    with Tab(served.origin, served.cookie(person), 1_000 + number) as tab:
        for task_id in (world.hidden_task_id, world.others_task_id, world.task_id):
            path = f"{folder}/{task_id}"
            if opened:
                tab.send(opened, {}, path)
            for each in (task_id, 1, 2):
                tab.send(name, payloads.right(function, each), path)
        for payload in (*payloads.wrong(function), *payloads.hostile(function)):
            tab.send(name, payload, path)
        return tab.finish()


def _check_changes(person: str, world: World, before: dict[str, set[str]], after: dict[str, set[str]]) -> None:
    changed = {table for table in before if before[table] != after[table]} - BACKGROUND
    if person == "nobody":
        assert changed == set()
    elif person == "guest":
        assert changed <= {"comment", "password", "stored_file"}
        for row in after["comment"] - before["comment"]:
            assert f"'task', {world.task_id}, 'guest', {world.greg.id}," in row
        gone = {row for row in before["comment"] - after["comment"] if f"'guest', {world.greg.id}," not in row}
        assert gone == set()
    for table in OTHERS & before.keys():
        planted = {row for row in before[table] if "CANARY" in row and "CANARY-note" not in row}
        assert planted - _own(world, planted) <= after[table], f"{person} changed somebody else's {table}"


def _own(world: World, rows: set[str]) -> set[str]:
    """Rows that Ann may change: the task of hers that no guest sees."""
    return {row for row in rows if "CANARY-title" in row}
