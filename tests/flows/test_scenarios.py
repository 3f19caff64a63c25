"""A head of sales puts a scenario together, reads it, and sees what it did; a manager moves a deal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.actions.moves import move_deal
from crm_app.pipelines.queries import PipelineRow
from tests import people
from tests.deals import make as deals
from tests.flows.conftest import Window
from tests.scenarios import make as scenarios

DESK = {"width": 1440, "height": 1000}


@pytest.fixture
def ann(company: object) -> Actor:
    return people.actor("ann")


@pytest.fixture
def way(ann: Actor) -> PipelineRow:
    return deals.pipeline("basic")


def add_step(page: Page, what: str, **told: str) -> None:
    page.get_by_role("button", name="Add a step").last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is done").select_option(label=what)
    for label, value in told.items():
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()


def test_a_scenario_is_put_together_runs_and_shows_its_steps(window: Window, ann: Actor, way: PipelineRow) -> None:
    there = deals.stage(way, 1)
    page = window("olga", viewport=DESK)
    page.goto("/settings/scenarios")
    page.get_by_role("button", name="New scenario").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Оплата пришла")
    page.get_by_role("dialog").get_by_role("button", name="Next").click()
    page.wait_for_url(re.compile(r"/settings/scenarios/\d+"))
    expect(page.get_by_role("heading", name="Оплата пришла")).to_be_visible()
    expect(page.get_by_text("When it is started by hand", exact=True)).to_be_visible()
    page.get_by_role("button", name="Change: When it is started by hand").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What sets it off").select_option(label="A deal enters a stage")
    dialog.get_by_label("Stage", exact=True).select_option(value=str(there.id))
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"When a deal enters the stage “{way.name} → {there.name}”")).to_be_visible()
    page.get_by_role("button", name="Add a step").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Something is missing here").first).to_be_visible()
    dialog.get_by_label("Text", exact=True).fill("Отгрузить станок")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Set the task “Отгрузить станок” to the responsible employee")).to_be_visible()
    add_step(page, "Write a comment", Text="Деньги пришли")
    add_step(page, "Check a condition")
    expect(page.get_by_text("Otherwise:")).to_be_visible()
    add_step(page, "Wait", **{"How long": "2"})
    page.get_by_role("button", name="Up: Write the comment “Деньги пришли”").click()
    expect(page.locator("[data-step='0']")).to_contain_text("Write the comment")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("button", name="Switch off")).to_be_visible()
    deal = deals.deal(ann, way, name="Станок с ЧПУ, оплата")
    perform(ann, move_deal, deal_id=deal.id, stage_id=there.id)
    run = page.locator("[data-run]").filter(has_text="Станок с ЧПУ, оплата")
    expect(run.locator("li")).to_have_count(4)
    expect(run).to_contain_text("Waiting")
    run.get_by_role("button", name="Stop").click()
    expect(run).to_contain_text("Stopped by hand: Ольга")
    page.goto(f"/deals/{deal.id}")
    expect(page.get_by_text("The scenario “Оплата пришла” began")).to_be_visible()
    looks(window)


def looks(window: Window) -> None:
    """As others see it: in Russian, in the dark, on a phone."""
    page = window("adam", viewport=DESK, locale="ru-RU", color_scheme="dark")
    page.goto("/settings/scenarios")
    row = page.locator("[data-scenario]").filter(has_text="Оплата пришла").first
    expect(row).to_be_visible()
    row.get_by_role("link", name="Оплата пришла").click()
    expect(page.locator("[data-run]").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_manager_begins_one_by_hand_on_a_deal(window: Window, ann: Actor, way: PipelineRow) -> None:
    olga = people.actor("olga")
    made = scenarios.scenario(olga, "by_hand", scenarios.step("comment", text="Начато рукой"), name="Рукой с карточки")
    deal = deals.deal(ann, way, name="Станок, вручную")
    page = window("ann", viewport=DESK)
    page.goto(f"/deals/{deal.id}")
    page.locator(f"[data-start='{made.id}']").get_by_role("button", name="Start").click()
    expect(page.locator("[data-scenario-run]").filter(has_text="Done")).to_have_count(1)
    expect(page.get_by_text("Начато рукой")).to_be_visible()


def test_who_may_not_arrange_scenarios_is_told_so(window: Window, ann: Actor) -> None:
    page = window("ann", viewport=DESK)
    page.goto("/settings/scenarios")
    expect(page.get_by_role("button", name="New scenario")).to_have_count(0)
