"""The bin in the browser: found by kind and name, restored one and many, and taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.actions.cards import delete_deal
from tests import make, people
from tests.deals import make as deals
from tests.flows.conftest import Window


def test_what_was_deleted_is_found_restored_and_put_back(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    names = ("Binned Works", "Binned Mills", "Binned Yard")
    ids = [make.client(ann, name, "company").id for name in names]
    perform(ann, start_bulk, card="client", operation="remove", ids=ids)
    deal = deals.deal(ann, deals.pipeline(), name="Binned lathe")
    perform(ann, delete_deal, deal_id=deal.id)

    page = window("ann", viewport={"width": 1440, "height": 900})
    page.goto("/bin?card=client&q=binned")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(3)
    works = rows.filter(has_text="Binned Works")
    expect(works).to_contain_text(ann.name)
    works.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("1 card restored")).to_be_visible()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(3)

    rows.filter(has_text="Binned Mills").get_by_role("checkbox").click()
    rows.filter(has_text="Binned Yard").get_by_role("checkbox").click()
    page.get_by_role("toolbar", name="2 selected").get_by_role("button", name="Restore").click()
    expect(page.get_by_text("2 cards restored")).to_be_visible()
    expect(rows).to_have_count(1)

    page.get_by_role("link", name="Deals").filter(has=page.locator(".badge")).click()
    lathe = rows.filter(has_text="Binned lathe")
    lathe.get_by_role("button", name="Restore").click()
    expect(lathe).to_have_count(0)
