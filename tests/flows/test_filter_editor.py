"""Nested conditions over a list, put together in a sheet: by mouse, by keys and on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.cards.actions.filters import remove_filter
from crm_app.cards.queries.shelf import see_shelf
from crm_app.core.db import Database
from crm_app.core.door import perform
from tests import make, people
from tests.contacts.make import contact
from tests.leads.make import lead, way

Window = Callable[..., Page]
REGULAR: dict[str, Any] = {"field": "status", "op": "in", "value": ["regular"]}
TULA: dict[str, Any] = {"field": "city", "op": "contains", "value": "Nested Tula"}
NESTED: dict[str, Any] = {"all": [REGULAR, {"any": [TULA, {"none": [{"field": "star", "op": "ne", "value": True}]}]}]}


@pytest.fixture(scope="module", autouse=True)
def cards(company: Database) -> Iterator[None]:
    ann, pipeline = people.actor("ann"), way(people.actor("adam"), name="Nested leads", locale="en")
    for name, city, status in (
        ("Nested one", "Nested Tula", "regular"), ("Nested two", "Nested Orel", "regular"),
        ("Nested three", "Nested Tula", "current"),
    ):  # fmt: skip
        make.client(ann, name, "company", city=city, status=status)
        contact(ann, f"Person {name.title()}", city=city)
        lead(ann, name, pipeline_id=pipeline.id, city=city)
    yield
    for each in perform(ann, see_shelf, card="client").filters:
        if each.name == "Nested kept":
            perform(ann, remove_filter, filter_id=each.id)


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog", name="All conditions")


def row(page: Page, at: str) -> Locator:
    """The condition at a place in the groups: "0", "1.0"."""
    return sheet(page).locator(f'[data-at="{at}"]')


def group(page: Page, at: str = "root") -> Locator:
    return sheet(page).locator(f'[data-group="{at}"]')


def ask(page: Page, at: str, field: str, words: str) -> None:
    row(page, at).get_by_label("Field").select_option(field)
    row(page, at).get_by_label("Value").fill(words)


def count(page: Page, number: int) -> None:
    expect(sheet(page).locator(f'[data-count="{number}"]')).to_be_visible()


def in_address(page: Page, conditions: int = 0) -> Any:
    """The filter in the address, once it has so many conditions: the address follows the chips."""
    if conditions:
        expect(page).to_have_url(re.compile(rf"filter=.*(field.*){{{conditions}}}"))
    found = parse_qs(urlsplit(page.url).query).get("filter")
    return json.loads(found[0]) if found else {}


def names(page: Page) -> set[str]:
    return set(page.locator("[data-row] .td-name").all_inner_texts())


def test_groups_are_nested_told_in_words_counted_and_applied(window: Window) -> None:
    page = window("ann")
    page.goto("/clients")
    page.get_by_role("button", name="All conditions").click()
    ask(page, "0", "City", "nested")
    count(page, 3)
    expect(sheet(page).get_by_role("status")).to_contain_text("City contains “nested”")
    group(page).get_by_role("button", name="+ Group of conditions").click()
    ask(page, "1.0", "City", "tula")
    group(page, "1").get_by_role("button", name="+ Condition").click()
    ask(page, "1.1", "Name", "two")
    count(page, 3)
    group(page, "1").get_by_label("What must hold").select_option("none of these")
    count(page, 0)
    row(page, "1.1").get_by_role("button", name="Remove condition").click()
    count(page, 1)
    expect(sheet(page).get_by_role("status")).to_contain_text(
        "City contains “nested” and none of (City contains “tula”)"
    )
    sheet(page).get_by_role("button", name="Apply").click()
    expect(sheet(page)).to_have_count(0)
    expect(page.locator("[data-row]")).to_have_count(1)
    assert names(page) == {"Nested two"}
    assert in_address(page) == {
        "all": [
            {"field": "city", "op": "contains", "value": "nested"},
            {"none": [{"field": "city", "op": "contains", "value": "tula"}]},
        ]
    }
    expect(page.locator(".filter-chip").nth(1)).to_contain_text("not (City contains tula)")


def test_a_link_that_asks_for_a_closed_field_says_so(window: Window) -> None:
    page = window("ann")
    for address in ("/clients", "/deals/list"):
        page.goto(f'{address}?filter={{"all":[{{"field":"fields.not_for_ann","op":"eq","value":"x"}}]}}')
        told = page.get_by_text("The filter asks for a field that is not open to you")
        expect(told).to_be_visible()
        page.locator(".empty").get_by_role("button", name="Reset").click()
        expect(told).to_have_count(0)
        expect(page).to_have_url(re.compile(rf"{address}$"))


def test_what_an_address_says_is_opened_changed_and_kept_on_the_shelf(window: Window) -> None:
    page = window("ann")
    page.goto("/clients?filter=" + json.dumps(NESTED))
    expect(page.locator("[data-row]")).to_have_count(1)
    page.locator(".filter-chip").nth(1).get_by_role("button").first.click()
    expect(group(page, "1").get_by_label("What must hold").first).to_have_value("any")
    expect(row(page, "1.1.0").get_by_label("Condition", exact=True)).to_have_value("ne")
    group(page, "1.1").get_by_role("button", name="Remove the group of conditions").click()
    row(page, "0").locator("summary").click()
    row(page, "0").get_by_label("Current").check()
    count(page, 2)
    sheet(page).get_by_role("button", name="Apply").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    shelf = page.get_by_role("navigation", name="Filters and groups")
    shelf.get_by_role("button", name="Save this filter").click()
    page.keyboard.type("Nested kept")
    page.keyboard.press("Enter")
    expect(shelf.get_by_role("link", name=re.compile("^Nested kept"))).to_have_attribute("aria-current", "true")


def test_periods_are_chosen_by_name_by_days_and_by_dates(window: Window) -> None:
    page = window("ann")
    page.goto('/clients?filter={"all":[{"field":"city","op":"contains","value":"nested"}]}')
    page.get_by_role("button", name="All conditions").click()
    group(page).get_by_role("button", name="+ Condition").click()
    row(page, "1").get_by_label("Field").select_option("Created")
    expect(row(page, "1").get_by_label("How many days")).to_have_value("30")
    count(page, 3)
    row(page, "1").get_by_label("Period").select_option("more than … days ago")
    count(page, 0)
    expect(sheet(page).get_by_role("status")).to_contain_text("Created: more than 90 days ago")
    row(page, "1").get_by_label("Period").select_option("this quarter")
    count(page, 3)
    row(page, "1").get_by_label("Period").select_option("from … to …")
    row(page, "1").get_by_label("From which day").fill("2020-02-01")
    row(page, "1").get_by_label("To which day").fill("2020-02-29")
    count(page, 0)
    row(page, "1").get_by_label("Field").select_option("Comment")
    row(page, "1").get_by_label("Condition", exact=True).select_option("did not happen")
    count(page, 3)
    sheet(page).get_by_role("button", name="Apply").click()
    expect(page.locator(".filter-chip").nth(1)).to_contain_text("did not happen in the last 30 days")
    assert in_address(page, 2)["all"][1] == {"field": "commented", "op": "ne", "value": "last_30_days"}


def test_the_sheet_is_worked_by_keys_alone(window: Window) -> None:
    page = window("ann")
    page.goto('/clients?filter={"all":[{"field":"city","op":"contains","value":"nested"}]}')
    expect(page.locator("[data-row]")).to_have_count(3)
    page.get_by_role("button", name="All conditions").focus()
    page.keyboard.press("Enter")
    expect(group(page).get_by_label("What must hold").first).to_be_focused()
    group(page).get_by_role("button", name="+ Condition").focus()
    page.keyboard.press("Enter")
    expect(row(page, "1").get_by_label("Field")).to_be_focused()
    page.keyboard.type("Name")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("three")
    count(page, 1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(group(page).get_by_role("button", name="+ Condition")).to_be_focused()
    count(page, 3)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="All conditions")).to_be_focused()
    expect(page.locator("[data-row]")).to_have_count(3)


@pytest.mark.parametrize("address", ["/contacts", "/leads"])
def test_contacts_and_leads_have_the_same(window: Window, address: str) -> None:
    page = window("ann", viewport={"width": 390, "height": 844})
    page.goto(address)
    page.get_by_role("button", name="All conditions").click()
    ask(page, "0", "City", "nested")
    group(page).get_by_role("button", name="+ Group of conditions").click()
    ask(page, "1.0", "City", "orel")
    count(page, 1)
    sheet(page).get_by_role("button", name="Apply").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    assert "Two" in page.locator("[data-row] .td-name").inner_text().title()
    assert len(in_address(page)["all"]) == 2


def test_conditions_that_can_not_be_asked_say_so_where_they_are(window: Window) -> None:
    page = window("ann")
    page.goto('/clients?filter={"all":[{"field":"revenue","op":"ge","value":1}]}')
    page.get_by_role("button", name="All conditions").click()
    row(page, "0").get_by_label("Value").fill("99999999999999999999")
    expect(sheet(page).get_by_role("status")).to_contain_text("revenue")
    expect(page.locator(".toast")).to_have_count(0)
