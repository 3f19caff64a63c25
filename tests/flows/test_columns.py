"""The columns of a list in the browser: chosen, moved, sized, kept; and a list on paper."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crm_app.cards.actions.columns import reset_columns
from crm_app.cards.queries.columns import see_columns
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.tasks.actions.editing import create_task
from tests import make, people
from tests.flows.conftest import Window, until

LIST = "/clients?q=columned"


def heads(page: Page) -> list[str]:
    return page.get_by_role("grid").get_by_role("columnheader").all_inner_texts()


def test_columns_are_chosen_moved_and_sized_and_a_list_is_printed(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    perform(ann, reset_columns, card="client")
    for number in range(40):
        make.client(ann, f"Columned {number:02}", "company", site=f"https://columned{number}.example")
    page = window("ann", viewport={"width": 1440, "height": 900})
    page.goto(LIST)
    grid = page.get_by_role("grid", name="Clients")
    expect(grid.get_by_text("Columned 00")).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    choices = page.get_by_role("dialog", name="Columns")
    expect(choices.get_by_label("Name", exact=True)).to_be_disabled()
    choices.get_by_label("Site", exact=True).click()
    expect(grid.get_by_role("columnheader", name="Site")).to_be_visible()
    expect(grid.get_by_text("https://columned0.example")).to_be_visible()
    choices.get_by_label("City", exact=True).click()
    expect(grid.get_by_role("columnheader", name="City")).to_have_count(0)
    choices.get_by_role("button", name="“Site” further left").click()
    expect(grid.get_by_role("columnheader").last).to_have_text("Changed")
    choices.get_by_label("Width of “Site”, pixels").fill("260")
    choices.get_by_label("Width of “Site”, pixels").blur()
    site = grid.get_by_role("columnheader", name="Site")
    expect(site).to_have_css("width", "260px")
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count == 0
    page.keyboard.press("Escape")

    edge = grid.locator('[data-edge="site"]')
    edge.scroll_into_view_if_needed()
    box = edge.bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] - 56, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(site).to_have_css("width", "200px")
    told = heads(page)
    until(lambda: 200 in [column.width for column in perform(ann, see_columns, card="client").columns])
    page.reload()
    expect(grid.get_by_text("https://columned0.example")).to_be_visible()
    expect(site).to_have_css("width", "200px")
    assert heads(page) == told

    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(grid.get_by_text("Columned 39")).to_be_visible()
    assert grid.locator("[data-row]").count() == 40
    expect(page.get_by_role("button", name="Columns")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")

    page.get_by_role("button", name="Columns").click()
    choices.get_by_role("button", name="As they come").click()
    expect(choices.get_by_label("City", exact=True)).to_be_checked()
    expect(grid.get_by_role("columnheader", name="Site")).to_have_count(0)


PRINT = """() => { window.print = () => {
  dispatchEvent(new Event("beforeprint"));
  const rest = document.querySelector(".print-rest");
  window.printed = [document.querySelectorAll("[data-row]").length, rest ? rest.textContent : ""];
  dispatchEvent(new Event("afterprint"));
} }"""


def test_the_whole_list_is_printed_not_the_rows_that_were_scrolled_to(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    for number in range(1_030):
        make.client(ann, f"Onpaper {number:04}", "company")
    page = window("ann")
    page.goto("/clients?q=onpaper%20001")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.evaluate(PRINT)
    page.get_by_role("button", name="Print the list").click()
    until(lambda: page.evaluate("window.printed"))
    few, rest = page.evaluate("window.printed")
    assert few == 12 and rest == ""
    page.goto("/clients?q=onpaper")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.evaluate(PRINT)
    page.keyboard.press("Control+p")
    until(lambda: page.evaluate("window.printed"))
    many, rest = page.evaluate("window.printed")
    assert many == 1_000 and rest.startswith("Printed are the first 1000 of 1030 rows.")
    assert page.locator("[data-row]").count() < 100, "on the screen it is as long as before"


def test_tasks_have_columns_of_ones_own(window: Window, company: Database) -> None:
    perform(people.actor("mary"), create_task, title="Columns of tasks")
    page = window("mary", viewport={"width": 1440, "height": 900})
    page.goto("/tasks")
    expect(page.get_by_text("Columns of tasks")).to_be_visible()
    page.get_by_role("button", name="Columns", exact=True).click()
    expect(page.get_by_label("Title", exact=True)).to_be_disabled()
    page.get_by_label("Author", exact=True).click()
    expect(page.get_by_role("columnheader", name="Author")).to_be_visible()
    page.get_by_label("Changed", exact=True).click()
    page.reload()
    expect(page.get_by_role("columnheader", name="Author")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Changed")).to_be_visible()
