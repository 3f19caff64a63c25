"""The administrator gives clients fields of the company's own; who works with clients finds them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from crm_app.cards.actions.fields import remove_field
from crm_app.cards.models import CustomField
from crm_app.clients.queries import see_client
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.pipelines.queries import PipelineRow
from tests import make, people
from tests.cards.fields import field
from tests.deals.make import pipeline
from tests.flows.conftest import Window
from tests.leads import make as leads


def test_a_field_is_defined_and_filled_in(window: Window) -> None:
    settings = window("adam", viewport={"width": 1440, "height": 900})
    settings.goto("/settings/fields")
    settings.get_by_role("button", name="New field").first.click()
    form = settings.get_by_role("dialog")
    form.get_by_label("Kind", exact=True).select_option("choice")
    form.get_by_label("Name in Russian").fill("Colour")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert").filter(has_text="At least one option")).to_be_visible()
    form.get_by_label("New options").fill("Red\nBlue")
    form.get_by_role("button", name="Save").click()
    row = settings.get_by_role("row").filter(has_text="Colour")
    expect(row).to_contain_text("Red, Blue")

    ann = people.actor("ann")
    client = make.client(ann, "Painted Ltd", "company")
    page = window("ann", viewport={"width": 1440, "height": 900})
    page.goto(f"/clients/{client.id}")
    page.get_by_role("button", name=re.compile("^Colour: ")).click()
    page.get_by_label("Colour").select_option(label="Blue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Colour: Blue"))).to_be_visible()
    expect(page.locator("body")).to_contain_text("Colour — → Blue")
    assert perform(ann, see_client, client_id=client.id).fields["colour"] == "blue"

    page.goto("/clients")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Field", exact=True).select_option(label="Colour")
    page.get_by_label("Blue").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="Painted Ltd")).to_be_visible()


SLOW_LINE = """window.WebSocket = class extends WebSocket {
  set onopen(heed) {
    super.onopen = (event) => setTimeout(() => heed(event), 1500);
  }
}"""
"""A line that takes its time: whoever presses at once does so before the server has told what is on the page."""


def test_a_press_that_is_faster_than_the_page_is_not_lost(window: Window) -> None:
    page = window("adam")
    page.add_init_script(SLOW_LINE)
    page.goto("/settings/fields?card=deal")
    page.get_by_role("button", name="New field").first.click()
    form = page.get_by_role("dialog")
    form.get_by_label("Required").select_option("stage")
    page.wait_for_timeout(500)
    expect(form).to_be_visible()


def test_a_form_that_is_left_open_is_closed_when_one_comes_back(window: Window) -> None:
    page = window("adam", viewport={"width": 1440, "height": 900})
    page.goto("/settings/fields")
    page.locator("nav a[href='/clients']").first.click()
    page.wait_for_url("**/clients")
    page.go_back()
    page.get_by_role("button", name="New field").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("button", name="Filter")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="New field").first).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.fixture
def required(company: Database) -> Iterator[CustomField]:
    """A field that is asked for when a client is added; it does not stay to be asked for in other tests."""
    made = field("number", "Area", required="creation")
    yield made
    perform(people.actor("adam"), remove_field, field_id=made.id)


def test_what_is_required_is_asked_for_when_a_client_is_added(window: Window, required: CustomField) -> None:
    page = window("ann", viewport={"width": 1440, "height": 900})
    page.goto("/clients?new=1")
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("Horizon of fields")
    form.get_by_role("button", name="Add client").click()
    expect(form.get_by_role("alert").filter(has_text="Area")).to_be_visible()
    form.get_by_label("Area").fill("12.5")
    form.get_by_role("button", name="Add client").click()
    expect(page.get_by_role("button", name=re.compile("^Area: 12.5"))).to_be_visible()


@pytest.fixture
def of_leads_and_contacts(company: Database) -> Iterator[None]:
    """A field that is asked for when a contact is added, and one of leads; neither stays for other tests."""
    made = [field("number", "Shoe size", card="contact", required="creation"), field(name="Budget year", card="lead")]
    yield
    for each in made:
        perform(people.actor("adam"), remove_field, field_id=each.id)


def test_contacts_and_leads_have_fields_of_their_own(window: Window, of_leads_and_contacts: None) -> None:
    adam, ann = people.actor("adam"), people.actor("ann")
    page = window("ann", viewport={"width": 1440, "height": 900})
    page.goto("/contacts?new=1")
    form = page.get_by_role("dialog")
    form.get_by_label("Last name").fill("Footman")
    form.get_by_role("button", name="Add contact").click()
    expect(form.get_by_role("alert").filter(has_text="Shoe size")).to_be_visible()
    form.get_by_label("Shoe size").fill("43")
    form.get_by_role("button", name="Add contact").click()
    expect(page.get_by_role("button", name=re.compile("^Shoe size: 43"))).to_be_visible()

    ways = [leads.way(adam, "en", name=name) for name in ("Fields at home", "Fields abroad")]
    lead = leads.lead(ann, "Pumps with a budget", pipeline_id=ways[0].id)
    page.goto(f"/leads/{lead.id}")
    page.get_by_role("button", name=re.compile("^Budget year: ")).click()
    page.get_by_label("Budget year").fill("2027")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("Budget year — → 2027")

    settings = window("adam", viewport={"width": 1440, "height": 900})
    settings.goto("/settings/fields?card=lead")
    row = settings.get_by_role("row").filter(has_text="Budget year")
    row.get_by_role("button", name="Change").click()
    form = settings.get_by_role("dialog")
    form.get_by_label("Fields abroad").check()
    form.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Fields abroad")
    expect(page.get_by_role("button", name=re.compile("^Budget year: "))).to_have_count(0)


@pytest.fixture
def of_deals(company: Database) -> Iterator[PipelineRow]:
    """A pipeline whose deals have a field that is asked for when one is added."""
    way = pipeline()
    made = field("number", "Pallets", card="deal", required="creation", pipelines=[way.id])
    yield way
    perform(people.actor("adam"), remove_field, field_id=made.id)


def test_a_new_deal_is_asked_what_its_pipeline_wants(window: Window, of_deals: PipelineRow) -> None:
    page = window("ann", viewport={"width": 1440, "height": 900})
    page.goto(f"/deals?pipeline={of_deals.id}&new=1")
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("Forty pallets of tiles")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert").filter(has_text="Pallets")).to_be_visible()
    form.get_by_label("Pallets").fill("40")
    form.get_by_role("button", name="Add").click()
    expect(form).to_be_hidden()
    page.get_by_text("Forty pallets of tiles").click()
    expect(page.get_by_role("button", name=re.compile("^Pallets: 40"))).to_be_visible()
