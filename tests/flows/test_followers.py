"""Followers of a card: followed by a click, a colleague added, and told by the bell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.cards.actions.comments import add_comment
from crm_app.core.db import Database
from crm_app.core.door import perform
from tests import make, people
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.leads import make as leads
from tests.work import working

Window = Callable[..., Page]


def panel_of(page: Page) -> Locator:
    return page.locator("section.panel", has=page.get_by_role("heading", name="Followers", exact=True))


def address_of(kind: str) -> str:
    ann = people.actor("ann")
    if kind == "client":
        return f"/clients/{make.client(ann, 'Followed Ltd', 'company').id}"
    if kind == "contact":
        return f"/contacts/{contacts.contact(ann, 'Followed Person').id}"
    if kind == "lead":
        return f"/leads/{leads.lead(ann, 'Followed enquiry', leads.way(people.actor('adam')).id).id}"
    return f"/deals/{deals.deal(ann, deals.pipeline(), name='Followed deal').id}"


@pytest.mark.parametrize("kind", ["client", "contact", "lead", "deal"])
def test_a_card_is_followed_and_no_more(window: Window, company: Database, kind: str) -> None:
    page, address = window("olga"), address_of(kind)
    page.goto(address)
    panel = panel_of(page)
    expect(panel).to_contain_text("Nobody follows")
    panel.get_by_role("button", name="Follow", exact=True).click()
    expect(panel.locator(".person-line")).to_have_text(["ООльга"])
    panel.get_by_role("button", name="Unfollow", exact=True).click()
    expect(panel).to_contain_text("Nobody follows")


def test_a_colleague_is_added_told_and_taken_away(window: Window, company: Database) -> None:
    ann, address = people.actor("ann"), address_of("client")
    page, other = window("ann"), window("olga")
    page.goto(address)
    other.goto(address)
    panel = panel_of(page)
    theirs = panel_of(other)
    expect(theirs).to_contain_text("Nobody follows")
    panel.get_by_role("button", name="Add a follower").click()
    panel.get_by_label("Whom to add").fill("Ольг")
    page.get_by_role("option", name="Ольга").click()
    expect(panel.locator(".person-line")).to_have_text(["ООльга"])
    expect(theirs.get_by_role("button", name="Unfollow", exact=True)).to_be_visible()  # without a reload
    with working():
        card_id = int(address.rpartition("/")[2])
        perform(ann, add_comment, card="client", card_id=card_id, body="Worth a look")
        expect(other.locator(".bell-count")).to_be_visible()
        other.locator("button", has=other.locator(".bell-count")).click()
        expect(other.get_by_text("Анна commented: Followed Ltd").first).to_be_visible()
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Remove follower: Ольга").click()
    expect(panel).to_contain_text("Nobody follows")
