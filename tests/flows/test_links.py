"""Links of a card: made by searching, read on both cards, removed and taken back; and their kinds, in Settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.core.db import Database
from tests import make, people
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.leads import make as leads

Window = Callable[..., Page]


def panel_of(page: Page) -> Locator:
    return page.locator("section.panel", has=page.get_by_role("heading", name="Links", exact=True))


def address_of(kind: str, name: str) -> str:
    ann = people.actor("ann")
    if kind == "client":
        return f"/clients/{make.client(ann, name, 'company').id}"
    if kind == "contact":
        return f"/contacts/{contacts.contact(ann, name).id}"
    if kind == "lead":
        return f"/leads/{leads.lead(ann, name, leads.way(people.actor('adam')).id).id}"
    return f"/deals/{deals.deal(ann, deals.pipeline(), name=name).id}"


@pytest.mark.parametrize("kind", ["client", "contact", "lead", "deal"])
def test_a_card_is_linked_and_the_link_is_removed_and_taken_back(window: Window, company: Database, kind: str) -> None:
    ann = people.actor("ann")
    name = f"Zwilling of {kind}"
    other = make.client(ann, name, "company")
    page = window("ann")
    page.goto(address_of(kind, f"Linking {kind}"))
    panel = panel_of(page)
    expect(panel).to_contain_text("No linked cards")
    panel.get_by_role("button", name="Link with a card").click()
    panel.get_by_label("What the linked card is").select_option(label="head office")
    panel.get_by_label("Note").fill("Since spring")
    panel.get_by_label("Which card to link").fill(name)
    page.get_by_role("option", name=name).click()
    link = panel.get_by_role("link", name=name)
    expect(link).to_be_visible()
    expect(panel).to_contain_text("head office")
    expect(panel).to_contain_text("Since spring")
    panel.get_by_role("button", name=f"Remove link: {name}").click()
    expect(panel).to_contain_text("No linked cards")
    page.get_by_role("button", name="Undo").last.click()
    expect(link).to_be_visible()
    link.click()
    page.wait_for_url(f"**/clients/{other.id}")
    expect(panel_of(page)).to_contain_text("branch")
    expect(panel_of(page).get_by_role("link", name="Linking")).to_be_visible()


def test_the_administrator_says_what_links_can_say(window: Window, company: Database) -> None:
    page = window("adam")
    page.goto("/settings/links")
    page.get_by_role("button", name="Add a kind of link").first.click()
    dialog = page.get_by_role("dialog", name="Add a kind of link")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Say what the linked card is")
    dialog.get_by_label("The linked card is", exact=True).fill("distributor")
    dialog.get_by_label("This one to it is").fill("vendor")
    dialog.get_by_role("button", name="Save").click()
    row = page.locator("[data-row]", has_text="distributor")
    expect(row).to_contain_text("vendor")
    row.get_by_role("button", name="Offer no more").click()
    removed = page.locator("section.panel", has=page.get_by_role("heading", name="Offered no more"))
    expect(removed).to_contain_text("distributor")
    page.get_by_role("button", name="Undo").last.click()
    expect(row).to_be_visible()
