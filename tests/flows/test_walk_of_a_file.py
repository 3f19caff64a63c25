"""A real file of 4,940 rows, as its administrator meets it: in, mended, shared, retagged, and taken back whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm_app.clients.queries import count_clients
from crm_app.core.door import perform
from tests import people
from tests.application import Application
from tests.companies import own_company
from tests.flows.conftest import Window, windows_at

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "clients-4940.xlsx"
LONG = 120_000
SHARED = "Companies of the file"
COMPANIES = '{"all":[{"field":"kind","op":"eq","value":"company"}]}'


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Application]:
    """An application in which nobody else has cards: here all of them may be counted."""
    with own_company(tmp_path) as (started, _):
        yield started


@pytest.fixture
def here(browser: Browser, fresh: Application) -> Iterator[Window]:
    with windows_at(browser, fresh.address) as window:
        yield window


def stored() -> int:
    return int(perform(people.actor("adam"), count_clients))


def mend(page: Page, number: int) -> None:
    """The first of the bad rows: a name for what has none, nothing for what can't be read."""
    row = page.get_by_role("table", name="Outcome").get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_have_text(
        re.compile(r"\d")
    )  # not what holds the place of rows on their way
    told = row.get_by_role("rowheader").inner_text()
    row.get_by_role("button", name="Mend").click()
    dialog = page.get_by_role("dialog")
    wrong = dialog.locator("[aria-invalid=true]")
    expect(wrong.first).to_be_visible()
    is_unnamed = dialog.get_by_role("textbox", name=re.compile("^Название")).and_(wrong).count()
    for box in wrong.all():
        box.fill(f"Исправленная строка {number}" if is_unnamed else "")
    dialog.get_by_role("button", name="Check and save").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("rowheader", name=told, exact=True)).to_have_count(0)


def test_a_file_goes_in_is_mended_shared_retagged_and_taken_back_whole(here: Window) -> None:
    page = here("adam")
    take_in(page)
    share(page, here("ann"))
    retag(page)
    page.goto("/clients/import?id=1")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible(timeout=LONG)
    assert stored() == 0


def take_in(page: Page) -> None:
    """4,710 new, 180 copies, 50 bad: each of these is mended in place."""
    page.goto("/clients/import")
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.wait_for_url(re.compile(r"id=\d+"))
    page.get_by_role("button", name="Check without importing").click()
    expect(page.get_by_text("Checked", exact=True)).to_be_visible(timeout=LONG)
    assert stored() == 0
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=LONG)
    assert stored() == 4_710
    expect(page.get_by_text("180", exact=True)).to_be_visible()
    for number in range(50):
        mend(page, number)
    assert stored() == 4_760


def share(page: Page, other: Page) -> None:
    """A filter of one's own is drawn over the line; another has it at once."""
    other.goto("/clients")
    page.goto(f"/clients?filter={COMPANIES}")
    shelf = page.get_by_role("navigation", name="Filters and groups")
    shelf.get_by_role("button", name="Save this filter").click()
    page.keyboard.type(SHARED)
    page.keyboard.press("Enter")
    mine = shelf.get_by_role("link", name=re.compile(f"^{SHARED}"))
    mine.drag_to(shelf.get_by_role("list", name="Everyone's filters"))
    expect(other.get_by_role("link", name=re.compile(f"^{SHARED}"))).to_be_visible()


def retag(page: Page) -> None:
    """All that match get a tag from the worker, and lose it again."""
    wanted = {"all": [{"field": "kind", "op": "eq", "value": "company"}]}
    tagged = {"field": "tags", "op": "has", "value": "ярмарка"}
    companies = perform(people.actor("adam"), count_clients, where=wanted)
    assert companies > 2_000
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_role("toolbar")).to_contain_text(f"{companies:,}")
    page.get_by_role("toolbar").get_by_role("button", name="Tag", exact=True).click()
    page.get_by_role("combobox", name="Tag").fill("ярмарка")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{companies} cards changed")).to_be_visible(timeout=LONG)
    assert perform(people.actor("adam"), count_clients, where=tagged) == companies
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{companies} cards are as they were")).to_be_visible(timeout=LONG)
    assert perform(people.actor("adam"), count_clients, where=tagged) == 0
