"""Redis goes away under several web processes: pages say so and heal, and what was forbidden stays forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from crm_app.access.actions.keys import create_key, revoke_key
from crm_app.access.actions.sessions import open_session
from crm_app.access.queries import list_keys
from crm_app.core import db
from crm_app.core.door import perform
from tests import people
from tests.application import Application, running
from tests.deals import make
from tests.flows.boards import card, drag, shown, stored
from tests.flows.conftest import windows_at
from tests.servers import OwnRedis

WIDE = {"width": 2400, "height": 900}
SERVER = "The server does not answer"


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    with OwnRedis() as server:
        yield server


@pytest.fixture
def two(own_redis: OwnRedis, tmp_path: Path) -> Iterator[Application]:
    """Two web processes, whose database is the one in use."""
    known = db._current
    with running(tmp_path, CRM_WORKERS="2", CRM_REDIS_URL=own_redis.url) as application:
        own = db.Database(f"sqlite:///{application.data}/crm.db")
        db.use(own)
        people.settle()
        yield application
        own.dispose()
        db.use(known)


def test_redis_goes_and_comes_back(two: Application, own_redis: OwnRedis, browser: Browser) -> None:
    ann = people.actor("ann")
    way = make.pipeline("goods")
    deal = make.deal(ann, way).id
    with windows_at(browser, two.address) as window:
        page, late = window("ann", viewport=WIDE), window("olga", viewport=WIDE)
        page.goto(f"/deals?pipeline={way.id}")
        expect(card(page, deal)).to_be_visible()
        page.evaluate("document.body.dataset.same = 'yes'")
        own_redis.stop()
        drag(page, deal, way.stages[1].id)
        expect(page.get_by_text(SERVER)).to_be_visible(timeout=20_000)
        late.goto(page.url)
        expect(late.get_by_text(SERVER)).to_be_visible(timeout=20_000)
        what_is_forbidden_stays_forbidden(two)
        assert httpx.get(f"{two.address}/api/health").json()["redis"] == "away"

        own_redis.start()
        for each in (page, late):
            expect(each.get_by_text(SERVER)).to_have_count(0, timeout=60_000)
            expect(each.locator(f"[data-stage='{way.stages[1].id}'] [data-deal='{deal}']")).to_be_visible()
        assert page.evaluate("document.body.dataset.same") == "yes"
        assert shown(page) == stored(ann, way.id), "what was dropped on the way is saved"
        again = make.deal(ann, way).id
        for each in (page, late):
            expect(card(each, again)).to_be_visible()
        drag(page, again, way.stages[1].id)
        expect(late.locator(f"[data-stage='{way.stages[1].id}'] [data-deal='{again}']")).to_be_visible()
    told = two.log.read_text()
    assert "Traceback" not in told and told.count("Redis is away") == told.count("Redis is back") == 2, told


def what_is_forbidden_stays_forbidden(two: Application) -> None:
    """A log-out, a right that is none, a key that is revoked, another site: without Redis as with it."""
    session = perform(
        people.SYSTEM, open_session, account=f"employee:{people.actor('bob').id}", address="127.0.0.1", agent="test"
    )
    person = {"Cookie": f"crm_session={session}", "Origin": two.address}
    template, limit = f"{two.address}/imports/template.xlsx", 5
    assert httpx.get(template, headers=person).status_code == 200
    assert httpx.post(f"{two.address}/auth/logout", headers=person).status_code == 303
    for _ in range(limit):
        until_it_is(401, template, person)
    key = perform(people.actor("bob"), create_key, name="test")
    program = {"Authorization": f"Bearer {key}"}
    assert httpx.get(f"{two.address}/api/v1/tasks", headers=program).status_code == 200
    assert httpx.get(f"{two.address}/api/v1/employees", headers=program).status_code in (200, 403)
    (row,) = perform(people.actor("bob"), list_keys)
    perform(people.actor("bob"), revoke_key, key_id=row.id)
    for _ in range(limit):
        until_it_is(401, f"{two.address}/api/v1/tasks", program)


def until_it_is(status: int, address: str, headers: dict[str, str]) -> None:
    """Whichever process answers: the other one hears of a change within a moment."""
    for _ in range(50):
        if httpx.get(address, headers=headers).status_code == status:
            return
    raise AssertionError(f"never {status}")
