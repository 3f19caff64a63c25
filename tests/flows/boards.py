"""What the browser tests of the board share: finding columns and cards, dragging, and asking the database."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.queries.board import see_board


def card(page: Page, deal_id: int) -> Locator:
    """A card on the board."""
    return page.locator(f"[data-deal='{deal_id}']")


def column(page: Page, stage_id: int) -> Locator:
    """A column, or a zone at the foot while a card is in the air."""
    return page.locator(f"[data-stage='{stage_id}']")


def order(page: Page, stage_id: int) -> list[int]:
    """The cards of a column, from the top."""
    cards = column(page, stage_id).locator("[data-deal]")
    return [int(found) for found in cards.evaluate_all("all => all.map(one => one.dataset.deal)")]


def shown(page: Page) -> dict[int, list[int]]:
    """Every column that is shown, with its cards from the top."""
    columns = page.locator(".kb-column")
    read = "all => all.map(c => [c.dataset.stage, [...c.querySelectorAll('[data-deal]')].map(d => d.dataset.deal)])"
    return {int(stage): [int(deal) for deal in deals] for stage, deals in columns.evaluate_all(read)}


def stored(actor: Actor, pipeline_id: int) -> dict[int, list[int]]:
    """The same as the database has it: the stages that are open."""
    board = perform(actor, see_board, pipeline_id=pipeline_id)
    return {c.stage.id: [deal.id for deal in c.cards] for c in board.columns if c.stage.kind == "open"}


def counts(page: Page) -> dict[int, int]:
    """The counts in the heads of the columns."""
    read = "all => all.map(c => [c.dataset.stage, c.querySelector('.kb-count').textContent])"
    return {int(stage): int(count) for stage, count in page.locator(".kb-column").evaluate_all(read)}


def lift(page: Page, deal_id: int) -> None:
    """Take a card with the mouse, once it stands still, and carry it a little way."""
    found = card(page, deal_id)
    found.hover(position={"x": 40, "y": 16})
    page.mouse.down()
    box = found.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 48, box["y"] + 24, steps=2)
    expect(found).to_have_attribute("data-lifted", "true")


def carry(page: Page, stage_id: int, *, below: int | None = None) -> None:
    """Carry what is in the air over a column, over its top or under another card, until the board knows where it is."""
    target = column(page, stage_id).locator("[data-over]").or_(page.locator(f".kb-zone[data-stage='{stage_id}']"))
    target.scroll_into_view_if_needed()  # waits until it stands still
    box = target.bounding_box()
    assert box is not None
    y = box["y"] + min(30, box["height"] / 2)
    if below is not None:
        under = card(page, below).bounding_box()
        assert under is not None
        y = under["y"] + under["height"] + 20
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=3)
    expect(target).to_have_attribute("data-over", "true")


def drag(page: Page, deal_id: int, stage_id: int, *, below: int | None = None) -> None:
    """The whole of it, by mouse."""
    lift(page, deal_id)
    carry(page, stage_id, below=below)
    page.mouse.up()
    expect(page.locator("[data-lifted='true']")).to_have_count(0)
