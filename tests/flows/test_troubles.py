"""A part of the system goes away under an open page: the page says what, and heals by itself without a reload."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from crm_app.core import db
from crm_app.core.door import perform
from crm_app.deals.queries.cards import see_deal
from crm_app.pipelines.queries import PipelineRow
from tests import people
from tests.application import Application, running
from tests.deals import make
from tests.flows.boards import card, drag, shown, stored
from tests.flows.conftest import Window, windows_at
from tests.servers import OwnPostgres

WIDE = {"width": 2400, "height": 900}
DATABASE = "changes are not saved for now"
WORKER = "The background service is not running"
NETWORK = "No network"
SERVER = "The server does not answer"


@pytest.fixture(scope="module")
def postgres() -> Iterator[OwnPostgres]:
    with OwnPostgres() as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("troubles")


@pytest.fixture(scope="module")
def troubled(postgres: OwnPostgres, folder: Path) -> Iterator[Application]:
    """An application whose parts are taken away."""
    known = db._current
    with running(folder, CRM_DATABASE_URL=postgres.url) as started:
        db.use(db.Database(postgres.url))
        people.settle()
        yield started
    db.use(known)


@pytest.fixture
def here(browser: Browser, postgres: OwnPostgres, troubled: Application) -> Iterator[Window]:
    """Opens windows at it."""
    known, own = db._current, db.Database(postgres.url)
    db.use(own)
    with windows_at(browser, troubled.address) as window:
        yield window
    own.dispose()
    db.use(known)


@pytest.fixture
def way(here: Window) -> PipelineRow:
    return make.pipeline("goods")


def board(here: Window, way: PipelineRow) -> Page:
    """An open board; a reload of it would be noticed."""
    page = here("ann", viewport=WIDE)
    page.goto(f"/deals?pipeline={way.id}")
    expect(page.locator(f"[data-stage='{way.stages[0].id}']")).to_be_visible()
    page.evaluate("document.body.dataset.same = 'yes'")
    return page


def says(page: Page, sentence: str) -> None:
    expect(page.get_by_text(sentence)).to_be_visible(timeout=40_000)


def is_whole_again(page: Page, sentence: str, way: PipelineRow) -> None:
    """The banner is gone, the page is the same one, and what is done on it is saved."""
    expect(page.get_by_text(sentence)).to_have_count(0, timeout=60_000)
    assert page.evaluate("document.body.dataset.same") == "yes"
    ann = people.actor("ann")
    deal = make.deal(ann, way).id
    expect(card(page, deal)).to_be_visible()
    drag(page, deal, way.stages[1].id)
    expect(card(page, deal)).not_to_have_attribute("data-pending", "true")
    assert perform(ann, see_deal, deal_id=deal).deal.stage_id == way.stages[1].id
    assert shown(page) == stored(ann, way.id)


def test_the_database(here: Window, way: PipelineRow, postgres: OwnPostgres) -> None:
    deal = make.deal(people.actor("ann"), way).id
    page, strange = board(here, way), here("bob", viewport=WIDE)
    late = page.context.new_page()
    postgres.stop()
    try:
        says(page, DATABASE)
        drag(page, deal, way.stages[1].id)  # refused for now: the card goes back, and the page stays where it is
        expect(page.locator(f"[data-stage='{way.stages[0].id}'] [data-deal='{deal}']")).to_be_visible()
        for opened in (late, strange):  # of somebody whom the server knows, and of somebody whom it can't look up
            opened.goto(page.url)
            says(opened, DATABASE)
        assert {urlsplit(each.url).path.rstrip("/") for each in (page, late, strange)} == {"/deals"}
    finally:
        postgres.start()
    is_whole_again(page, DATABASE, way)
    for opened in (late, strange):
        expect(opened.locator(f"[data-stage='{way.stages[0].id}']")).to_be_visible(timeout=60_000)
        expect(opened.get_by_text(DATABASE)).to_have_count(0)


def test_the_worker(here: Window, way: PipelineRow, troubled: Application) -> None:
    page = board(here, way)
    (worker,) = psutil.Process(troubled.process.pid).children()
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        says(page, WORKER)
    finally:
        os.kill(worker.pid, signal.SIGCONT)
    is_whole_again(page, WORKER, way)


def test_the_network(here: Window, way: PipelineRow) -> None:
    page = board(here, way)
    page.context.set_offline(True)
    says(page, NETWORK)
    page.context.set_offline(False)
    is_whole_again(page, NETWORK, way)


def test_the_server(here: Window, way: PipelineRow, troubled: Application, postgres: OwnPostgres, folder: Path) -> None:
    """The last of this file: the application that the others use is ended and started anew."""
    page, typed = board(here, way), typed_after_a_refusal(here)
    troubled.process.terminate()
    troubled.process.wait(10)
    says(page, SERVER)
    port = str(urlsplit(troubled.address).port)
    with running(folder, CRM_DATABASE_URL=postgres.url, CRM_PORT=port):
        is_whole_again(page, SERVER, way)
        expect(typed.get_by_text(SERVER)).to_have_count(0, timeout=60_000)
        dialog = typed.get_by_role("dialog")
        expect(dialog.get_by_label("Name")).to_have_value("Early shift")
        dialog.get_by_role("button", name="Add a department").click()
        expect(dialog).to_have_count(0)


def typed_after_a_refusal(here: Window) -> Page:
    """A page with a dialog in which something was saved, something else was refused, and is being typed anew."""
    page = here("adam")
    page.goto("/settings/employees")
    dialog = page.get_by_role("dialog")
    for name in ("Night shift", " "):
        page.get_by_role("button", name="Add a department").click()
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_role("button", name="Add a department").click()
        if name.strip():
            expect(dialog).to_have_count(0)
    expect(dialog.locator(".field-error")).not_to_be_empty()
    dialog.get_by_label("Name").fill("Early shift")
    return page
