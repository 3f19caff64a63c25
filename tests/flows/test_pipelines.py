"""The head of sales arranges pipelines: presets, stages and what they ask for; deals keep what they stand on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.pipelines.actions.arranging import change_pipeline
from crm_app.pipelines.queries import PipelineRow, list_pipelines, see_pipeline
from tests import people
from tests.deals import make
from tests.flows.conftest import Window


@pytest.fixture
def olga(company: Database) -> Actor:
    return people.actor("olga")


@pytest.fixture
def way(olga: Actor, request: pytest.FixtureRequest) -> PipelineRow:
    """A pipeline that bears the name of its test."""
    made = make.pipeline("basic")
    perform(olga, change_pipeline, pipeline_id=made.id, values={"name": request.node.name[:80]})
    return perform(olga, see_pipeline, pipeline_id=made.id)


@pytest.fixture
def page(window: Window) -> Page:
    """The pipelines in Olga's window."""
    opened = window("olga", viewport={"width": 1440, "height": 900})
    opened.goto("/pipelines")
    expect(opened.get_by_role("heading", name="Pipelines", exact=True)).to_be_visible()
    return opened


def shown(page: Page, way: PipelineRow) -> Locator:
    return page.locator(f"[data-pipeline='{way.id}']")


def stage(page: Page, stage_id: int) -> Locator:
    return page.locator(f"[data-row='{stage_id}']")


def order(olga: Actor, way: PipelineRow) -> list[str]:
    return [each.name for each in perform(olga, see_pipeline, pipeline_id=way.id).stages]


def test_a_pipeline_is_made_from_a_preset_and_stands_on_the_board(page: Page, window: Window) -> None:
    before = len(perform(people.actor("olga"), list_pipelines, card=""))
    expect(page.locator("[data-pipeline]")).to_have_count(before)
    page.get_by_role("button", name="Add a pipeline").click()
    page.get_by_role("menuitem", name="Sale of services").click()
    expect(page.locator("[data-pipeline]")).to_have_count(before + 1)
    made = page.locator("[data-pipeline]").last
    made.get_by_role("button", name=re.compile("^Name: Sale of services")).click()
    made.get_by_role("textbox", name="Name", exact=True).fill("Installation")
    page.keyboard.press("Enter")
    expect(made.get_by_role("heading", name=re.compile("Installation"))).to_be_visible()

    board = window("ann")
    board.goto("/deals")
    board.get_by_label("Pipeline").select_option(label="Installation")
    expect(board.get_by_role("heading", name="Measuring")).to_be_visible()


def test_a_stage_is_edited_where_it_stands(page: Page, olga: Actor, way: PipelineRow) -> None:
    first = way.stages[0]
    row = stage(page, first.id)
    for label, text in (("Name", "Hello"), ("Probability", "15"), ("Days in the stage", "3")):
        row.get_by_role("button", name=re.compile(f"^{label}:")).click()
        row.get_by_role("textbox", name=label).fill(text)
        page.keyboard.press("Enter")
        expect(row.get_by_role("button", name=re.compile(f"^{label}: {text}"))).to_be_visible()
    row.get_by_role("button", name=re.compile("^Colour:")).click()
    row.get_by_role("combobox", name="Colour").select_option("violet")
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name=re.compile("^Colour: violet"))).to_be_visible()

    row.get_by_role("button", name=re.compile("^Probability:")).click()
    row.get_by_role("textbox", name="Probability").fill("150")
    page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_contain_text("from 0 to 100")
    kept = perform(olga, see_pipeline, pipeline_id=way.id).stages[0]
    assert (kept.name, kept.probability, kept.rot_days, kept.colour) == ("Hello", 15, 3, "violet")


def test_a_stage_asks_for_fields_and_the_board_asks_the_person(
    page: Page, window: Window, olga: Actor, way: PipelineRow
) -> None:
    second = way.stages[1]
    row = stage(page, second.id)
    row.get_by_role("button", name="Required fields").click()
    row.get_by_label("Amount").click()
    expect(row.locator(".tag")).to_have_text(["Amount"])
    assert perform(olga, see_pipeline, pipeline_id=way.id).stages[1].required_fields == ["amount"]

    deal = make.deal(people.actor("ann"), way)
    other = window("ann")
    other.goto(f"/deals/{deal.id}")
    other.get_by_role("navigation", name="Stages").get_by_role("button", name=second.name, exact=True).click()
    expect(other.get_by_role("dialog").get_by_label("Amount")).to_be_visible()


def test_stages_change_their_order_and_the_board_follows(
    page: Page, window: Window, olga: Actor, way: PipelineRow
) -> None:
    board = window("ann", viewport={"width": 2400, "height": 900})
    board.goto(f"/deals?pipeline={way.id}")
    names = order(olga, way)
    expect(board.locator("[data-stage] h2")).to_have_text(names[:-3])
    first, second = stage(page, way.stages[0].id), stage(page, way.stages[1].id)
    expect(first.get_by_role("button", name="Move up")).to_be_disabled()
    second.get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    expect(second.get_by_role("button", name="Move up")).to_be_disabled()
    moved = [names[1], names[0], *names[2:]]
    assert order(olga, way) == moved
    expect(board.locator("[data-stage] h2")).to_have_text(moved[:-3])  # without a reload
    ends = stage(page, way.stages[-1].id)
    expect(ends.get_by_role("button", name="Move up")).to_have_count(0)


def test_a_stage_is_added_and_removed_unless_deals_went_through_it(page: Page, olga: Actor, way: PipelineRow) -> None:
    box, names = shown(page, way), order(olga, way)
    box.get_by_label("Name of a new stage").fill("Trial run")
    box.get_by_label("Name of a new stage").press("Enter")
    added = box.get_by_role("row").filter(has_text="Trial run")
    expect(added).to_be_visible()
    assert order(olga, way) == [*names[:-3], "Trial run", *names[-3:]]
    added.get_by_role("button", name="Remove the stage").click()
    expect(added).to_have_count(0)

    make.deal(people.actor("ann"), way)
    stage(page, way.stages[0].id).get_by_role("button", name="Remove the stage").click()
    expect(page.locator(".toast")).to_contain_text("it can't be removed")
    assert order(olga, way) == names


def test_a_pipeline_with_deals_is_kept_and_an_empty_one_goes(page: Page, olga: Actor, way: PipelineRow) -> None:
    deal = make.deal(people.actor("ann"), way)
    box = shown(page, way)

    def remove() -> None:
        box.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Remove the pipeline").click()
        asked = page.get_by_role("dialog")
        expect(asked).to_contain_text(way.name)
        asked.get_by_role("button", name="Remove the pipeline").click()

    remove()
    expect(page.locator(".toast")).to_contain_text("has deals")
    expect(box).to_be_visible()
    assert deal.pipeline_id == way.id

    empty = make.pipeline("basic")
    box = shown(page, empty)
    expect(box).to_be_visible()  # it came by itself
    way = empty
    remove()
    expect(box).to_have_count(0)


def test_a_manager_does_not_find_the_page(window: Window) -> None:
    page = window("ann")
    page.goto("/pipelines")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.locator("[data-pipeline]")).to_have_count(0)
