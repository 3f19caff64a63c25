"""The board tells how full a stage is, how long deals usually stay, and what nobody has planned; the card tells where
the deal has been."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.actions.plans import plan_action
from crm_app.pipelines.actions.arranging import change_stage
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from tests import people
from tests.deals import make
from tests.flows.boards import card, column, drag, lift
from tests.flows.conftest import Window

WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def ann(company: object) -> Actor:
    return people.actor("ann")


@pytest.fixture
def adam(company: object) -> Actor:
    return people.actor("adam")


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    """A free pipeline in whose second stage one deal is meant to stand, and no other is let in."""
    made = make.pipeline("basic")
    perform(adam, change_stage, stage_id=made.stages[1].id, values={"wip_limit": 1, "wip_rule": "refuse"})
    return made


def opened(window: Window, address: str, **options: object) -> Page:
    page = window("ann", **{"viewport": WIDE, **options})
    page.goto(address)
    return page


def test_a_full_stage_says_so_and_takes_no_more(window: Window, ann: Actor, adam: Actor, way: PipelineRow) -> None:
    second = way.stages[1].id
    inside, other = (make.deal(ann, way).id for _ in range(2))
    page = opened(window, f"/deals?pipeline={way.id}")
    load = column(page, second).locator(".column-load")
    expect(load).to_have_text("0/1")
    drag(page, inside, second)
    expect(card(page, inside)).not_to_have_attribute("data-pending", "true")
    expect(load).to_have_text("1/1")
    expect(load).to_have_attribute("data-load", "full")
    expect(column(page, way.stages[0].id).locator(".column-facts")).to_have_count(0)
    lift(page, other)
    expect(column(page, second)).to_have_attribute("data-drop", "no")
    expect(column(page, second)).to_contain_text("is full: deals in it 1")
    page.keyboard.press("Escape")
    page.mouse.up()
    perform(adam, change_stage, stage_id=second, values={"wip_rule": "warn"})
    page.reload()
    drag(page, other, second)
    expect(column(page, second).locator("[data-deal]")).to_have_count(2)
    expect(load).to_have_text("2/1")
    expect(load).to_have_attribute("data-load", "over")
    page.reload()
    expect(column(page, way.stages[0].id).locator(".column-facts")).to_contain_text("usually under a day")


def test_what_nobody_has_planned_is_marked_and_found(window: Window, ann: Actor, way: PipelineRow) -> None:
    bare, planned = (make.deal(ann, way).id for _ in range(2))
    perform(ann, plan_action, deal_id=planned, plan={"what": "Call", "at": "2026-12-01T10:00:00+03:00"})
    page = opened(window, f"/deals?pipeline={way.id}")
    expect(card(page, bare)).to_contain_text("No next step")
    expect(card(page, planned)).not_to_contain_text("No next step")
    only = '{"all":[{"field":"no_step","op":"eq","value":true}]}'
    page.goto(f"/deals?pipeline={way.id}&filter={only}")
    expect(card(page, bare)).to_be_visible()
    expect(card(page, planned)).to_have_count(0)


def test_the_card_tells_where_the_deal_has_been_and_follows(window: Window, ann: Actor, way: PipelineRow) -> None:
    deal = make.deal(ann, way).id
    page = opened(window, f"/deals/{deal}")
    pieces = page.get_by_role("list", name="Stages of the deal in their order").get_by_role("listitem")
    expect(pieces).to_have_count(1)
    perform(ann, move_deal, deal_id=deal, stage_id=way.stages[1].id)
    expect(pieces).to_have_count(2)
    expect(pieces.last).to_contain_text(way.stages[1].name)
    expect(pieces.last).to_contain_text(ann.name)
    expect(page.locator(".stay-stages li").last).to_contain_text("now")


def test_a_limit_is_set_in_the_plan(window: Window, adam: Actor, way: PipelineRow) -> None:
    page = window("adam", viewport=WIDE)
    page.goto(f"/pipelines/{way.id}")
    row = page.locator(f"[data-stage-key='{way.stages[2].id}']")
    row.get_by_label("Deals at most").fill("many")
    row.get_by_label("Where the stage is full").select_option("refuse")
    row.get_by_label("Time counted from").select_option("touch")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row.get_by_role("alert")).to_contain_text("The limit is from 0")
    row.get_by_label("Deals at most").fill("12")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    stage = perform(adam, see_pipeline, pipeline_id=way.id).stages[2]
    assert (stage.wip_limit, stage.wip_rule, stage.rot_from) == (12, "refuse", "touch")


def test_others_are_told_who_has_moved_what(window: Window, ann: Actor, way: PipelineRow) -> None:
    deal = make.deal(ann, way, name="Told to others").id
    mine, others = opened(window, f"/deals?pipeline={way.id}"), window("olga", viewport=WIDE)
    others.goto(f"/deals?pipeline={way.id}")
    expect(card(others, deal)).to_be_visible()
    drag(mine, deal, way.stages[2].id)
    words = f"{ann.name}: “Told to others” is now in “{way.stages[2].name}”"
    expect(others.locator(".board-said")).to_have_text(words)
    expect(card(mine, deal)).not_to_have_attribute("data-pending", "true")
    expect(mine.locator(".board-said")).to_have_text("")


def test_sums_are_weighted_on_demand_and_follow_a_drop(window: Window, ann: Actor, way: PipelineRow) -> None:
    deal, won = (make.deal(ann, way, amount=1_000_00).id for _ in range(2))
    perform(ann, move_deal, deal_id=won, stage_id=make.stage(way, "won").id)
    page = opened(window, f"/deals?pipeline={way.id}")
    expect(card(page, deal)).to_be_visible()
    expect(page.locator(".column-weighted")).to_have_count(0)
    page.get_by_role("button", name="Weighted", exact=True).click()
    first = column(page, way.stages[0].id).locator(".column-weighted")
    expect(first).to_contain_text("100")
    expect(first).to_contain_text("expected 10% · in fact 100% of 1 deal")
    third = column(page, way.stages[2].id).locator(".column-weighted")
    expect(third).to_contain_text("none closed yet")
    drag(page, deal, way.stages[2].id)
    expect(third).to_contain_text("600")
    page.get_by_role("button", name="Weighted", exact=True).click()
    expect(page.locator(".column-weighted")).to_have_count(0)
