"""Which role sees which fields in a stage: the matrix of the editor, and the board and the list of who may not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from tests import people
from tests.deals import make
from tests.deals.placed import keep, right
from tests.flows.boards import card, column
from tests.flows.conftest import Window, until


@pytest.fixture
def ann(company: object) -> Actor:
    return people.actor("ann")


@pytest.fixture
def way(ann: Actor) -> PipelineRow:
    return make.pipeline("basic")


def cell(page: Page, field: str, role: str) -> Locator:
    return page.locator(f"tr[data-field='{field}'] td[data-role='{role}'] select")


def test_a_field_is_hidden_in_a_stage_and_gone_from_the_managers_board(
    window: Window, ann: Actor, way: PipelineRow
) -> None:
    adam = people.actor("adam")
    deal = make.deal(ann, way, name="Станок втайне", amount=7_654_321_00)
    here = deal.stage_id
    board = window("ann")
    board.goto(f"/deals?pipeline={way.id}")
    expect(card(board, deal.id or 0)).to_contain_text("654")
    page = window("adam")
    page.goto(f"/pipelines/{way.id}")
    panel = page.get_by_role("region", name="Fields by stage")
    panel.get_by_label("Stage", exact=True).select_option(str(here))
    expect(panel.get_by_label("Stage", exact=True)).to_have_value(str(here))
    cell(page, "amount", "manager").select_option("hidden")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("will no longer see")
    dialog.get_by_role("button", name="Save the change").click()
    until(lambda: [one.field for one in perform(adam, see_pipeline, pipeline_id=way.id).rights] == ["amount"])
    expect(dialog).to_be_hidden()
    expect(cell(page, "amount", "manager")).to_have_value("hidden")
    board.goto(f"/deals?pipeline={way.id}")
    expect(card(board, deal.id or 0)).to_contain_text("Станок втайне")
    expect(card(board, deal.id or 0)).not_to_contain_text("654")
    expect(column(board, here)).to_contain_text("sum hidden")
    panel.get_by_label("Stage", exact=True).select_option(str(make.stage(way, 1).id))
    expect(cell(page, "amount", "manager")).to_have_value("write")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("size", "locale"), [((1440, 900), "ru-RU"), ((390, 844), "en-GB")])
def test_nothing_is_wider_than_the_window(
    window: Window, way: PipelineRow, theme: str, size: tuple[int, int], locale: str
) -> None:
    keep(way, right("delivery", "read"), right("amount", "hidden", way.stages[0].id))
    page = window("adam", viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme=theme)
    page.goto(f"/pipelines/{way.id}")
    page.locator("[data-rights] select").first.select_option(str(way.stages[0].id))
    expect(cell(page, "amount", "manager")).to_have_value("hidden")
    page.locator("[data-rights]").evaluate("one => one.scrollIntoView()")
    if folder := os.environ.get("CRM_TEST_PICTURES", ""):
        page.screenshot(path=Path(folder) / f"rights-{theme}-{size[0]}-{locale[:2]}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
