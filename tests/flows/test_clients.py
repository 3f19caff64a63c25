"""Clients in the browser: a list, a card, a real file in and back out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from crm_app.clients.queries import list_clients, see_client
from crm_app.core.door import perform
from tests import make, people
from tests.flows.conftest import Database

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "clients-4940.xlsx"
Window = Callable[..., Page]
PASTE_TOO_MUCH = """area => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", "Name\\tCity\\n".repeat(300000));
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def rows(page: Page) -> list[str]:
    """Names in the list, as they stand."""
    return page.locator("[data-row] a").all_inner_texts()


def test_a_list_is_narrowed_down_sorted_and_kept_in_the_address(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    for name, city in (("ООО «Вектор»", "Tula"), ("ООО «Заря»", "Gzhatsk"), ("ООО «Ока»", "Tula")):
        make.client(ann, name, "company", city=city)
    page = window("ann")
    page.goto("/clients?q=ооо")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.get_by_role("searchbox").first.fill("tula ооо")  # other tests have clients in Tula too
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"q=tula"))
    page.reload()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.goto("/clients?q=ооо&sort=-name")
    expect(page.locator("[data-row]").first).to_contain_text("Ока")
    page.goto('/clients?filter={"all":[{"field":"city","op":"contains","value":"Gzhatsk"}]}')
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("Заря")


def test_a_client_is_added_and_a_second_copy_is_shown_first(window: Window, company: Database) -> None:
    make.client(people.actor("ann"), "Vector Ltd", "company")
    page = window("ann")
    page.goto("/clients?new=1")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("VECTOR, ltd")
    expect(dialog.get_by_role("link", name="Vector Ltd")).to_be_visible()
    dialog.get_by_label("Phones").fill("no number at all")
    dialog.get_by_role("button", name="Add client").click()
    expect(dialog.get_by_text("no number at all")).to_be_visible()
    dialog.get_by_label("Phones").fill("8 915 123-45-67")
    dialog.get_by_role("button", name="Add client").click()
    expect(dialog.get_by_text("seems to be there already")).to_be_visible()
    dialog.get_by_label("Add all the same").check()
    dialog.get_by_role("button", name="Add client").click()
    page.wait_for_url(re.compile(r"/clients/\d+"))
    expect(page.get_by_text("+7 915 123-45-67")).to_be_visible()


def test_a_client_written_in_one_line_is_shown_taken_apart_and_added(window: Window, company: Database) -> None:
    make.client(people.actor("ann"), "One Line Ltd", "company", emails=["line@one.example"])
    page = window("ann")
    page.goto("/clients?new=1")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("In one line").fill("Second Line Ltd, 8 915 765-43-21, line@one.example, call at noon")
    expect(dialog.get_by_text("+7 915 765-43-21")).to_be_visible()
    expect(dialog.get_by_text("call at noon", exact=True)).to_be_visible()
    expect(dialog.get_by_label("City")).to_have_count(0)
    expect(dialog.get_by_role("link", name="One Line Ltd")).to_be_visible()
    dialog.get_by_label("In one line").press("Enter")
    expect(dialog.get_by_text("seems to be there already")).to_be_visible()
    dialog.get_by_label("Add all the same").check()
    dialog.get_by_role("button", name="Add it like this").click()
    page.wait_for_url(re.compile(r"/clients/\d+"))
    expect(page.get_by_text("Second Line Ltd").first).to_be_visible()
    expect(page.get_by_text("call at noon")).to_be_visible()


