"""Filters and groups at the left of the list of clients, in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.cards.actions.filters import remove_filter
from crm_app.cards.actions.groups import remove_group
from crm_app.cards.queries.shelf import list_groups, see_shelf
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.pipelines.queries import list_pipelines
from tests import make, people
from tests.contacts.make import contact
from tests.leads.make import lead, way

Window = Callable[..., Page]


@pytest.fixture(autouse=True)
def firms(company: Database) -> Iterator[None]:
    """Three clients; afterwards nobody's shelf holds what the test has put there."""
    ann = people.actor("ann")
    for name, status in (("Shelf one", "regular"), ("Shelf two", "regular"), ("Shelf three", "current")):
        make.client(ann, name, "company", status=status)
    yield
    for who in ("ann", "olga"):
        actor = people.actor(who)
        shelf = perform(actor, see_shelf, card="client")
        for each in shelf.filters:
            if each.id and each.may_change and each.name.startswith("Test"):
                perform(actor, remove_filter, filter_id=each.id)
        for group in shelf.groups:
            perform(actor, remove_group, group_id=group.id)


def shelf(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Filters and groups")


def entry(page: Page, name: str) -> Locator:
    return shelf(page).get_by_role("link", name=re.compile(f"^{name}"))


def save(page: Page, name: str) -> None:
    """Narrow the list down to regular clients, and keep that."""
    page.goto('/clients?filter={"all":[{"field":"status","op":"in","value":["regular"]}]}&q=shelf')
    expect(page.locator("[data-row]").first).to_be_visible()
    shelf(page).get_by_role("button", name="Save this filter").click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(entry(page, name)).to_have_attribute("aria-current", "true")


def choose(page: Page, name: str, what: str) -> None:
    """By the menu of an entry."""
    entry(page, name).hover()
    shelf(page).get_by_role("button", name=f"Actions: {name}").click()
    page.get_by_role("menuitem", name=what).click()


def test_a_filter_is_kept_opened_renamed_and_taken_away(window: Window) -> None:
    page = window("ann")
    save(page, "Test regulars")
    expect(entry(page, "Test regulars")).to_contain_text(re.compile(r"\d"))
    entry(page, "My clients").click()
    expect(page).to_have_url(re.compile("responsible_id"))
    entry(page, "Test regulars").click()
    expect(page).to_have_url(re.compile("status"))
    choose(page, "Test regulars", "Rename")
    page.keyboard.type("Test friends")
    page.keyboard.press("Enter")
    expect(entry(page, "Test friends")).to_be_visible()
    choose(page, "Test friends", "Remove")
    expect(entry(page, "Test friends")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(entry(page, "Test friends")).to_be_visible()


def test_over_the_line_it_is_everyones_at_once(window: Window) -> None:
    head, manager = window("olga"), window("ann")
    manager.goto("/clients")
    expect(entry(manager, "All clients")).to_be_visible()
    save(head, "Test shared")
    expect(entry(manager, "Test shared")).to_have_count(0)
    entry(head, "Test shared").drag_to(shelf(head).get_by_role("list", name="Everyone's filters"))
    expect(entry(manager, "Test shared")).to_be_visible()
    entry(manager, "Test shared").hover()
    expect(shelf(manager).get_by_role("button", name="Actions: Test shared")).to_have_count(0)
    choose(head, "Test shared", "Keep to myself")
    expect(entry(manager, "Test shared")).to_have_count(0)


def test_ticked_clients_go_into_a_new_group_and_out_again(window: Window) -> None:
    page = window("ann")
    page.goto("/clients?q=shelf")
    for row in range(2):
        page.locator("[data-row]").nth(row).get_by_role("checkbox").click()
    page.get_by_role("button", name="To group").click()
    page.get_by_role("combobox", name="Group").fill("Test fair")
    page.keyboard.press("Enter")
    expect(entry(page, "Test fair")).to_contain_text("2")
    entry(page, "Test fair").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-row]")).to_have_count(0)


def test_a_card_shows_its_groups(window: Window) -> None:
    page, client = window("ann"), make.client(people.actor("ann"), "Shelf four", "company")
    page.goto(f"/clients/{client.id}")
    page.get_by_label("Add to a group").fill("Test guests")
    page.keyboard.press("Enter")
    groups = page.locator(".panel", has=page.get_by_role("heading", name="Groups"))
    expect(groups.get_by_text("Test guests")).to_be_visible()
    groups.get_by_role("button", name=re.compile("Remove")).click()
    expect(groups.get_by_text("Test guests")).to_have_count(0)


@pytest.mark.parametrize("card", ["contact", "lead"])
def test_contacts_and_leads_have_filters_and_groups_too(window: Window, card: str) -> None:
    ann = people.actor("ann")
    if card == "lead" and not perform(ann, list_pipelines, card="lead"):
        way(people.actor("adam"), name="Shelf leads", locale="en")
    made = contact(ann, "Shelved Person") if card == "contact" else lead(ann, "Shelved Person")
    page = window("ann")
    page.goto(f"/{card}s?q=shelved")
    expect(entry(page, f"All {card}s")).to_contain_text(re.compile(r"\d"))
    page.locator("[data-row]").first.get_by_role("checkbox").click()
    page.get_by_role("button", name="To group").click()
    page.get_by_role("combobox", name="Group").fill("Test fair")
    page.keyboard.press("Enter")
    expect(entry(page, "Test fair")).to_contain_text("1")
    entry(page, "Test fair").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    shelf(page).get_by_role("button", name="Actions: Test fair").click()
    page.get_by_role("menuitem", name="Remove").click()
    page.goto(f"/{card}s/{made.id}")
    page.get_by_label("Add to a group").fill("Test guests")
    page.keyboard.press("Enter")
    groups = page.locator(".panel", has=page.get_by_role("heading", name="Groups"))
    expect(groups.get_by_text("Test guests")).to_be_visible()
    for group in perform(ann, list_groups, card=card):
        perform(ann, remove_group, group_id=group.id)


def test_on_a_phone_it_folds_into_a_button(window: Window) -> None:
    page = window("ann", viewport={"width": 390, "height": 844})
    page.goto("/clients")
    fold = shelf(page).get_by_role("button", name="All clients")
    expect(entry(page, "My clients")).to_be_hidden()
    fold.click()
    entry(page, "My clients").click()
    expect(page).to_have_url(re.compile("responsible_id"))
    expect(entry(page, "My clients")).to_be_hidden()


def test_who_has_chosen_no_language_is_spoken_to_in_the_browsers(window: Window) -> None:
    """What the server says, and what the page says, in one language."""
    for locale, everyone, heading in (("en-GB", "All clients", "Clients"), ("ru-RU", "Все клиенты", "Клиенты")):
        page = window("olga", locale=locale)
        page.goto("/clients")
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        expect(page.get_by_role("link", name=re.compile(f"^{everyone}"))).to_be_visible()
