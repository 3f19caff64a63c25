"""A manager at a deal's page: its data, its items, what is planned, and the way through the stages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.actions.items import add_item
from crm_app.deals.models import Deal
from crm_app.deals.queries.cards import list_items, see_deal
from crm_app.pipelines.queries import PipelineRow
from tests import make as cards
from tests import people
from tests.deals import make
from tests.flows.conftest import Window


@pytest.fixture
def ann(company: Database) -> Actor:
    return people.actor("ann")


@pytest.fixture
def way(ann: Actor) -> PipelineRow:
    return make.pipeline("goods")


@pytest.fixture
def deal(ann: Actor, way: PipelineRow) -> Deal:
    return make.deal(ann, way, name="A lathe for Vector")


@pytest.fixture
def page(window: Window, deal: Deal) -> Page:
    """The deal in Ann's window."""
    opened = window("ann", viewport={"width": 1440, "height": 900})
    opened.goto(f"/deals/{deal.id}")
    expect(opened.get_by_role("heading", level=1)).to_contain_text("A lathe for Vector")
    return opened


def edit(place: Page | Locator, label: str, text: str) -> None:
    """Click a value, type another, Enter."""
    place.get_by_role("button", name=re.compile(f"^{label}:")).click()
    field = place.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.press("Enter")


def test_what_is_typed_in_place_shows_at_once_and_is_kept(page: Page, window: Window, ann: Actor, deal: Deal) -> None:
    other = window("olga")
    other.goto(f"/deals/{deal.id}")
    expect(other.get_by_role("heading", level=1)).to_contain_text("A lathe")
    edit(page, "Name", "Two lathes for Vector")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Two lathes for Vector")
    expect(other.get_by_role("heading", level=1)).to_contain_text("Two lathes for Vector")  # without a reload
    edit(page, "Amount", "1,250,000.50")
    expect(page.get_by_role("button", name=re.compile("^Amount: ₽1,250,000.50"))).to_be_visible()
    expect(page.locator(".timeline li").first).to_contain_text("₽1,250,000.50")

    page.get_by_role("button", name=re.compile("^Delivery:")).click()
    page.get_by_role("textbox", name="Delivery").fill("never mind")
    page.keyboard.press("Escape")
    kept = perform(ann, see_deal, deal_id=deal.id).deal
    assert (kept.name, kept.amount, kept.delivery) == ("Two lathes for Vector", 125_000_050, "")


