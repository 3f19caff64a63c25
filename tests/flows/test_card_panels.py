"""What every card has, on the page of each kind: comments, tags, a star, files, and what has happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.links import link_cards
from crm_app.clients.actions.cards import change_client
from crm_app.clients.queries import see_client
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.actions.cards import change_deal
from crm_app.tasks.actions.editing import create_task
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
    page.get_by_label("Add files").set_input_files(offer)
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


SLOW_ANSWERS = """window.WebSocket = class extends WebSocket {
  set onmessage(heed) {
    super.onmessage = (event) => setTimeout(() => heed(event), 700);
  }
}"""
"""A line on which every answer takes its time."""
MIXED_UP = """([title, strange]) => {
  const panels = () => [...document.querySelectorAll("section.panel")];
  const those = () => panels().filter((each) => each.innerText.includes(strange));
  const titleOf = (each) => each.querySelector("h2")?.innerText;
  const titles = those().map(titleOf).filter((each) => each !== "History");
  window.mixedUp = [];
  const look = () => {
    if (document.querySelector("h1").innerText.includes(title))
      window.mixedUp.push(...those().map(titleOf).filter((each) => titles.includes(each)));
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
  return titles.length;
}"""
"""Notes whether the title of one card is ever shown above panels that tell of another."""


def test_no_panel_tells_of_the_card_that_one_has_left(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), deals.pipeline("services")
    left, come = make.client(ann, "Leftward Ltd", "company"), make.client(ann, "Rightward Ltd", "company")
    deals.deal(ann, way, name="Deal of Leftward", client_id=left.id)
    perform(ann, create_task, title="Task of Leftward", about=[{"card": "client", "card_id": left.id}])
    perform(ann, link_cards, card="client", card_id=left.id, other="client", other_id=come.id)
    page = window("ann")
    page.add_init_script(SLOW_ANSWERS)
    page.goto(f"/clients/{left.id}")
    for title, strange in (("Deals", "Deal of Leftward"), ("Tasks", "Task of Leftward")):
        expect(panel_of(page, title)).to_contain_text(strange)
    assert page.evaluate(MIXED_UP, ["Rightward Ltd", "of Leftward"]) == 2
    page.get_by_role("link", name="Rightward Ltd").click()
    expect(page.get_by_role("heading", name="Rightward Ltd")).to_be_visible()
    expect(page.get_by_text("No deals yet")).to_be_visible()
    assert page.evaluate("window.mixedUp") == []
    page.go_back()
    expect(panel_of(page, "Deals")).to_contain_text("Deal of Leftward")


def test_what_was_opened_on_one_card_is_not_open_on_the_next(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    here, there = (make.client(ann, name, "company") for name in ("Herewood Ltd", "Therewood Ltd"))
    perform(ann, link_cards, card="client", card_id=here.id, other="client", other_id=there.id)
    perform(ann, change_client, client_id=there.id, values={"city": "Тула"})
    page = window("ann")
    page.goto(f"/clients/{here.id}")
    page.get_by_role("link", name="Therewood Ltd").click()
    expect(page.get_by_role("heading", name="Therewood Ltd")).to_be_visible()
    page.get_by_role("button", name="Set back to the former value: City").click()
    asked = page.get_by_role("dialog", name="Set back to how it was?")
    expect(asked).to_contain_text("Тула")
    page.go_back()
    expect(page.get_by_role("heading", name="Herewood Ltd")).to_be_visible()
    expect(asked).to_have_count(0)
    page.go_forward()
    expect(page.get_by_role("heading", name="Therewood Ltd")).to_be_visible()
    page.get_by_role("button", name="Set back to the former value: City").click()
    asked.get_by_role("button", name="Set back", exact=True).click()
    expect(page.get_by_text("1 field set back")).to_be_visible()
    assert perform(ann, see_client, client_id=there.id).city == ""


def panel_of(page: Page, title: str) -> Locator:
    return page.locator("section.panel", has=page.get_by_role("heading", name=title, exact=True))
