"""Redis goes away under two web processes: sockets end and come back, and what was forbidden stays forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from crm_app.access.actions.keys import create_key, revoke_key
from crm_app.access.actions.roles import change_role
from crm_app.access.queries import list_keys, list_roles
from crm_app.core.door import perform
from crm_app.deals.queries.cards import see_deal
from crm_app.deals.screens.board_state import Board
from crm_app.pipelines.queries import PipelineRow
from crm_app.ui.reflex_internals import name_of
from tests import people
from tests.companies import own_company
from tests.deals import make
from tests.make import task
from tests.processes.conftest import Company, session_of, soon
from tests.security.raw_socket import HYDRATE, Tab
from tests.servers import OwnRedis

CONNECTIONS = 8
"""So many that some come to each of the two."""


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    with OwnRedis() as server:
        yield server


@pytest.fixture
def pair(own_redis: OwnRedis, tmp_path: Path) -> Iterator[Company]:
    """Two web processes, whose database is the one in use."""
    with own_company(tmp_path, CRM_WORKERS="2", CRM_REDIS_URL=own_redis.url) as (application, own):
        yield Company(application, own)


def test_redis_goes_and_comes_back(pair: Company, own_redis: OwnRedis) -> None:
    address, ann = pair.application.address, people.actor("ann")
    way = make.pipeline("goods")
    deal = make.deal(ann, way, name="Станок для Зари").id or 0
    cookie = session_of("ann")
    task(ann, "Позвонить Заре")
    with at_tasks(address, cookie) as tab:
        tab.wait_for("Позвонить Заре")
    limited = pair.clients(Authorization=f"Bearer {perform(ann, create_key, name='before')}")
    with at_board(address, "ann", way) as tab:
        own_redis.stop()
        drop(tab, deal, way)
        with pytest.raises(
            ConnectionClosed
        ):  # nothing is answered by halves: the page connects anew and sends it again
            tab.wait_for("that never comes")
    soon(lambda: pair.application.log.read_text().count("Redis is away") == 2)
    assert all(is_refused(address) for _ in range(CONNECTIONS))
    assert httpx.get(f"{address}/_event/?EIO=4&transport=polling").status_code == 503
    assert httpx.get(f"{address}/api/health").json()["redis"] == "away"
    assert [client.get("/api/v1/deals").status_code for client in limited] == [200, 200]
    what_is_forbidden_stays_forbidden(pair)
    take_tasks_from_managers()
    for client in limited:
        soon(lambda client=client: client.get("/api/v1/tasks").status_code == 403)

    own_redis.start()
    soon(
        lambda: pair.application.log.read_text().count("Redis is back") == 2
    )  # some sockets taken may all be of one process
    for _ in range(CONNECTIONS):
        with at_tasks(address, cookie) as tab:
            tab.wait_for('"is_missing_rx_state_": true')
            assert not any("Позвонить Заре" in frame for frame in tab.frames)
    with at_board(address, "ann", way) as tab, at_board(address, "olga", way) as other:
        drop(tab, deal, way)
        tab.wait_for('"drop_id": "dropped-once", "ok": true')
        assert perform(ann, see_deal, deal_id=deal).deal.stage_id == way.stages[1].id
        make.deal(ann, way, name="Пресс для Вектора")
        for each in (tab, other):
            each.wait_for("Пресс для Вектора")
    told = pair.application.log.read_text()
    assert "Traceback" not in told and told.count("Redis is away") == told.count("Redis is back") == 2, told


@contextmanager
def at_board(address: str, person: str, way: PipelineRow) -> Iterator[Tab]:
    """A tab of somebody's, with the board in it."""
    with Tab(address, session_of(person)) as tab:
        tab.send(HYDRATE, {"vars": {}, "hashes": None}, "/deals", pipeline=str(way.id))
        tab.wait_for("Станок для Зари")
        yield tab


def drop(tab: Tab, deal_id: int, way: PipelineRow) -> None:
    """A card from the first stage is dropped on the second: the same drop each time, as a page sends it again."""
    start, end = way.stages[0].id, way.stages[1].id
    dropped = {"drop_id": "dropped-once", "deal_id": deal_id, "from_stage": start, "to_stage": end, "index": 0}
    tab.send(name_of(Board.deal_dropped), dropped, "/deals", pipeline=str(way.id))


@contextmanager
def at_tasks(address: str, cookie: str) -> Iterator[Tab]:
    """A tab of that session, with the page of tasks asked for."""
    with Tab(address, cookie) as tab:
        tab.send(HYDRATE, {"vars": {}, "hashes": None}, "/tasks")
        yield tab


def take_tasks_from_managers() -> None:
    adam = people.actor("adam")
    (manager,) = (row[0] for row in perform(adam, list_roles) if row[1] == "manager")
    perform(adam, change_role, role_id=manager, permission="task.see", scope="")


def is_refused(address: str) -> bool:
    """Whether a new socket is closed at once."""
    try:
        with Tab(address):
            return False
    except (InvalidStatus, ConnectionClosed, TimeoutError):
        return True


def what_is_forbidden_stays_forbidden(pair: Company) -> None:
    """After a log-out, and with a key that was revoked, in each process: without Redis as with it."""
    bob = people.actor("bob")
    persons = pair.clients(Cookie=f"crm_session={session_of('bob')}", Origin=pair.application.address)
    assert [client.get("/imports/clients/template.xlsx").status_code for client in persons] == [200, 200]
    assert persons[0].post("/auth/logout").status_code == 303
    for client in persons:
        soon(lambda client=client: client.get("/imports/clients/template.xlsx").status_code == 401)
    programs = pair.clients(Authorization=f"Bearer {perform(bob, create_key, name='test')}")
    assert [client.get("/api/v1/tasks").status_code for client in programs] == [200, 200]
    (row,) = perform(bob, list_keys)
    perform(bob, revoke_key, key_id=row.id)
    for client in programs:
        soon(lambda client=client: client.get("/api/v1/tasks").status_code == 401)
