"""Stages ask for the company's own fields: arranged in Settings, asked for on a drop, on a card and in a dialog."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from crm_app.cards.actions.fields import remove_field
from crm_app.cards.field_queries import list_fields
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.queries.cards import see_deal
from crm_app.leads.queries.cards import see_lead
from tests import people
from tests.cards.fields import field
from tests.deals import make as deals
from tests.flows.boards import carry, column, lift
from tests.flows.conftest import Window, until
from tests.leads import make as leads

WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def adam(company: Database) -> Iterator[Actor]:
    """The administrator; fields that a test has made do not stay for others."""
    found = people.actor("adam")
    before = {made.id for kind in ("deal", "lead") for made in perform(found, list_fields, card=kind)}
    yield found
    for kind in ("deal", "lead"):
        for made in perform(found, list_fields, card=kind):
            if made.id not in before:
                perform(found, remove_field, field_id=made.id)


def test_a_field_is_bound_to_a_stage_and_asked_for_on_the_drop(window: Window, adam: Actor) -> None:
    way, ann = deals.pipeline(), people.actor("ann")
    second = deals.stage(way, 1)
    deal = deals.deal(ann, way, name="Bricks for a stage").id
    settings = window("adam", viewport=WIDE)
    settings.goto("/settings/fields?card=deal")
    settings.get_by_role("button", name="New field").first.click()
    form = settings.get_by_role("dialog")
    form.get_by_label("Name in Russian").fill("Brick grade")
    form.get_by_label("Required").select_option("stage")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert").filter(has_text="at least one stage")).to_be_visible()
    form.locator(f"[name='stage:{second.id}']").check()
    form.get_by_role("button", name="Save").click()
    expect(settings.get_by_role("row").filter(has_text="Brick grade")).to_contain_text(second.name)

    page = window("ann", viewport=WIDE)
    page.goto(f"/deals?pipeline={way.id}")
    lift(page, deal)
    expect(column(page, second.id)).to_have_attribute("data-drop", "needs")
    expect(column(page, second.id)).to_contain_text("Brick grade")
    carry(page, second.id)
    page.mouse.up()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Move").click()
    expect(sheet.get_by_role("alert").filter(has_text="Brick grade")).to_be_visible()
    sheet.get_by_label("Brick grade").fill("M150")
    sheet.get_by_role("button", name="Move").click()
    expect(sheet).to_be_hidden()
    expect(column(page, second.id).locator(f"[data-deal='{deal}']")).to_be_visible()
    until(lambda: perform(ann, see_deal, deal_id=deal).deal.stage_id == second.id)
    assert perform(ann, see_deal, deal_id=deal).deal.fields == {"brick_grade": "M150"}


def test_the_card_of_a_deal_asks_by_the_same_sheet(window: Window, adam: Actor) -> None:
    way, ann = deals.pipeline(), people.actor("ann")
    second = deals.stage(way, 1)
    field("choices", "Tile colours", card="deal", required="stage", stages=[second.id])
    deal = deals.deal(ann, way, name="Tiles for a stage").id
    page = window("ann", viewport=WIDE)
    page.goto(f"/deals/{deal}")
    page.locator(f"[data-stage='{second.id}']").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Red").check()
    sheet.get_by_role("button", name="Move").click()
    expect(sheet).to_be_hidden()
    expect(page.locator(f"[data-stage='{second.id}']")).to_have_attribute("aria-current", "step")
    assert perform(ann, see_deal, deal_id=deal).deal.fields == {"tile_colours": ["krasnyy"]}


def test_a_lead_is_asked_on_its_board_and_on_its_card(window: Window, adam: Actor) -> None:
    way, ann = leads.way(adam, "en", name="Stages with fields"), people.actor("ann")
    second, lost = way.stages[1], next(stage for stage in way.stages if stage.kind == "lost")
    field("number", "Pump power", card="lead", required="stage", stages=[second.id])
    field("text", "Lost to", card="lead", required="stage", stages=[lost.id])
    lead = leads.lead(ann, "Pumps for a stage", pipeline_id=way.id).id
    page = window("ann", viewport=WIDE)
    page.goto(f"/leads/{lead}")
    page.locator(f"[data-step='{second.id}']").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Move").click()
    expect(sheet.get_by_role("alert").filter(has_text="Pump power")).to_be_visible()
    sheet.get_by_label("Pump power").fill("7.5")
    sheet.get_by_role("button", name="Move").click()
    expect(page.locator(f"[data-step='{second.id}']")).to_have_attribute("aria-current", "step")
    expect(page.get_by_role("button", name=re.compile("^Pump power: 7.5"))).to_be_visible()

    page.get_by_role("button", name="Disqualify").click()
    page.get_by_label("Reason").fill("Too dear")
    page.get_by_role("button", name="Disqualify").last.click()
    page.get_by_role("dialog").get_by_label("Lost to").fill("Horizon")
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(page.get_by_text("Too dear").first).to_be_visible()
    found = perform(ann, see_lead, lead_id=lead)
    assert (found.disqualified_reason, found.fields) == ("Too dear", {"pump_power": 7.5, "lost_to": "Horizon"})


def test_the_board_of_leads_asks_on_the_drop(window: Window, adam: Actor) -> None:
    way, ann = leads.way(adam, "en", name="Board with fields"), people.actor("ann")
    second = way.stages[1]
    field("date", "Delivery day", card="lead", required="stage", stages=[second.id])
    lead = leads.lead(ann, "Hoses for a stage", pipeline_id=way.id).id
    page = window("ann", viewport=WIDE)
    page.goto(f"/leads/board?pipeline={way.id}")
    found = page.locator(f"[data-lead='{lead}']")
    found.hover(position={"x": 40, "y": 16})
    page.mouse.down()
    box = found.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 48, box["y"] + 24, steps=2)
    expect(column(page, second.id)).to_contain_text("Delivery day")
    carry(page, second.id)
    page.mouse.up()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Delivery day").fill("2027-02-01")
    sheet.get_by_role("button", name="Move").click()
    expect(sheet).to_be_hidden()
    until(lambda: perform(ann, see_lead, lead_id=lead).stage_id == second.id)
    assert perform(ann, see_lead, lead_id=lead).fields == {"delivery_day": "2027-02-01"}


def test_a_default_is_seen_before_it_is_given_and_can_be_taken_out(window: Window, adam: Actor) -> None:
    way, ann = leads.way(adam, "en", name="Leads with defaults"), people.actor("ann")
    field("text", "Warehouse", card="lead", default="North", pipelines=[way.id])
    field("number", "Discount", card="lead", default="5", pipelines=[way.id])
    page = window("ann", viewport=WIDE)
    page.goto(f"/leads/board?pipeline={way.id}&new=1")
    form = page.get_by_role("dialog")
    expect(form.get_by_label("Warehouse")).to_have_value("North")
    form.get_by_label("Organisation").fill("Vector of defaults")
    form.get_by_label("Discount").fill("")
    form.get_by_role("button", name="Add the lead").click()
    page.wait_for_url(re.compile(r"/leads/\d+$"))
    lead = int(page.url.rsplit("/", 1)[-1])
    assert perform(ann, see_lead, lead_id=lead).fields == {"warehouse": "North"}
