"""Leads in the browser: one is added, touched, dragged, disqualified for a reason, taken back, and found in a list."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
from playwright.sync_api import Locator, Page, expect

from crm_app.cards.actions.comments import add_comment
from crm_app.clients.import_queries import list_imports
from crm_app.core.door import perform
from crm_app.deals.queries.cards import see_deal
from crm_app.leads.queries.cards import list_leads, see_lead
from crm_app.leads.queries.converting import see_conversion
from crm_app.tasks.queries import list_tasks
from tests import make as cards
from tests import people
from tests.contacts.make import contact
from tests.deals import make as deals
from tests.flows.conftest import Database, until
from tests.flows.test_every_page import check_access
from tests.leads import make

Window = Callable[..., Page]


def tile(page: Page, lead_id: int | None) -> Locator:
    return page.locator(f"[data-lead='{lead_id}']")


def test_a_lead_goes_from_the_form_to_its_first_touch_and_another_sees_it_move(
    window: Window, company: Database
) -> None:
    ann, way = people.actor("ann"), make.way(people.actor("adam"), locale="en")
    make.lead(ann, "Asked before", way.id, phones=["+79151230000"])
    page, other = window("ann"), window("olga")
    other.goto(f"/leads/board?pipeline={way.id}")
    page.goto(f"/leads/board?pipeline={way.id}")
    page.get_by_role("button", name="New lead").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Phones").fill("8 915 123-00-00")
    expect(dialog.get_by_role("link", name="Asked before")).to_be_visible()
    dialog.get_by_label("Phones").fill("8 915 123-00-01")
    dialog.get_by_label("Organisation").fill("Vector of Leads")
    dialog.get_by_label("Interest").fill("Twenty pumps")
    dialog.get_by_label("Source").fill("Site")
    dialog.get_by_role("button", name="Add the lead").click()
    expect(page.get_by_role("heading", name="Vector of Leads")).to_be_visible()
    (made,) = [row for row in perform(ann, list_leads).rows if row.name == "Vector of Leads"]
    assert (made.source, made.touch) == ("site", "waiting")
    expect(tile(other, made.id)).to_contain_text("Awaits a touch")  # without a reload

    page.get_by_label("What is to be done").fill("Call them")
    page.get_by_label("What is to be done").press("Enter")
    expect(page.get_by_role("link", name="Call them")).to_be_visible()
    page.get_by_role("button", name="Note the first touch").click()
    expect(page.locator("[data-touch]")).to_contain_text("Touched in time")
    page.locator(f"[data-step='{way.stages[1].id}']").click()
    expect(page.locator(".timeline")).to_contain_text("New → Contacted")
    expect(other.locator(f"[data-stage='{way.stages[1].id}']").locator(f"[data-lead='{made.id}']")).to_be_visible()


def test_a_lead_is_disqualified_on_the_board_with_its_reason_and_taken_back(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), make.way(people.actor("adam"), locale="en")
    first = make.lead(ann, "Asked in vain", way.id)
    page, other = window("ann"), window("olga")
    other.goto(f"/leads/board?pipeline={way.id}")
    expect(tile(other, first.id)).to_be_visible()
    page.goto(f"/leads/board?pipeline={way.id}")
    tile(page, first.id).focus()
    page.keyboard.press("m")
    page.get_by_role("menuitem", name=re.compile("Disqualified")).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Reason").fill("No budget")
    sheet.get_by_role("button", name="Disqualify").click()
    expect(tile(page, first.id)).to_have_count(0)
    expect(tile(other, first.id)).to_have_count(0)
    assert perform(ann, see_lead, lead_id=first.id).disqualified_reason == "No budget"
    page.goto(f"/leads/{first.id}")
    expect(page.get_by_text("Reason: No budget")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("No budget")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="Disqualify")).to_be_visible()
    expect(tile(other, first.id)).to_be_visible()


def test_a_lead_is_exported_and_goes_to_the_bin_and_back(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), make.way(people.actor("adam"), locale="en")
    make.lead(ann, "Quasar of Leads", way.id, interest="Twenty pumps")
    page = window("ann")
    page.goto("/leads?q=quasar of leads")
    expect(page.locator("[data-row]")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export to Excel").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active.values)
    assert [row[0] for row in rows[1:]] == ["Quasar of Leads"] and "Twenty pumps" in rows[1]
    page.locator("[data-row]").get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("[data-row]")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-row]")).to_have_count(1)


def test_a_lead_is_converted_on_its_card_and_from_the_board(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), make.way(people.actor("adam"), locale="en")
    sales = deals.pipeline()
    known = cards.client(ann, "Mars of Leads", "company")
    said = {"person": "Lukin Prov", "source": "site", "utm_campaign": "autumn", "interest": "Thirty pumps"}
    first = make.lead(ann, "Asked to buy", way.id, organisation="Mars of Leads", phones=["+79153330000"], **said)
    second = make.lead(ann, "Asked on the board", way.id, organisation="Venus of Leads")
    perform(ann, add_comment, card="lead", card_id=first.id, body="Wants them in May")

    page = window("ann")
    page.goto(f"/leads/{first.id}")
    page.get_by_role("button", name="Convert").click()
    sheet = page.get_by_role("dialog", name="Convert the lead")
    expect(sheet.get_by_label("Client", exact=True)).to_have_value(str(known.id))
    expect(sheet.get_by_label("Contact’s name")).to_have_value("Lukin Prov")
    expect(sheet.get_by_label("Deal’s name")).to_have_value("Thirty pumps")
    check_access(page)
    sheet.get_by_label("Pipeline").select_option(str(sales.id))
    sheet.get_by_label("Amount").fill("1250000")
    sheet.get_by_role("button", name="Convert").click()
    became = page.locator("section").filter(has=page.get_by_role("heading", name="Converted into"))
    expect(became.get_by_role("link", name="Prov Lukin")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("became the deal “Thirty pumps”")
    expect(page.get_by_role("button", name="Disqualify")).to_have_count(0)

    became.get_by_role("link", name="Thirty pumps").click()
    expect(page.locator(".comment-text")).to_have_text(["Wants them in May"])
    origin = page.locator("section").filter(has=page.get_by_role("heading", name="From a lead"))
    expect(origin).to_contain_text("Site · autumn")
    made = perform(ann, see_conversion, lead_id=first.id)
    perform(ann, add_comment, card="deal", card_id=made[2].id, body="Has begun")
    origin.get_by_role("link", name="Asked to buy").click()
    page.get_by_role("button", name="Take the conversion back").click()
    expect(page.get_by_text("what was changed since stays: Deal")).to_be_visible()
    expect(page.get_by_role("button", name="Disqualify")).to_be_visible()
    expect(page.locator(".comment-text")).to_have_text(["Wants them in May"])

    page.goto(f"/leads/board?pipeline={way.id}")
    tile(page, second.id).focus()
    page.keyboard.press("m")
    page.get_by_role("menuitem", name=re.compile("Qualified")).click()
    expect(sheet.get_by_label("Client’s name")).to_have_value("Venus of Leads")
    sheet.get_by_label("INN").fill("1")
    sheet.get_by_label("Deal", exact=True).select_option("")
    sheet.get_by_role("button", name="Convert").click()
    expect(sheet.get_by_role("alert").filter(has_text="INN")).to_be_visible()
    sheet.get_by_label("INN").fill("7707083893")
    sheet.get_by_role("button", name="Convert").click()
    told = page.locator(".toast").filter(has_text="The lead is converted: new client “Venus of Leads”")
    told.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    assert perform(ann, see_conversion, lead_id=second.id) == []


def test_a_lead_becomes_cards_that_nobody_had_proposed(window: Window, company: Database) -> None:
    ann, olga, way = people.actor("ann"), people.actor("olga"), make.way(people.actor("adam"), locale="en")
    sales = deals.pipeline()
    known = cards.client(olga, "Phobos of Leads", "company")
    deal = deals.deal(olga, sales, name="Pumps for Phobos", client_id=known.id)
    person = contact(olga, "Found Wanted")
    lead = make.lead(olga, "Asked by a stranger", way.id, person="Quite Another")

    page = window("olga")
    page.goto(f"/leads/{lead.id}")
    page.get_by_role("button", name="Who sees this, and why").click()
    viewers = page.get_by_role("dialog", name="Who sees this, and why")
    expect(viewers.get_by_role("listitem").first).to_contain_text("responsible")
    page.keyboard.press("Escape")
    expect(viewers).to_be_hidden()
    page.get_by_role("button", name="Convert").click()
    sheet = page.get_by_role("dialog", name="Convert the lead")
    sheet.get_by_label("Client", exact=True).select_option("other")
    sheet.get_by_label("Contact", exact=True).select_option("other")
    sheet.get_by_role("button", name="Convert").click()
    expect(sheet.get_by_role("alert").filter(has_text="Find the card and choose it")).to_have_count(2)
    sheet.get_by_label("Find the client").fill("phobos of")
    sheet.get_by_role("option", name="Phobos of Leads").click()
    sheet.get_by_label("Find the contact").fill("wanted")
    sheet.get_by_role("option", name="Wanted").click()
    check_access(page)
    sheet.get_by_label("Deal", exact=True).select_option(str(deal.id))
    expect(sheet.get_by_label("Responsible for new cards")).to_have_count(0)
    sheet.get_by_label("Deal", exact=True).select_option("new")
    sheet.get_by_label("Pipeline").select_option(str(sales.id))
    sheet.get_by_label("Responsible for new cards").select_option(str(ann.id))
    sheet.get_by_label("Deal’s name").fill("Sold to Phobos")
    sheet.get_by_role("button", name="Convert").click()
    told = page.get_by_text(re.compile("contact “.*Wanted.*”, client “Phobos of Leads”, new deal “Sold to Phobos”"))
    expect(told).to_be_visible()
    contact_, client, made = perform(olga, see_conversion, lead_id=lead.id)
    assert (contact_.id, client.id) == (person.id, known.id) and made.id != deal.id
    assert perform(olga, see_deal, deal_id=made.id).deal.responsible_id == ann.id
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    assert perform(olga, see_conversion, lead_id=lead.id) == []


def test_leads_of_a_file_go_in_by_the_rules_and_are_taken_back(window: Window, company: Database) -> None:
    page, adam = window("adam"), people.actor("adam")
    make.way(adam, locale="en")
    way = make.way(adam, locale="en", name="Fair of leads")
    page.goto("/leads")
    page.get_by_role("link", name="Import of leads").click()
    text = "Lead;Phone;Source\nImported enquiry;+7 962 815-41-11;Exhibition\n"
    file = {"name": "leads.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.wait_for_url(re.compile(r"/leads/import\?id=\d+"))
    page.get_by_label("Responsible where a row names nobody").select_option("")
    page.get_by_label("Pipeline", exact=False).select_option(str(way.id))
    until(lambda: perform(adam, list_imports, limit=1, card="lead")[0].options.get("pipeline_id") == way.id)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=60_000)
    page.goto("/leads?q=9628154111")
    expect(page.get_by_text("Imported enquiry")).to_be_visible()
    (row,) = perform(adam, list_leads, q="9628154111").rows
    assert perform(adam, see_lead, lead_id=row.id).pipeline_id == way.id
    page.go_back()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible(timeout=60_000)


def test_many_leads_are_moved_from_the_list_and_taken_back(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), make.way(people.actor("adam"), locale="en", order_rule="strict")
    near = [make.lead(ann, f"Moved as one {n}", way.id) for n in range(2)]
    make.lead(ann, "Moved as one, elsewhere", make.way(people.actor("adam"), locale="en").id)
    page = window("ann")
    page.goto("/leads?q=moved+as+one")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.get_by_role("checkbox").first.click()
    page.get_by_role("toolbar").get_by_role("button", name="To a stage").click()
    page.get_by_label("Stage", exact=True).last.select_option(value=str(way.stages[1].id))
    page.get_by_role("button", name="Move", exact=True).click()
    told = page.get_by_role("status", name="Left at their stage")
    expect(told.get_by_role("link", name="Moved as one, elsewhere")).to_be_visible()
    for lead in near:
        assert perform(ann, see_lead, lead_id=lead.id).stage == way.stages[1].name
    page.get_by_role("button", name="Undo").click()
    until(lambda: all(perform(ann, see_lead, lead_id=lead.id).stage == way.stages[0].name for lead in near))
    told.get_by_role("button", name="Close").click()
    expect(told).to_have_count(0)


def test_a_task_is_asked_for_each_ticked_lead_and_taken_back(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), make.way(people.actor("adam"), locale="en")
    leads = [make.lead(ann, f"Called as one {n}", way.id) for n in range(2)]
    page = window("ann")
    page.goto("/leads?q=called+as+one")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("checkbox").first.click()
    page.get_by_role("toolbar").get_by_role("button", name="Task", exact=True).click()
    page.get_by_label("Title").last.fill("Call back")
    page.get_by_role("button", name="Ask for it").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.goto(f"/leads/{leads[0].id}")
    expect(page.get_by_role("link", name="Call back: Called as one 0")).to_be_visible()
    page.goto("/bulk")
    row = page.get_by_role("row").filter(has_text="Task “Call back”").first
    row.get_by_role("button", name="Undo").click()
    until(lambda: perform(ann, list_tasks, card="lead", card_id=leads[0].id).total == 0)
    page.goto(f"/leads/{leads[0].id}")
    expect(page.get_by_role("heading", name="Called as one 0")).to_be_visible()
    expect(page.get_by_role("link", name="Call back: Called as one 0")).to_have_count(0)
