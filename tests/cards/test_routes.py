"""Files over HTTP: who may send and get them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm_app.access import cookies, sessions
from crm_app.access.actions.sessions import open_session
from crm_app.cards import routes, rules
from crm_app.cards.queries.every_card import list_files
from crm_app.core import clock, files
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.tasks.actions.guests import unshare_task_with_guest
from tests import make

OURS = {"X-Requested-With": "crm"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    sessions.forget_all({"sessions"})
    yield
    sessions.forget_all({"sessions"})


def browser(actor: Actor | None) -> TestClient:
    """A browser logged in as somebody, over the real routes."""
    client = TestClient(Starlette(routes=routes.routes))
    if actor is not None:
        account = f"{actor.kind}:{actor.id}"
        token = perform(SYSTEM, open_session, account=account, address="127.0.0.1", agent="test")
        client.cookies.set(cookies.name(), token)
    return client


def test_a_file_goes_in_and_comes_out_as_it_was(ann: Actor) -> None:
    card = make.client(ann)
    page = browser(ann)
    sent = page.post(f"/files?card=client:{card.id}&name=../КП.pdf", content=b"%PDF-1.7 x", headers=OURS)
    assert sent.status_code == 201
    got = page.get(f"/files/{sent.json()['id']}")
    assert got.content == b"%PDF-1.7 x"
    assert (
        got.headers["content-disposition"].startswith("attachment")
        and "%D0%9A%D0%9F.pdf" in got.headers["content-disposition"]
    )
    assert got.headers["content-type"] == "application/octet-stream"
    assert [row.name for row in perform(ann, list_files, card="client", card_id=card.id)] == ["КП.pdf"]


def test_another_department_neither_sends_nor_gets(ann: Actor, bob: Actor, tmp_path: Path) -> None:
    card = make.client(ann)
    file_id = browser(ann).post(f"/files?card=client:{card.id}&name=a", content=b"x", headers=OURS).json()["id"]
    kept = sorted(tmp_path.rglob("*"))
    assert browser(bob).get(f"/files/{file_id}").status_code == 404
    assert browser(bob).post(f"/files?card=client:{card.id}&name=b", content=b"x", headers=OURS).status_code == 404
    assert sorted(tmp_path.rglob("*")) == kept


def test_a_stranger_is_asked_to_log_in(ann: Actor) -> None:
    assert browser(None).post("/files?card=client:1", content=b"x", headers=OURS).status_code == 401
    assert browser(None).get("/files/1").status_code == 401


def test_a_page_of_another_site_is_refused(ann: Actor) -> None:
    card = make.client(ann)
    address = f"/files?card=client:{card.id}&name=a"
    assert browser(ann).post(address, content=b"x").status_code == 403
    assert (
        browser(ann).post(address, content=b"x", headers={**OURS, "Origin": "https://evil.example"}).status_code == 403
    )


def test_what_is_empty_or_too_big_leaves_nothing(ann: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make.client(ann)
    monkeypatch.setattr(routes, "LARGEST_FILE", 2**20)
    address = f"/files?card=client:{card.id}&name=a"
    assert browser(ann).post(address, content=b"", headers=OURS).status_code == 422
    assert browser(ann).post(address, content=b"x" * (2**20 + 1), headers=OURS).status_code == 413
    without_length = (b"x" * 2**19 for _ in range(3))
    assert browser(ann).post(address, content=without_length, headers=OURS).status_code == 413
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("card", ["", "client", "client:x", "client:99999999999", "planet:1", "client:-1"])
def test_what_names_no_card_is_not_found(ann: Actor, card: str) -> None:
    assert browser(ann).post(f"/files?card={card}&name=a", content=b"x", headers=OURS).status_code == 404


def test_a_guest_does_not_get_an_internal_file(ann: Actor) -> None:
    guest = make.guest(ann)
    task = make.task(ann, shared_with=guest)
    page = browser(ann)
    internal = page.post(f"/files?card=task:{task.id}&name=a", content=b"x", headers=OURS).json()["id"]
    shared = page.post(f"/files?card=task:{task.id}&name=b&guests=1", content=b"y", headers=OURS).json()["id"]
    assert browser(guest).get(f"/files/{internal}").status_code == 404
    assert browser(guest).get(f"/files/{shared}").content == b"y"


def test_a_guest_sends_so_many_files_a_day_and_no_more(
    ann: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = make.guest(ann)
    task = make.task(ann, shared_with=guest)
    monkeypatch.setattr(rules, "GUEST_FILES_A_DAY", 2)
    address = f"/files?card=task:{task.id}&name=a"
    for _ in range(2):
        assert browser(guest).post(address, content=b"x", headers=OURS).status_code == 201
    kept = sorted(tmp_path.rglob("*"))
    refused = browser(guest).post(address, content=b"x", headers=OURS)
    assert refused.status_code == 429 and "2" in refused.json()["detail"]
    assert sorted(tmp_path.rglob("*")) == kept
    assert browser(ann).post(address, content=b"x", headers=OURS).status_code == 201
    perform(ann, unshare_task_with_guest, task_id=task.id, guest_id=guest.id)  # what is closed was sent all the same
    other = make.task(ann, "Другое", shared_with=guest)
    again = browser(guest).post(f"/files?card=task:{other.id}&name=a", content=b"x", headers=OURS)
    assert again.status_code == 429

    tomorrow = clock.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    again = browser(guest).post(f"/files?card=task:{other.id}&name=a", content=b"x", headers=OURS)
    assert again.status_code == 201


def test_a_guests_files_of_a_day_have_a_size_together(
    ann: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = make.guest(ann)
    task = make.task(ann, shared_with=guest)
    monkeypatch.setattr(rules, "GUEST_BYTES_A_DAY", 2**20)
    address = f"/files?card=task:{task.id}&name=a"
    assert browser(guest).post(address, content=b"x" * 2**19, headers=OURS).status_code == 201
    kept = sorted(tmp_path.rglob("*"))
    for content in (b"x" * (2**19 + 1), (b"x" * 2**18 for _ in range(3))):  # told beforehand, and found out
        refused = browser(guest).post(address, content=content, headers=OURS)
        assert refused.status_code == 413 and "1" in refused.json()["detail"]
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == [path for path in kept if path.is_file()]
    assert browser(ann).post(address, content=b"x" * 2**20, headers=OURS).status_code == 201
