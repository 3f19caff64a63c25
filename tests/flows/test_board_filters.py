"""The boards' filter: a saved one, a whole sheet, the address, and what others change meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from crm_app.cards.actions.filters import remove_filter, save_filter
from crm_app.cards.actions.tags import set_tags
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.actions.cards import change_deal
from crm_app.leads.actions.cards import change_lead
from crm_app.pipelines.queries import PipelineRow
from tests import people
from tests.deals import make as deals
from tests.flows.boards import card, column
from tests.leads import make as leads

Window = Callable[..., Page]
TAGGED: dict[str, Any] = {"all": [{"field": "tags", "op": "has", "value": "boardfilter"}]}


@pytest.fixture
def way(company: Database) -> PipelineRow:
    return deals.pipeline("goods")


@pytest.fixture
def kept(company: Database) -> Iterator[None]:
    """A filter of one's own for deals and one for leads."""
    ann = people.actor("ann")
    made = [perform(ann, save_filter, card=of, name="Only tagged", conditions=TAGGED).id for of in ("deal", "lead")]
    yield
    for filter_id in made:
        perform(ann, remove_filter, filter_id=filter_id)


def in_address(page: Page) -> Any:
    found = parse_qs(urlsplit(page.url).query).get("filter")
    return json.loads(found[0]) if found else {}


def test_a_saved_filter_narrows_the_board_and_what_others_change_obeys_it(
    window: Window, way: PipelineRow, kept: None
) -> None:
    ann, adam, first = people.actor("ann"), people.actor("adam"), deals.stage(way, 0).id
    tagged, plain = deals.deal(ann, way, amount=100_00), deals.deal(ann, way, amount=900_00)
    perform(adam, set_tags, card="deal", card_id=tagged.id, names=["boardfilter"])
    page = window("ann")
    page.goto(f"/deals?pipeline={way.id}&closed=1")
    expect(card(page, plain.id)).to_be_visible()
    choice = page.get_by_role("combobox", name="Saved filters")
    expect(choice.locator("option", has_text="Only tagged")).to_have_count(1)
    choice.select_option(label="Only tagged")
    expect(card(page, plain.id)).to_have_count(0)
    expect(card(page, tagged.id)).to_be_visible()
    expect(choice).not_to_have_value("system:all")
    assert in_address(page) == TAGGED
    assert f"pipeline={way.id}" in page.url and "closed=1" in page.url  # the rest of the address stays
    expect(column(page, first).locator(".kb-count")).to_have_text("1")
    expect(column(page, first).locator(".kb-sum")).to_contain_text("100")

    late = deals.deal(ann, way, amount=5_00)  # not tagged: stays away
    perform(adam, change_deal, deal_id=tagged.id, values={"amount": 300_00})
    expect(column(page, first).locator(".kb-sum")).to_contain_text("300")
    expect(card(page, late.id)).to_have_count(0)
    expect(column(page, first).locator(".kb-count")).to_have_text("1")
    page.reload()
    expect(card(page, tagged.id)).to_be_visible()
    expect(card(page, plain.id)).to_have_count(0)
    choice.select_option(label="All deals")
    expect(card(page, late.id)).to_be_visible()
    assert in_address(page) == {}


def test_conditions_are_nested_in_a_sheet_over_the_board(window: Window, way: PipelineRow) -> None:
    ann = people.actor("ann")
    cheap, dear = deals.deal(ann, way, amount=777_01), deals.deal(ann, way, amount=777_777_00)
    page = window("ann")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/deals?pipeline={way.id}")
    expect(card(page, cheap.id)).to_be_visible()
    assert not [url for url in asked if "filter_editor" in url]  # only who opens the sheet has it sent
    page.get_by_role("button", name="All conditions").click()
    sheet = page.get_by_role("dialog", name="All conditions")
    row = sheet.locator('[data-at="0"]')
    row.get_by_label("Field").select_option("amount")
    row.get_by_label("Value").fill("777777")
    expect(sheet.locator("[data-count]")).to_be_visible()
    sheet.get_by_role("button", name="Apply").click()
    expect(card(page, cheap.id)).to_have_count(0)
    expect(card(page, dear.id)).to_be_visible()
    assert in_address(page) == {"all": [{"field": "amount", "op": "ge", "value": 777777}]}
    page.get_by_role("link", name="List").click()  # which asks the same
    expect(page.locator(f"[data-row='{dear.id}']")).to_be_visible()
    expect(page.locator(f"[data-row='{cheap.id}']")).to_have_count(0)


def test_the_board_of_leads_takes_the_filter_of_their_list(window: Window, company: Database, kept: None) -> None:
    ann, adam = people.actor("ann"), people.actor("adam")
    way = leads.way(adam, name="Filtered leads", locale="en")
    near, far = (leads.lead(ann, f"Lead of {city}", way.id, city=city) for city in ("Filterburg", "Elsewhere"))
    perform(adam, set_tags, card="lead", card_id=far.id, names=["boardfilter"])
    page = window("ann")
    where = json.dumps({"all": [{"field": "city", "op": "contains", "value": "Filterburg"}]})
    page.goto(f"/leads/board?pipeline={way.id}&filter={quote(where)}")
    expect(page.locator(f"[data-lead='{near.id}']")).to_be_visible()
    expect(page.locator(f"[data-lead='{far.id}']")).to_have_count(0)
    expect(page.locator(".filter-chip")).to_contain_text("Filterburg")
    perform(adam, change_lead, lead_id=far.id, values={"city": "New Filterburg"})
    expect(page.locator(f"[data-lead='{far.id}']")).to_be_visible()  # it fits from now on
    page.get_by_role("combobox", name="Saved filters").select_option(label="Only tagged")
    expect(page.locator(f"[data-lead='{near.id}']")).to_have_count(0)
    expect(page.locator(f"[data-lead='{far.id}']")).to_be_visible()
