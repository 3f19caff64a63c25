"""A mailing to contacts, from ticked rows of their list to the letters; and to leads that match theirs."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.mailings.queries.checks import check_mailing
from crm_app.mailings.queries.lists import list_mailings, see_mailing
from tests import people
from tests.contacts.make import contact
from tests.flows.conftest import Window
from tests.integrations.channels.email.servers import ScriptedServer
from tests.leads import make as leads
from tests.mailings import kit


def number_in(page: Page) -> int:
    """The mailing whose page is open."""
    page.wait_for_url(re.compile(r"/mailings/\d+/?\?step=what"))
    return int(page.url.split("?")[0].rstrip("/").rpartition("/")[2])


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Steps").get_by_role("button", name=re.compile(name)).click()


def test_ticked_contacts_get_a_letter_and_the_result_leads_to_their_cards(
    window: Window, company: Database, mail_server: ScriptedServer
) -> None:
    mail_server.script.envelopes.clear()
    mail_server.script.recipients = {}
    ann = people.actor("ann")
    first = contact(ann, "Anna Mailkindova", emails=["anna@mailkinds.example"])
    second = contact(ann, "Boris Mailkindov", emails=["boris@mailkinds.example"])
    contact(ann, "Unticked Mailkindov", emails=["unticked@mailkinds.example"])
    kit.sender()
    page = window("mary", viewport={"width": 1440, "height": 900})
    page.goto("/contacts?q=mailkindov")
    for name in (first.name, second.name):
        page.locator("[data-row]", has_text=name).locator("input.tickbox").click()
    page.get_by_role("toolbar").get_by_role("link", name="Mailing").click()
    expect(page.get_by_text("2 ticked contacts")).to_be_visible()
    page.get_by_label("Name").fill("Letters to contacts")
    page.get_by_role("button", name="Go on").click()
    number_in(page)

    page.get_by_label("Sender").select_option(label="Завод <news@demo.example>")
    page.get_by_label("Subject").fill("{{first_name|Friend}}, a word")
    editor = page.get_by_role("textbox", name="Text")
    editor.click()
    editor.press_sequentially("Dear {{name|friend}}, look at our machines.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("As a recipient").select_option(label=first.name)
    expect(page.get_by_text("Anna, a word")).to_be_visible()
    expect(page.frame_locator("iframe").locator("body")).to_contain_text(f"Dear {first.name}")

    step(page, "Check")
    page.get_by_role("button", name="Start the mailing").click()
    page.get_by_role("button", name="Send 2 letters").click()
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=30_000)
    assert sorted(e.rcpt_tos[0] for e in mail_server.script.envelopes if "mailkinds" in e.rcpt_tos[0]) == [
        "anna@mailkinds.example", "boris@mailkinds.example",
    ]  # fmt: skip
    page.get_by_role("link", name=first.name).click()
    page.wait_for_url(re.compile(rf"/contacts/{first.id}\b"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(first.name)


def test_all_leads_that_match_and_then_a_saved_group_of_contacts(window: Window, company: Database) -> None:
    ann, mary = people.actor("ann"), people.actor("mary")
    way = leads.way(people.actor("adam"), locale="en").id
    for n in range(3):
        leads.lead(ann, f"Mailkindlead {n}", way, emails=[f"lead{n}@mailkinds.example"], city="Tver")
    leads.lead(ann, "Mailkindlead elsewhere", way, emails=["elsewhere@mailkinds.example"], city="Omsk")
    page = window("mary", viewport={"width": 1440, "height": 900})
    page.goto('/leads?q=mailkindlead&filter={"all":[{"field":"city","op":"contains","value":"Tver"}]}')
    expect(page.locator("[data-row]")).to_have_count(3)
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("toolbar").get_by_role("link", name="Mailing").click()
    expect(page.get_by_text("3 leads that match the list")).to_be_visible()
    page.get_by_label("Name").fill("Letters to leads")
    page.get_by_role("button", name="Go on").click()
    mailing_id = number_in(page)
    assert perform(mary, check_mailing, mailing_id=mailing_id).figures.to_send == 3

    step(page, "To whom")
    kinds = page.get_by_role("combobox", name="Recipients")
    expect(kinds).to_have_value("lead")
    expect(page.get_by_role("status").filter(has_text="get the letter")).to_contain_text("3")
    kinds.select_option(label="Contacts")
    expect(page.get_by_role("button", name="All contacts")).to_be_visible()
    expect(page.get_by_role("button", name="All contacts")).to_have_attribute("aria-pressed", "false")
    assert perform(mary, see_mailing, mailing_id=mailing_id).filter is None, "what was chosen of leads counts no more"
    page.get_by_role("combobox", name="Saved filters").select_option(label="Work nowhere")
    expect(page.locator(".filter-chip")).to_be_visible()
    expect(page.get_by_role("combobox", name="Saved filters")).not_to_have_value("")
    view = perform(mary, see_mailing, mailing_id=mailing_id)
    assert (view.card, view.filter) == ("contact", {"all": [{"field": "client", "op": "empty", "value": True}]})


def test_an_address_that_names_two_kinds_of_card_makes_a_mailing_to_nobody(window: Window, company: Database) -> None:
    page = window("mary")
    page.goto("/mailings/new?contacts=1&audience={}")
    page.get_by_label("Name").fill("Twofold whom")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Twofold whom")
    mary = people.actor("mary")
    (row,) = perform(mary, list_mailings, q="twofold").rows
    view = perform(mary, see_mailing, mailing_id=row.id)
    assert (view.card_ids, view.filter) == ([], None)
