"""The administrator makes a role and says what it may do: its holder's pages obey, and a card tells who sees it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from crm_app.access.actions.employees import add_employee
from crm_app.access.queries import list_roles
from crm_app.core.db import Database
from crm_app.core.door import perform
from tests import make, people
from tests.flows.conftest import Window


def reach(page: Page, line: str, verb: str, scope: str) -> None:
    row = page.get_by_role("table", name="What may be done with cards").get_by_role("row").filter(has_text=line)
    row.get_by_label(verb, exact=True).select_option(label=scope)


def test_a_role_is_made_and_obeyed_and_a_card_says_who_sees_it(window: Window, company: Database) -> None:
    settings = window("adam", viewport={"width": 1440, "height": 900})
    settings.goto("/settings/roles")
    settings.get_by_role("button", name="New role").click()
    form = settings.get_by_role("dialog")
    form.get_by_label("Name of the role").fill("Buyer of parts")
    form.get_by_label("Rights as those of").select_option(index=2)
    form.get_by_role("button", name="New role").click()
    expect(settings.get_by_role("link", name="Buyer of parts")).to_have_attribute("aria-current", "page")
    settings.get_by_label("Exception for a type…").select_option(label="Supplier")
    reach(settings, "Supplier", "See", "all")
    reach(settings, "Contact", "See", "none")
    settings.get_by_label("City", exact=True).select_option(label="hidden")
    role = next(key for _, key, name, _ in perform(people.actor("adam"), list_roles) if name == "Buyer of parts")
    perform(people.actor("adam"), add_employee, email="zoya@test.example", name="Zoya Buyer", role=role)

    theirs = make.client(people.actor("bob"), "Rights Supplies Ltd", "company", type="supplier", city="Kitezh")
    page = window("zoya", viewport={"width": 1440, "height": 900})
    page.goto(f"/clients/{theirs.id}")
    expect(page.get_by_role("heading", name="Rights Supplies Ltd")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Kitezh")
    expect(page.get_by_role("link", name="Contacts", exact=True)).to_have_count(0)

    card = window("adam", viewport={"width": 1440, "height": 900})
    card.goto(f"/clients/{theirs.id}")
    card.get_by_role("button", name="Who sees this, and why").click()
    sheet = card.get_by_role("dialog")
    expect(sheet.get_by_role("listitem").first).to_contain_text("responsible")
    zoya = sheet.get_by_role("listitem").filter(has_text="Zoya Buyer")
    expect(zoya).to_contain_text("by the exception for the type: Supplier")
    expect(zoya).to_contain_text("Hidden fieldsCity")
    sheet.get_by_role("tab", name="Don't see it").click()
    expect(sheet.get_by_role("listitem").filter(has_text="another's").first).to_be_visible()

    settings.get_by_role("button", name="Drop the exception").click()
    expect(settings.get_by_role("button", name="Drop the exception")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Nothing here")).to_be_visible()
    settings.get_by_role("button", name="Delete the role").click()
    settings.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(settings.get_by_text("1 employee has this role")).to_be_visible()
