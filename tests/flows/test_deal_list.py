"""The list of deals in the browser: beside the board, with the same filter; many moved at once and taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from urllib.parse import unquote

import openpyxl
from playwright.sync_api import Page, expect

from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.cards import see_deal
from tests import people
from tests.deals import make
from tests.flows.conftest import until
from tests.flows.test_every_page import check_access

Window = Callable[..., Page]


def test_the_list_shows_what_the_board_shows_and_leads_back(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), make.pipeline()
    client = make.client("Listed Vector", owner=ann)
    made = make.deal(ann, way, name="Listed pumps", amount=250_000_00, client_id=client.id)
    make.deal(ann, way, name="Listed lathes", amount=9_000_00)
    page = window("ann")
    page.goto(f"/deals?pipeline={way.id}&q=listed")
    expect(page.locator(f"[data-deal='{made.id}']")).to_be_visible()
    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator("[data-row]")).to_have_count(2)
    assert '"pipeline_id"' in unquote(page.url) and "q=listed" in page.url
    row = page.locator(f"[data-row='{made.id}']")
    expect(row).to_contain_text("Listed Vector")
    page.get_by_role("button", name="Amount", exact=True).click()
    amount = page.get_by_role("columnheader", name="Amount")
    expect(amount).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("[data-row]").first).to_contain_text("Listed lathes")
    page.get_by_role("button", name="Amount", exact=True).click()
    expect(amount).to_have_attribute("aria-sort", "descending")
    expect(page.locator("[data-row]").first).to_contain_text("Listed pumps")
    perform(ann, move_deal, deal_id=made.id, stage_id=make.stage(way, 1).id)
    expect(row).to_contain_text(make.stage(way, 1).name)  # without a reload
    check_access(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export to Excel", exact=True).click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert {line[1] for line in book.iter_rows(min_row=2, values_only=True)} == {"Listed pumps", "Listed lathes"}
    page.get_by_role("link", name="Board").click()
    expect(page.locator(f"[data-deal='{made.id}']")).to_be_visible()
    assert f"pipeline={way.id}" in page.url


def test_many_are_moved_the_refused_ones_are_told_and_all_is_taken_back(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), make.pipeline("services")
    second = make.stage(way, 1)
    make.ask_for(second.id, "amount")
    rich = [make.deal(ann, way, name=f"Moved together {n}", amount=100) for n in range(2)]
    poor = make.deal(ann, way, name="Moved together, poor")
    page = window("ann")
    page.goto("/deals/list?q=moved+together")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.get_by_role("checkbox").first.click()
    bar = page.get_by_role("toolbar")
    bar.get_by_role("button", name="To a stage").click()
    page.get_by_label("Stage", exact=True).last.select_option(value=str(second.id))
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("Moved: 2; may not: 1")).to_be_visible()
    notice = page.locator(".toasts")
    expect(notice).to_contain_text("Moved together, poor")
    way_to_all = notice.get_by_role("link", name="All reasons")
    expect(way_to_all).to_have_attribute("href", re.compile(r"^/bulk\?left=\d+$"))
    where = way_to_all.get_attribute("href") or ""
    told = page.get_by_role("status", name="Left at their stage")
    expect(told.get_by_role("link", name="Moved together, poor")).to_be_visible()
    expect(told).to_contain_text("amount")
    assert perform(ann, see_deal, deal_id=rich[0].id).deal.stage_id == second.id
    page.get_by_role("button", name="Undo").click()
    until(lambda: perform(ann, see_deal, deal_id=rich[0].id).deal.stage_id == way.stages[0].id)
    told.get_by_role("button", name="Close").click()
    expect(told).to_have_count(0)

    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Delivery", exact=True).click()
    expect(page.get_by_role("columnheader", name="Delivery")).to_be_visible()
    page.keyboard.press("Escape")
    bar.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("[data-row]")).to_have_count(0)
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator("[data-row]")).to_have_count(3)
    page.goto("/bulk")
    rows = page.get_by_role("row")
    expect(rows.nth(2)).to_contain_text(second.name)
    rows.nth(2).get_by_role("button", name="Which were left").click()
    expect(page.get_by_role("link", name="Moved together, poor")).to_be_visible()
    page.goto(where)  # the notice's way leads to them at once
    expect(page.get_by_role("link", name="Moved together, poor")).to_be_visible()
    assert perform(ann, see_deal, deal_id=poor.id).deal.stage_id == way.stages[0].id


def test_on_a_phone_rows_are_cards_that_open(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    made = make.deal(ann, make.pipeline(), name="Pocket deal", amount=5_000_00)
    page = window("ann", viewport={"width": 390, "height": 844}, locale="ru-RU")
    page.goto("/deals/list?q=pocket")
    row = page.locator(f"[data-row='{made.id}']")
    expect(row).to_contain_text("Pocket deal")
    check_access(page)
    row.click(position={"x": 200, "y": 50})
    page.wait_for_url(f"**/deals/{made.id}")
