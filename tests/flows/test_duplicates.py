"""Duplicates in the browser: hints while typing, a pair merged field by field, the old address, two cards again."""

from __future__ import annotations

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crm_app.cards.actions.columns import reset_columns, set_columns
from crm_app.cards.columns import Place
from crm_app.core.door import perform
from crm_app.duplicates.actions.pairs import look_for_pairs
from crm_app.duplicates.queries import list_pairs
from tests import make as cards
from tests import people
from tests.contacts import make as contacts
from tests.flows.conftest import Database
from tests.flows.test_card_conflicts import put
from tests.leads import make as leads
from tests.work import work_off

Window = Callable[..., Page]


def test_two_cards_are_proposed_merged_and_taken_apart(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    one = cards.client(ann, "Twin Lathes Ltd", "company", phones=["+79160000001"], city="Tula")
    phones = ["+79160000001", "+79160000002"]
    other = cards.client(ann, "Twin Lathes", "company", phones=phones, city="Oryol", note="Big")
    perform(ann, look_for_pairs, card="client")
    work_off()
    assert perform(ann, list_pairs, card="client")
    page, watching = window("ann"), window("olga")
    watching.goto(f"/clients/{other.id}")
    expect(watching.get_by_role("heading", name="Twin Lathes")).to_be_visible()
    page.goto("/duplicates")
    row = page.locator("[data-row]").filter(has_text="Twin Lathes Ltd")
    expect(row).to_contain_text("phone")
    row.get_by_role("link", name="Merge…").click()
    table = page.get_by_role("table", name="Merge cards")
    expect(table.get_by_role("row", name=re.compile("City"))).to_be_visible()
    both = table.get_by_role("row", name=re.compile("Phones"))
    expect(both.get_by_role("radio", name="both")).to_be_checked()
    city = table.get_by_role("row", name=re.compile("City"))
    city.get_by_role("radio", name="Oryol").click()
    expect(city.get_by_role("radio", name="Oryol")).to_be_checked()
    expect(city.locator("td").last).to_have_text("Oryol")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page).to_have_url(re.compile(f"/clients/{one.id}$"))
    expect(page.get_by_text("Oryol").first).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Merged with the card “Twin Lathes”")
    expect(watching).to_have_url(re.compile(f"/clients/{one.id}$"))  # whose card it was is led on without a reload
    panel = page.locator(".panel").filter(has_text="Merged cards")
    panel.get_by_role("button", name="Split").click()
    expect(panel).to_have_count(0)
    expect(page.locator(".timeline")).to_contain_text("separate again")
    page.goto(f"/clients/{other.id}")
    expect(page.get_by_text("Oryol").first).to_be_visible()


def test_a_hint_tells_whom_to_ask_and_a_pair_is_told_apart(window: Window, company: Database) -> None:
    bob = people.actor("bob")
    cards.client(bob, "Secret Mills Ltd", "company", phones=["+79160000003"])
    for _ in range(2):
        cards.client(people.actor("ann"), "Odd Mills", "company", phones=["+79160000004"])
    perform(people.actor("ann"), look_for_pairs, card="client")
    work_off()
    page = window("ann", viewport={"width": 390, "height": 844})
    page.goto("/clients?new=1")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Phones").fill("8 916 000-00-03")
    expect(dialog.get_by_text("Ask Боб")).to_be_visible()
    expect(dialog.get_by_text("Secret")).to_have_count(0)
    page.goto("/duplicates")
    row = page.locator("[data-row]").filter(has_text="Odd Mills")
    row.get_by_role("button", name="They differ").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)


def test_what_is_typed_on_a_card_and_stands_on_another_is_told(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    known = cards.client(ann, "Known Weavers", "company", phones=["+79160000005"])
    other = cards.client(ann, "Other Weavers", "company")
    cards.client(people.actor("bob"), "Secret Weavers", "company", emails=["secret@weavers.example"])
    page = window("ann")
    page.goto(f"/clients/{other.id}")
    put(page, "Phones", "8 916 000-00-05")
    told = page.get_by_text("The card of “Known Weavers” has the same")
    expect(told).to_be_visible()
    page.get_by_role("link", name="Merge…").click()
    page.wait_for_url(re.compile(rf"/duplicates/merge\?card=client&both={other.id},{known.id}"))
    page.goto(f"/clients/{other.id}")
    put(page, "E-mail", "secret@weavers.example")
    expect(page.get_by_text("you may not see it. Ask Боб")).to_be_visible()
    expect(page.get_by_text("Secret Weavers")).to_have_count(0)


def test_what_is_typed_on_a_lead_or_in_a_list_and_stands_on_another_card_is_told(
    window: Window, company: Database
) -> None:
    ann = people.actor("ann")
    way = leads.way(people.actor("adam"), locale="en")
    known = leads.lead(ann, "Lead that rang before", way.id, phones=["+79160000061"])
    lead = leads.lead(ann, "Lead that rings again", way.id)
    contacts.contact(ann, "Known Person", phones=["+79160000063"])
    person = contacts.contact(ann, "Uncommon Surname")
    cards.client(people.actor("bob"), "Secret Looms", "company", inn="7728168971")
    client = cards.client(ann, "Obvious Looms", "company")
    page = window("ann", viewport={"width": 1900, "height": 900})
    page.goto(f"/leads/{lead.id}")
    put(page, "Phones", "8 916 000-00-61")
    expect(page.get_by_text("The card of “Lead that rang before” has the same")).to_be_visible()
    page.get_by_role("link", name="Show it").click()
    page.wait_for_url(re.compile(rf"/leads/{known.id}$"))

    page.goto("/leads?q=lead+that+rings+again")
    fill_cell(page, lead.id, "phone", "+79160000062")
    expect(page.locator(f"[data-row='{lead.id}']")).to_contain_text("000-00-62")
    expect(page.get_by_text("has the same")).to_have_count(0)

    page.goto("/contacts?q=uncommon")
    fill_cell(page, person.id, "phone", "8 916 000-00-63")
    expect(page.get_by_text("The card of “Person Known” has the same")).to_be_visible()

    columns: list[Place] = [{"key": "name", "width": 300}, {"key": "inn", "width": 200}]
    perform(ann, set_columns, card="client", columns=columns)
    page.goto("/clients?q=obvious+looms")
    fill_cell(page, client.id, "inn", "7728168971")
    expect(page.get_by_text("you may not see it. Ask Боб")).to_be_visible()
    expect(page.get_by_text("Secret Looms")).to_have_count(0)
    perform(ann, reset_columns, card="client")


def fill_cell(page: Page, card_id: int | None, key: str, value: str) -> None:
    page.locator(f"[data-row='{card_id}'] [data-key='{key}']").dblclick()
    field = page.get_by_role("textbox").and_(page.locator(f"[data-row='{card_id}'] *"))
    field.fill(value)
    field.press("Enter")
