"""What every card has, on the page of each kind: comments, tags, a star, files, and what has happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm_app.cards.actions.comments import add_comment
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.actions.cards import change_deal
from tests import make, people
from tests.deals import make as deals

Window = Callable[..., Page]


def card_of(kind: str) -> int:
    """A card of Ann's."""
    ann = people.actor("ann")
    if kind == "client":
        return make.client(ann, "Panels Ltd", "company").id or 0
    return (make.task(ann, "Call Panels") if kind == "task" else deals.deal(ann, deals.pipeline())).id or 0


@pytest.mark.parametrize("kind", ["client", "deal", "task"])
def test_a_card_takes_comments_and_files(window: Window, company: Database, tmp_path: Path, kind: str) -> None:
    card_id = card_of(kind)
    page, other = window("ann"), window("olga")
    for each in (page, other):
        each.goto(f"/{kind}s/{card_id}")
        expect(each.get_by_label("Write a comment")).to_be_visible()
    page.get_by_label("Write a comment").fill("Asked for a discount")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("article.comment")).to_contain_text("Asked for a discount")
    expect(other.locator("article.comment")).to_contain_text("Asked for a discount")  # without a reload
    expect(page.get_by_label("Write a comment")).to_have_value("")
    expect(other.get_by_role("button", name="Take the comment back")).to_have_count(0)
    page.get_by_role("button", name="Take the comment back").click()
    expect(page.locator("article.comment")).to_have_count(0)

    offer = tmp_path / "offer.txt"
    offer.write_text("one machine")
    page.locator("input[type=file]").set_input_files(offer)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="offer.txt").click()
    assert downloading.value.path().read_text() == "one machine"
    expect(page.locator(".timeline li").first).to_contain_text("A file was added")


@pytest.mark.parametrize("kind", ["client", "deal"])
def test_a_tag_and_a_star_leave_a_half_written_comment_alone(window: Window, company: Database, kind: str) -> None:
    page = window("ann")
    page.goto(f"/{kind}s/{card_of(kind)}")
    page.get_by_label("Write a comment").fill("Not yet sent")
    page.get_by_label("New tag").fill("wholesale")
    page.get_by_label("New tag").press("Enter")
    expect(page.get_by_text("wholesale").first).to_be_visible()
    expect(page.get_by_label("New tag")).to_have_value("")
    page.get_by_role("button", name="Starred").click()
    expect(page.get_by_role("button", name="Starred")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Write a comment")).to_have_value("Not yet sent")


def test_a_timeline_shows_money_as_money(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    deal_id = card_of("deal")
    perform(ann, change_deal, deal_id=deal_id, values={"amount": 125_000_050, "currency": "EUR"})
    perform(ann, change_deal, deal_id=deal_id, values={"amount": 125_000_100})
    page = window("ann")
    page.goto(f"/deals/{deal_id}")
    latest = page.locator(".timeline li").first
    expect(latest.locator("del")).to_have_text("€1,250,000.50")
    expect(latest.locator("ins")).to_have_text("€1,250,001")
    expect(page.locator(".timeline li").nth(1).locator("del", has_text="—")).to_be_visible()  # not a zero


def test_what_was_said_long_ago_can_be_reached_however_much_it_is(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    card_id = card_of("client")
    for number in range(230):
        perform(ann, add_comment, card="client", card_id=card_id, body=f"Call {number}.")
    page = window("ann")
    page.goto(f"/clients/{card_id}")
    for panel, rows, rest in (("Comments", "article.comment", 80), ("History", ".timeline li", 81)):
        box = page.locator("section.panel", has=page.get_by_role("heading", name=panel, exact=True))
        lines, earlier = box.locator(rows), box.get_by_role("button", name="Show earlier")
        later = box.get_by_role("button", name="Show later")
        expect(lines).to_have_count(50)
        expect(later).to_have_count(0)
        earlier.click()
        expect(lines).to_have_count(100)
        for _ in range(3):
            earlier.click()  # the page holds a part of it, however long it is
        expect(lines).to_have_count(rest)
        expect(earlier).to_have_count(0)
        if panel == "Comments":
            expect(lines.last).to_contain_text("Call 0.")
        for _ in range(3):
            later.click()
        expect(lines).to_have_count(100)
        expect(later).to_have_count(0)
        if panel == "Comments":
            expect(lines.first).to_contain_text("Call 229.")