def test_a_card_is_edited_in_place_and_its_timeline_tells(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    client = make.client(ann, "Vector Whole Ltd", "company", city="Tula")
    page, other = window("ann"), window("olga")
    for each in (page, other):
        each.goto(f"/clients/{client.id}")
        expect(each.get_by_text("Tula").first).to_be_visible()
    page.get_by_role("button", name=re.compile("City")).click()
    page.get_by_role("textbox", name="City").fill("Orel")
    page.get_by_role("textbox", name="City").press("Enter")
    expect(page.locator(".timeline del")).to_have_text("Tula")
    expect(page.locator(".timeline ins")).to_have_text("Orel")
    expect(other.locator(".timeline ins")).to_have_text("Orel")  # without a reload
    page.get_by_role("button", name=re.compile("INN")).click()
    page.get_by_role("textbox", name="INN").fill("7707083890")
    page.get_by_role("textbox", name="INN").press("Enter")
    expect(page.get_by_text("control digit").or_(page.get_by_text("checksum"))).to_be_visible()
    assert perform(ann, see_client, client_id=client.id).inn == ""


def test_an_activity_is_offered_from_okved_and_may_be_ones_own(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    client = make.client(ann, "Okved Choice Ltd", "company")
    page = window("ann")
    page.goto(f"/clients/{client.id}")
    page.get_by_role("button", name=re.compile("^Activity")).click()
    box = page.get_by_role("combobox", name="Activity")
    box.fill("оптовая станки")
    offer = page.get_by_role("option").first
    expect(offer).to_have_text("46.62 Торговля оптовая станками")
    box.press("ArrowDown")
    box.press("Enter")
    shown = page.get_by_role("button", name=re.compile("^Activity"))
    expect(shown).to_have_text("46.62 Торговля оптовая станками")
    expect(page.locator(".timeline ins")).to_have_text("46.62 Торговля оптовая станками")
    shown.click()
    box.fill("Machines of all kinds")
    box.press("Enter")
    expect(page.locator(".timeline ins").first).to_have_text("Machines of all kinds")
    expect(shown).to_have_text("Machines of all kinds")


def test_another_department_finds_nothing(window: Window, company: Database) -> None:
    client = make.client(people.actor("bob"), "Secret Ltd", "company")
    page = window("ann")
    page.goto(f"/clients/{client.id}")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.get_by_text("Secret")).to_have_count(0)


def test_a_real_file_goes_in_says_what_is_wrong_and_comes_back_out(window: Window, company: Database) -> None:
    page = window("adam")
    page.goto("/clients/import")
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.wait_for_url(re.compile(r"id=\d+"))
    expect(page.get_by_role("combobox", name="Название")).to_have_value("name")
    page.get_by_role("button", name="Check without importing").click()
    expect(page.get_by_text("Checked", exact=True)).to_be_visible(timeout=120_000)
    assert perform(people.actor("adam"), list_clients, q="фадеев").rows == []
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("4,710")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text(re.compile("[a-z]{4}"))
    page.get_by_role("tab", name="With remarks").click()
    expect(page.get_by_role("row", name="HYPERLINK")).to_have_count(1)
    expect(page.get_by_role("table", name="Outcome")).to_be_hidden()
    page.get_by_text("Row by row").click()
    expect(page.get_by_role("table", name="Outcome").get_by_role("row")).to_have_count(51)
    report = page.request.get(page.get_by_role("link", name="Download the report").get_attribute("href") or "")
    assert report.ok and report.body().startswith(b"PK"), report.text()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible(timeout=120_000)


def test_an_import_changes_a_known_client_a_bad_row_is_mended_and_all_is_taken_back(
    window: Window, company: Database
) -> None:
    client = make.client(people.actor("ann"), "Mendable Ltd", "company", inn="7707083893", city="Tula")
    page = window("ann")
    page.goto("/clients/import")
    news = "Name;INN;Phone;City\nMendable Ltd;7707083893;;Perm\nSpoilt Ltd;;no number;Perm\n"
    file = {"name": "news.csv", "mimeType": "text/csv", "buffer": news.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.wait_for_url(re.compile(r"id=\d+"))
    page.get_by_label("What to do").select_option("both")
    page.get_by_label("Look up by").select_option("inn")
    page.get_by_text("Default values of new ones").click()
    page.get_by_label("Industry").fill("Felling")
    page.get_by_role("button", name="Check without importing").click()
    expect(page.get_by_text("Checked", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("row", name="Spoilt Ltd").get_by_role("button", name="Mend").click()
    phone = page.get_by_role("dialog").get_by_role("textbox", name="Phone")
    expect(phone).to_have_value("no number")
    phone.fill("+7 962 815-40-29")
    page.get_by_role("button", name="Check and save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("No such rows")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Changed").click()
    expect(page.get_by_role("link", name="Mendable Ltd")).to_be_visible()
    assert perform(people.actor("ann"), see_client, client_id=client.id).city == "Perm"
    (added,) = perform(people.actor("ann"), list_clients, q="9628154029").rows
    assert perform(people.actor("ann"), see_client, client_id=added.id).activity == "Felling"
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Taken back").click()
    expect(page.get_by_role("table", name="Outcome").get_by_role("row")).to_have_count(3)
    assert perform(people.actor("ann"), see_client, client_id=client.id).city == "Tula"
    assert perform(people.actor("ann"), list_clients, q="9628154029").rows == []
    page.get_by_role("link", name="Another file").click()
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text("Columns and settings are as last time for such a file")).to_be_visible()
    expect(page.get_by_label("Look up by")).to_have_value("inn")


def test_clients_are_filtered_by_revenue_as_people_count_it(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    for name, revenue in (("Revenue Small Ltd", "999999.99"), ("Revenue Large Ltd", "1000000")):
        make.client(ann, name, "company", revenue=revenue)
    page = window("ann")
    page.goto("/clients?q=Revenue")
    expect(page.get_by_text("Revenue Small Ltd")).to_be_visible()
    page.get_by_role("button", name="+ Filter").click()
    page.get_by_role("combobox", name="Field").select_option("revenue")
    page.get_by_role("spinbutton", name="Value").fill("1000000")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".filter-chip")).to_contain_text("₽1,000,000")
    expect(page.get_by_text("Revenue Small Ltd")).to_have_count(0)
    expect(page.get_by_text("Revenue Large Ltd")).to_be_visible()


def test_pasted_rows_go_the_way_of_a_file_and_stay_where_they_are_refused(window: Window, company: Database) -> None:
    page = window("ann")
    page.goto("/clients/import")
    area = page.get_by_role("textbox", name="Rows from a spreadsheet")
    go_on = page.get_by_role("button", name="Continue")
    go_on.click()
    expect(page.get_by_text("Paste rows with the headings")).to_be_visible()
    area.evaluate(PASTE_TOO_MUCH)
    expect(page.get_by_text("At most 2 MB of text can be pasted")).to_be_visible()
    expect(area).to_have_value("")
    rows_ = 'Name\tPhone\tNote\nPasted Ltd\t+7 962 815-42-17\t"one\ntwo; three"\n'
    area.fill(rows_)
    page.context.set_offline(True)
    go_on.click()
    expect(page.get_by_text("It could not be sent, try again")).to_be_visible()
    expect(area).to_have_value(rows_)
    page.context.set_offline(False)
    go_on.click()
    page.wait_for_url(re.compile(r"/clients/import\?id=\d+"))
    expect(page.get_by_role("combobox", name="Phone", exact=True)).to_have_value("phones")
    page.get_by_role("button", name="Check without importing").click()
    expect(page.get_by_text("Checked", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=60_000)
    (added,) = perform(people.actor("ann"), list_clients, q="9628154217").rows
    assert perform(people.actor("ann"), see_client, client_id=added.id).note == "one\ntwo; three"
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible(timeout=60_000)
    assert perform(people.actor("ann"), list_clients, q="9628154217").rows == []


def test_a_file_of_headings_alone_says_that_nothing_is_in_it(window: Window, company: Database) -> None:
    page = window("ann")
    page.goto("/clients/import")
    page.get_by_role("textbox", name="Rows from a spreadsheet").fill("Name;Phone\n;\n")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile(r"/clients/import\?id=\d+"))
    page.get_by_role("button", name="Check without importing").click()
    expect(page.get_by_text("There are no rows with data in the file")).to_be_visible(timeout=60_000)
