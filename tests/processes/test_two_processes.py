"""What one web process learns, the other knows; what is limited is limited in both together."""

from __future__ import annotations

import os
import signal

import psutil

from crm_app.access.actions.keys import create_key, revoke_key
from crm_app.access.actions.roles import change_role
from crm_app.access.queries import list_keys, list_roles
from crm_app.core.door import perform
from tests import people
from tests.deals import make
from tests.processes.conftest import API_LIMIT, SOON_SECONDS, Company, session_of, soon
from tests.security.raw_socket import HYDRATE, Tab


def test_there_is_one_worker_and_a_process_that_dies_is_started_again(two: Company) -> None:
    first, second = two.children["serve"]
    assert len(two.children["worker"]) == 1
    os.kill(first.pid, signal.SIGKILL)
    soon(lambda: len(two.children["serve"]) == 2 and first not in two.children["serve"])
    assert second in two.children["serve"] and len(two.children["worker"]) == 1
    assert len(two.clients()) == 2


def test_a_change_through_one_process_is_seen_on_a_board_of_the_other(two: Company) -> None:
    ann = people.actor("ann")
    way = make.pipeline("goods")
    make.deal(ann, way, name="Станок для Зари")
    key = perform(ann, create_key, name="test")
    here, _ = two.clients(Authorization=f"Bearer {key}")
    stream = here.get("/api/health").extensions["network_stream"]
    tab = two.tab_apart_from(two.behind(stream.get_extra_info("client_addr")[1]), session_of("olga"))
    try:
        tab.send(HYDRATE, {"vars": {}, "hashes": None}, "/deals", pipeline=str(way.id))
        tab.wait_for("Станок для Зари")
        made = here.post("/api/v1/deals", json={"pipeline_id": way.id, "name": "Пресс для Вектора"})
        assert made.status_code == 201, made.text
        tab.wait_for("Пресс для Вектора")
    finally:
        tab.__exit__(None, None, None)


def test_a_log_out_holds_in_both(two: Company) -> None:
    cookie = session_of("ann")
    here, there = two.clients(Cookie=f"crm_session={cookie}", Origin=two.application.address)
    page = "/imports/clients/template.xlsx"
    assert (here.get(page).status_code, there.get(page).status_code) == (200, 200)
    assert here.post("/auth/logout").status_code == 303
    assert here.get(page).status_code == 401
    soon(lambda: there.get(page).status_code == 401)


def test_a_right_that_is_taken_and_a_key_that_is_revoked_are_gone_in_both(two: Company) -> None:
    ann, adam = people.actor("ann"), people.actor("adam")
    key = perform(ann, create_key, name="of both")
    clients = two.clients(Authorization=f"Bearer {key}")
    assert [client.get("/api/v1/tasks").status_code for client in clients] == [200, 200]
    (manager,) = (row[0] for row in perform(adam, list_roles) if row[1] == "manager")
    before = people.actor("ann").permissions["task.see"]
    perform(adam, change_role, role_id=manager, permission="task.see", scope="")
    for client in clients:
        soon(lambda client=client: client.get("/api/v1/tasks").status_code == 403)
    perform(adam, change_role, role_id=manager, permission="task.see", scope=before)
    (row,) = (row for row in perform(ann, list_keys) if row.name == "of both")
    perform(ann, revoke_key, key_id=row.id)
    for client in clients:
        soon(lambda client=client: client.get("/api/v1/tasks").status_code == 401)


def test_a_limit_is_one_for_both(two: Company) -> None:
    key = perform(people.actor("bob"), create_key, name="test")
    here, there = two.clients(Authorization=f"Bearer {key}")
    codes = [client.get("/api/v1/tasks?limit=1").status_code for _ in range(API_LIMIT // 2) for client in (here, there)]
    assert codes == [200] * API_LIMIT
    assert (here.get("/api/v1/tasks").status_code, there.get("/api/v1/tasks").status_code) == (429, 429)


def test_a_tabs_token_is_its_sessions_in_both(two: Company) -> None:
    token, mine, another = "a-token-that-was-seen", session_of("ann"), session_of("bob")
    with Tab(two.application.address, mine, token=token) as tab:
        pid = two.behind(tab.port)
        tab.finish()
    for _ in range(60):
        with Tab(two.application.address, another, token=token) as stranger:
            assert any("new_token" in frame for frame in stranger.frames)
            if two.behind(stranger.port) != pid:
                return
    raise AssertionError("every tab came to the same process")


def test_nobody_outlives_the_one_that_keeps_them(two: Company) -> None:
    """The last of this file: nothing is there any more after it."""
    kept = [*two.children["serve"], *two.children["worker"]]
    two.application.process.kill()
    gone, alive = psutil.wait_procs(kept, timeout=SOON_SECONDS)
    assert len(gone) == 3 and alive == []