def test_a_value_that_is_refused_gives_way_to_the_former_one(page: Page, ann: Actor, deal: Deal) -> None:
    edit(page, "Name", "  ")
    expect(page.get_by_role("alert").filter(has_text=re.compile("."))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Name: A lathe for Vector"))).to_be_visible()
    assert perform(ann, see_deal, deal_id=deal.id).deal.name == "A lathe for Vector"


def test_the_client_is_chosen_by_typing(page: Page, ann: Actor) -> None:
    client = cards.client(ann, "Vector Tools", "company")
    page.get_by_role("button", name=re.compile("^Client: ")).click()
    page.get_by_role("combobox", name="Client").fill("Vector To")
    page.get_by_role("option", name=re.compile("Vector Tools")).click()
    expect(page.get_by_role("button", name=re.compile("^Client: Vector Tools"))).to_be_visible()
    page.locator(f"a[href='/clients/{client.id}']").first.click()
    page.wait_for_url(re.compile(f"/clients/{client.id}"))


def test_items_come_to_the_amount(page: Page, ann: Actor, deal: Deal) -> None:
    page.get_by_label("Name of a new item").fill("Lathe ST-400")
    page.get_by_label("Name of a new item").press("Enter")
    row = page.get_by_role("row").filter(has_text="Lathe ST-400")
    expect(row).to_be_visible()
    expect(page.get_by_label("Name of a new item")).to_have_value("")
    edit(row, "Price", "3850000")
    expect(row).to_contain_text("₽3,850,000")
    edit(row, "Quantity", "2")
    expect(row).to_contain_text("₽7,700,000")
    edit(row, "Discount, %", "2.5")
    expect(row).to_contain_text("₽7,507,500")
    edit(row, "Quantity", "many")
    expect(row.get_by_role("alert")).to_be_visible()

    for width in (1360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        cut = page.locator(".rows-box").evaluate("box => box.scrollWidth - box.clientWidth")
        assert cut == 0, f"{cut} pixels of the items don't fit at {width}"

    page.get_by_role("button", name="Make this the deal's amount").click()
    expect(page.get_by_role("button", name=re.compile("^Amount: ₽7,507,500"))).to_be_disabled()
    (item,) = perform(ann, list_items, deal_id=deal.id)
    assert (item.quantity_thousandths, item.price, item.total) == (2_000, 385_000_000, 750_750_000)
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount == 750_750_000

    of_item(page, "Lathe ST-400", "Remove the item")
    expect(row).to_have_count(0)
    assert perform(ann, list_items, deal_id=deal.id) == []


def of_item(page: Page, item: str, doing: str) -> None:
    """Choose from the menu of an item, by keyboard."""
    row = page.get_by_role("row").filter(has_text=item).first
    row.get_by_role("button", name=f"Actions on “{item}”").press("Enter")
    chosen = page.get_by_role("menuitem", name=doing, exact=True)
    expect(page.get_by_role("menuitem").first).to_be_focused()  # what has just dropped down takes the focus, late
    chosen.press("Enter")


def test_items_are_copied_and_put_in_order_and_their_sums_are_told(
    page: Page, window: Window, ann: Actor, deal: Deal
) -> None:
    figures: dict[str, Any] = {"price": 120_00, "vat_percent": 20}
    perform(ann, add_item, deal_id=deal.id, values={"name": "Lathe", **figures, "discount_basis_points": 1000})
    perform(ann, add_item, deal_id=deal.id, values={"name": "Chuck", "price": 110_00, "vat_percent": 10})
    names = page.get_by_role("table", name="Items").locator("tbody th")
    expect(names).to_have_text([re.compile("Lathe"), re.compile("Chuck")])
    of_item(page, "Chuck", "Move up")
    expect(names).to_have_text([re.compile("Chuck"), re.compile("Lathe")])
    of_item(page, "Chuck", "Copy")
    expect(names).to_have_text([re.compile("Chuck"), re.compile("Chuck"), re.compile("Lathe")])
    of_item(page, "Chuck", "Move down")
    expect(page.locator("[data-total=full]")).to_contain_text("₽340")
    expect(page.locator("[data-total=discounted]")).to_contain_text("₽12")
    expect(page.locator("[data-total=vat_of]")).to_have_text([re.compile("VAT 10 %.*₽20"), re.compile("VAT 20 %.*₽18")])
    expect(page.locator("[data-total=net]")).to_contain_text("₽290")
    expect(page.locator("[data-total=total]")).to_contain_text("₽328")
    kept = [row.name for row in perform(ann, list_items, deal_id=deal.id)]
    assert kept == ["Chuck", "Chuck", "Lathe"]

    row = page.get_by_role("row").filter(has_text="Lathe")
    edit(row, "Quantity", "1.0005")  # more places than are kept
    expect(row.get_by_role("alert")).to_contain_text("three decimal places")
    assert perform(ann, list_items, deal_id=deal.id)[-1].quantity_thousandths == 1_000


def test_the_next_action_is_planned_and_done(page: Page, window: Window, way: PipelineRow) -> None:
    page.get_by_label("Action").select_option("meeting")
    page.get_by_label("What to do").fill("Show the lathe at work")
    page.get_by_label("When").fill("2030-05-20T10:30")
    page.get_by_role("button", name="Plan", exact=True).click()
    plan = page.locator("[data-plan]").filter(has_text="Show the lathe at work")
    expect(plan).to_contain_text("20 May 2030, 10:30")
    expect(page.get_by_label("What to do")).to_have_value("")
    board = window("ann")
    board.goto(f"/deals?pipeline={way.id}")
    expect(board.locator("[data-deal]")).to_contain_text("20 May 2030")

    plan.get_by_role("button", name="Done").click()
    expect(plan.get_by_role("button", name="Done")).to_have_count(0)
    expect(board.locator("[data-deal]")).to_contain_text("No next step")
    expect(page.locator(".timeline")).to_contain_text("Show the lathe at work")


def test_a_plan_without_a_day_is_refused_in_place(page: Page) -> None:
    page.get_by_label("What to do").fill("Some day")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_label("When")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("What to do")).to_have_value("Some day")


def test_the_way_through_the_stages(page: Page, ann: Actor, deal: Deal, way: PipelineRow) -> None:
    stages = page.get_by_role("navigation", name="Stages")
    offer, far, lost = make.stage(way, 1), make.stage(way, 3), make.stage(way, "lost")
    expect(stages.get_by_role("button", name=far.name, exact=True)).to_be_disabled()
    make.ask_for(offer.id, "amount")
    page.reload()
    stages.get_by_role("button", name=offer.name, exact=True).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Amount").fill("640000")
    sheet.get_by_label("Amount").press("Enter")
    expect(stages.locator("[aria-current=step]")).to_have_text(offer.name)
    expect(page.get_by_role("button", name=re.compile("^Amount: ₽640,000"))).to_be_visible()

    stages.get_by_role("button", name=lost.name, exact=True).click()
    sheet.get_by_role("textbox").fill("Too dear")
    sheet.get_by_role("button", name="Move").click()
    expect(page.get_by_role("button", name=re.compile("Too dear"))).to_be_visible()
    kept = perform(ann, see_deal, deal_id=deal.id).deal
    assert (kept.stage_kind, kept.lost_reason, kept.amount) == ("lost", "Too dear", 64_000_000)
    expect(page.locator(".timeline")).to_contain_text(offer.name)


def test_a_deal_is_deleted_and_brought_back(page: Page, window: Window, deal: Deal, way: PipelineRow) -> None:
    board = window("ann")
    board.goto(f"/deals?pipeline={way.id}")
    card = board.locator(f"[data-deal='{deal.id}']")
    expect(card).to_be_visible()
    page.get_by_role("button", name="More", exact=True).last.click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url(re.compile(r"/deals/?$"))
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(card).to_be_visible()


def test_a_deal_is_begun_from_its_clients_card(window: Window, ann: Actor, way: PipelineRow) -> None:
    client = cards.client(ann, "Vector Second Ltd", kind="company")
    page = window("ann")
    page.goto(f"/clients/{client.id}")
    expect(page.get_by_text("No deals yet")).to_be_visible()
    page.locator(".panel").filter(has_text="No deals yet").get_by_role("link").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Client")).to_have_value("Vector Second Ltd")
    dialog.get_by_label("Name").fill("A second lathe")
    dialog.get_by_role("button", name="Add").click()
    expect(page.locator("[data-deal]").filter(has_text="A second lathe")).to_contain_text("Vector Second Ltd")
    page.goto(f"/clients/{client.id}")
    expect(page.get_by_role("link", name="A second lathe")).to_be_visible()


def test_a_colleague_of_the_department_reads_and_another_finds_nothing(window: Window, ann: Actor, deal: Deal) -> None:
    stranger = window("bob")
    stranger.goto(f"/deals/{deal.id}")
    expect(stranger.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(stranger.get_by_text("A lathe for Vector")).to_have_count(0)
