"""A letter that names a field of the company's own: written with it, seen in the preview, counted where it lacks."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from crm_app.clients.actions.cards import change_client
from crm_app.core.db import Database
from crm_app.core.door import perform
from tests import make, people
from tests.cards.fields import field
from tests.flows.conftest import Window
from tests.mailings import kit


def test_a_letter_names_a_field_of_the_company_s_own(window: Window, company: Database) -> None:
    made = field("money", "Letter discount", currency="RUB", name_en="Letter discount")
    ann = people.actor("ann")
    with_it = make.client(ann, "Anna Discounted", emails=["discounted@merge.example"])
    perform(ann, change_client, client_id=with_it.id, values={"fields": {made.key: 1250}})
    without = make.client(ann, "Boris Plain", emails=["plain@merge.example"])
    kit.sender()
    page = window("mary", viewport={"width": 1440, "height": 900})
    page.goto(f"/mailings/new?clients={with_it.id},{without.id}")
    page.get_by_label("Name").fill("Discounts of our own")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("navigation", name="Steps").get_by_role("button", name=re.compile("What")).click()

    page.get_by_label("Sender").select_option(label="Завод <news@demo.example>")
    page.get_by_label("Subject").fill("{{fields.letter_discount|Good news}} for you")
    editor = page.get_by_role("textbox", name="Text")
    editor.click()
    editor.press_sequentially("Your discount is ")
    page.get_by_role("combobox", name="Insert a field").last.select_option(label="Letter discount")
    expect(editor.locator(".merge", has_text="Letter discount")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    letter = page.frame_locator("iframe").locator("body")
    expect(letter).to_contain_text(re.compile(r"Your discount is RUB.1,250"))
    expect(page.get_by_text(re.compile("^RUB.1,250 for you$"))).to_be_visible()
    page.get_by_label("As a recipient").select_option(label="Boris Plain")
    expect(letter).not_to_contain_text("1,250")
    expect(page.get_by_text("Good news for you")).to_be_visible()

    page.get_by_role("navigation", name="Steps").get_by_role("button", name=re.compile("Check")).click()
    expect(page.get_by_text("1 recipient has no value: Letter discount")).to_be_visible()
    page.goto("/mailings")
    expect(page.get_by_text("[Letter discount] for you")).to_be_visible()
