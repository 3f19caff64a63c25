"""Contacts in the browser: a list, a new one, a card, and where they work, told on either card."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
from playwright.sync_api import Page, expect

from crm_app.contacts.queries import list_places
from crm_app.core.door import perform
from tests import make as cards
from tests import people
from tests.contacts import make
from tests.flows.conftest import Database

Window = Callable[..., Page]


def test_a_contact_is_added_and_a_second_copy_is_shown_first(window: Window, company: Database) -> None:
    make.contact(people.actor("ann"), "Ivan Petrov", phones=["+79151234567"])
    page = window("ann")
    page.goto("/contacts?new=1")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Last name").fill("Someone")
    dialog.get_by_label("Phones").fill("8 915 123-45-67")
    expect(dialog.get_by_role("link", name="Petrov Ivan")).to_be_visible()
    dialog.get_by_label("E-mail").fill("none@at")
    dialog.get_by_role("button", name="Add contact").click()
    expect(dialog.get_by_text("none@at")).to_be_visible()
    dialog.get_by_label("E-mail").fill("")
    dialog.get_by_role("button", name="Add contact").click()
    expect(dialog.get_by_text("seems to be there already")).to_be_visible()
    dialog.get_by_label("Add all the same").check()
    dialog.get_by_role("button", name="Add contact").click()
    expect(page.get_by_role("heading", name="Someone")).to_be_visible()
    expect(page.get_by_text("+7 915 123-45-67")).to_be_visible()


def test_who_works_at_a_client_is_told_on_its_card(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    client = cards.client(ann, "Vector Places Ltd", "company")
    make.contact(ann, "Anna Director")
    page, other = window("ann"), window("olga")
    page.goto("/clients?q=vector places")
    page.locator("[data-row] a").first.click()  # by the list: the panel fills itself without a reload
    other.goto(f"/clients/{client.id}")
    for each in (page, other):
        expect(each.get_by_text("No contacts yet")).to_be_visible()
    find = page.get_by_role("combobox", name=re.compile("Find a contact"))
    find.fill("Director")
    page.get_by_role("option", name="Director Anna").click()
    expect(page.locator("[data-place]")).to_have_count(1)
    expect(other.locator("[data-place]")).to_contain_text("Main contact")  # without a reload
    find.fill("Boris Accountant")
    page.get_by_role("option", name="Add as new").click()
    expect(page.locator("[data-place]")).to_have_count(2)
    second = page.locator("[data-place]").nth(1)
    second.get_by_role("button", name=re.compile("Position")).click()
    second.get_by_role("textbox", name="Position").fill("Accountant")
    second.get_by_role("textbox", name="Position").press("Enter")
    expect(other.locator("[data-place]").nth(1)).to_contain_text("Accountant")
    page.locator("[data-place]").nth(1).get_by_role("button", name="Make the main contact").click()
    expect(page.locator("[data-place]").nth(0)).to_contain_text("Accountant")
    expect(page.locator(".timeline")).to_contain_text(re.compile("Contact at client: .* — Vector Places Ltd"))
    page.locator("[data-place]").nth(1).get_by_role("button", name="Take off").click()
    expect(page.locator("[data-place]")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-place]")).to_have_count(2)
    assert [p.is_main for p in perform(ann, list_places, client_id=client.id)] == [True, False]


def test_a_second_copy_is_added_at_a_client_only_when_it_is_meant(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    client = cards.client(ann, "Doubtful Ltd", "company")
    make.contact(ann, "Foma Doubted")
    page = window("ann")
    page.goto(f"/clients/{client.id}")
    find = page.get_by_role("combobox", name=re.compile("Find a contact"))
    find.fill("Doubted Foma")
    page.get_by_role("option", name="Add as new").click()
    expect(page.get_by_text("seems to be there already").first).to_be_visible()
    assert perform(ann, list_places, client_id=client.id) == []
    find.fill("Doubted Foma ")
    page.get_by_role("option", name="Add all the same").click()
    expect(page.locator("[data-place]")).to_have_count(1)


def test_a_card_is_edited_in_place_and_leads_to_the_company(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    client = cards.client(ann, "Leading Ltd", "company")
    made = make.contact(ann, "Peter Leading", at=client, position="Director", city="Tula")
    page = window("ann")
    page.goto(f"/contacts/{made.id}")
    page.get_by_role("button", name=re.compile("City")).click()
    page.get_by_role("textbox", name="City").fill("Orel")
    page.get_by_role("textbox", name="City").press("Enter")
    expect(page.locator(".timeline del")).to_have_text("Tula")
    page.get_by_role("button", name=re.compile("Phones")).click()
    page.get_by_role("textbox", name="Phones").fill("nothing")
    page.get_by_role("textbox", name="Phones").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="nothing")).to_be_visible()
    page.locator("[data-place]").get_by_role("link", name="Leading Ltd").click()
    page.wait_for_url(f"**/clients/{client.id}")
    expect(page.locator("[data-place]")).to_contain_text("Leading Peter")


def test_a_list_is_narrowed_exported_and_removed_with_a_way_back(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    client = cards.client(ann, "Many Ltd", "company")
    for name in ("Abel Manyfold", "Boris Manyfold", "Clim Manyfold"):
        make.contact(ann, name, at=client, city="Tula" if name < "C" else "Orel")
    page = window("ann")
    page.goto("/contacts?q=manyfold")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.goto('/contacts?q=manyfold&filter={"all":[{"field":"city","op":"contains","value":"Tula"}]}')
    expect(page.locator("[data-row]")).to_have_count(2)
    href = page.get_by_role("link", name="Export to Excel").get_attribute("href") or ""
    sheet = openpyxl.load_workbook(io.BytesIO(page.request.get(href).body())).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Manyfold", "Manyfold"]
    assert sheet["D2"].value == "Many Ltd"
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("[data-row]")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-row]")).to_have_count(2)


def test_a_contact_is_found_from_anywhere_and_another_department_finds_nothing(
    window: Window, company: Database
) -> None:
    made = make.contact(people.actor("bob"), "Zinaida Secretova")
    page = window("bob")
    page.goto("/deals")
    expect(page.get_by_role("heading", name="Deals")).to_be_visible()  # before, nobody listens to keys
    page.keyboard.press("Control+K")
    page.get_by_role("dialog").get_by_role("combobox").fill("secretova")
    page.get_by_role("option", name=re.compile("Secretova")).click()
    page.wait_for_url(f"**/contacts/{made.id}")
    stranger = window("ann")
    stranger.goto(f"/contacts/{made.id}")
    expect(stranger.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(stranger.get_by_text("Secretova")).to_have_count(0)


BOOK = """BEGIN:VCARD
VERSION:3.0
N:Bookworm;Imported;;;
ORG:Vector Imports Ltd
TITLE:Reader
TEL;TYPE=CELL:+7 962 815-40-77
EMAIL:bookworm@flows.example
END:VCARD
BEGIN:VCARD
VERSION:4.0
N:Spoilt;Second;;;
TEL:no number
END:VCARD
"""


def test_an_address_book_goes_in_at_the_clients_a_bad_row_is_mended_and_all_is_taken_back(
    window: Window, company: Database
) -> None:
    ann = people.actor("ann")
    client = cards.client(ann, "Vector Imports Ltd", "company")
    page = window("ann")
    page.goto("/contacts")
    page.goto("/contacts/import")
    file = {"name": "book.vcf", "mimeType": "text/vcard", "buffer": BOOK.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.wait_for_url(re.compile(r"/contacts/import\?id=\d+"))
    expect(page.get_by_role("combobox", name="Organization Name")).to_have_value("employer")
    page.get_by_role("button", name="Check without importing").click()
    expect(page.get_by_text("Checked", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("row", name="Spoilt Second").get_by_role("button", name="Mend").click()
    phone = page.get_by_role("dialog").get_by_role("textbox", name="Phone 1 - Value")
    expect(phone).to_have_value("no number")
    phone.fill("+7 962 815-40-78")
    page.get_by_role("button", name="Check and save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=60_000)
    (place,) = perform(ann, list_places, client_id=client.id)
    assert (place.contact, place.position) == ("Bookworm Imported", "Reader")
    page.goto("/contacts?q=9628154078")
    expect(page.get_by_text("Spoilt Second")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Taken back").click()
    expect(page.get_by_role("table", name="Outcome").get_by_role("row")).to_have_count(3)
    assert perform(ann, list_places, client_id=client.id) == []
