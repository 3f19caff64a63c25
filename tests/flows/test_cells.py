"""Cells of lists edited where they stand: by double click and by keys, refused in words, told apart, never by touch."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from crm_app.access.actions.roles import set_field_right
from crm_app.access.models import Role
from crm_app.cards.actions.columns import reset_columns, set_columns
from crm_app.cards.actions.fields import remove_field, write_fields
from crm_app.cards.columns import Place
from crm_app.clients.actions.cards import change_client
from crm_app.clients.queries import see_client
from crm_app.contacts.queries import see_contact
from crm_app.core.actor import SYSTEM
from crm_app.core.db import Database
from crm_app.core.door import Tx, perform, query
from crm_app.deals.queries.cards import see_deal
from crm_app.leads.queries.cards import see_lead
from tests import make, people
from tests.cards.fields import field
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.flows.conftest import until
from tests.flows.test_every_page import check_access
from tests.leads import make as leads

Window = Callable[..., Page]


def cell(page: Page, card_id: int | None, key: str) -> Locator:
    return page.locator(f"[data-row='{card_id}'] [data-key='{key}']")


def test_a_cell_opens_by_double_click_and_is_saved_by_enter_or_by_leaving_it(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    made = make.client(ann, "Cellular One", "company", city="Tver")
    page = window("ann", viewport={"width": 1900, "height": 900})
    page.goto("/clients?q=cellular+one")
    cell(page, made.id, "city").dblclick()
    field = page.get_by_role("textbox", name="City")
    expect(field).to_have_value("Tver")
    check_access(page)
    field.fill("Orel")
    field.press("Enter")
    expect(cell(page, made.id, "city")).to_have_text("Orel")
    assert perform(ann, see_client, client_id=made.id).city == "Orel"
    assert "q=cellular" in page.url  # the first of the two clicks has opened no card

    cell(page, made.id, "status").dblclick()
    page.get_by_role("combobox", name="Status").select_option(label="Regular")
    page.get_by_role("searchbox").first.click()  # leaves it
    until(lambda: perform(ann, see_client, client_id=made.id).status == "regular")
    cell(page, made.id, "city").dblclick()
    field.fill("Nowhere")
    field.press("Escape")
    expect(field).to_have_count(0)
    assert perform(ann, see_client, client_id=made.id).city == "Orel"

    cell(page, made.id, "phone").dblclick()
    page.get_by_role("textbox", name="Phones").fill("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("phone")  # why not, in words
    page.keyboard.press("Escape")
    cell(page, made.id, "city").click()
    page.wait_for_url(f"**/clients/{made.id}")  # one click opens the card, as ever


def test_cells_are_chosen_and_edited_by_keys(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    one, two = (contacts.contact(ann, f"Cellova {name}") for name in ("Anna", "Berta"))
    page = window("ann", viewport={"width": 1900, "height": 900})
    page.goto("/contacts?q=cellova")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("grid").focus()
    keys = [page.locator(f"[data-row='{one.id}'] [data-key]").nth(n).get_attribute("data-key") for n in range(9)]
    for _ in range(keys.index("city") + 1):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(cell(page, two.id, "city")).to_have_attribute("data-cell", "true")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="City")
    field.fill("Kazan")
    page.keyboard.press("Enter")
    expect(cell(page, two.id, "city")).to_have_text("Kazan")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F2")
    expect(field).to_be_visible()
    field.fill("Perm")
    page.keyboard.press("Enter")
    until(lambda: perform(ann, see_contact, contact_id=one.id).city == "Perm")
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/contacts/{one.id}")


def test_what_another_wrote_meanwhile_is_shown_and_the_person_chooses(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    made = make.client(ann, "Contested Cell", city="Tver")
    page = window("ann", viewport={"width": 1900, "height": 900})
    page.goto("/clients?q=contested+cell")
    for choice, kept in (("Leave it", "Theirs 1"), ("Write mine", "Mine 2")):
        number = kept[-1]
        cell(page, made.id, "city").dblclick()
        field = page.get_by_role("textbox", name="City")
        field.fill(f"Mine {number}")
        perform(ann, change_client, client_id=made.id, values={"city": f"Theirs {number}"})
        field.press("Enter")
        told = page.get_by_role("alert")
        expect(told).to_contain_text(f"Theirs {number}")
        expect(told).to_contain_text(f"Mine {number}")
        told.get_by_role("button", name=choice).click()
        expect(told).to_have_count(0)
        until(lambda kept=kept: perform(ann, see_client, client_id=made.id).city == kept)
    cell(page, made.id, "city").dblclick()
    page.get_by_role("textbox", name="City").fill("Mine 3")
    perform(ann, change_client, client_id=made.id, values={"note": "Of another field"})
    page.keyboard.press("Enter")
    until(lambda: perform(ann, see_client, client_id=made.id).city == "Mine 3")  # another field is no conflict


def test_stages_of_deals_and_fields_of_leads_pass_the_rules_of_their_cards(window: Window, company: Database) -> None:
    ann, way = people.actor("ann"), deals.pipeline("services")
    second = deals.stage(way, 1)
    deals.ask_for(second.id, "amount")
    made = deals.deal(ann, way, name="Cell of a deal")
    page = window("ann", viewport={"width": 1900, "height": 900})
    page.goto("/deals/list?q=cell+of+a+deal")
    cell(page, made.id, "stage").dblclick()
    page.get_by_role("combobox", name="Stage").select_option(label=second.name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("amount")
    page.keyboard.press("Escape")
    cell(page, made.id, "amount").dblclick()
    page.get_by_role("textbox", name="Amount").fill("1200")
    page.keyboard.press("Enter")
    expect(cell(page, made.id, "amount")).to_contain_text("1,200")
    cell(page, made.id, "stage").dblclick()
    page.get_by_role("combobox", name="Stage").select_option(label=second.name)
    page.keyboard.press("Enter")
    expect(cell(page, made.id, "stage")).to_have_text(second.name)
    seen = perform(ann, see_deal, deal_id=made.id).deal
    assert (seen.amount, seen.stage_id) == (120_000, second.id)

    lead = leads.lead(ann, "Cell of a lead", leads.way(people.actor("adam"), locale="en").id)
    page.goto("/leads?q=cell+of+a+lead")
    cell(page, lead.id, "source").dblclick()
    page.get_by_role("textbox", name="Source").fill("Radio")
    page.keyboard.press("Enter")
    until(lambda: perform(ann, see_lead, lead_id=lead.id).source == "Radio")


def test_a_client_long_words_and_several_options_have_cells(window: Window, company: Database) -> None:
    ann, adam = people.actor("ann"), people.actor("adam")
    one, two = (make.client(ann, f"Roomy {name}") for name in ("Onega", "Twoega"))
    deal = deals.deal(ann, deals.pipeline("services"), name="Roomy deal", client_id=one.id)
    page = window("ann", viewport={"width": 1900, "height": 900})
    page.goto("/deals/list?q=roomy+deal")
    cell(page, deal.id, "client").dblclick(position={"x": 4, "y": 4})
    field_ = page.get_by_role("combobox", name="Client")
    expect(field_).to_have_value("Roomy Onega")
    field_.fill("Roomy Two")
    page.get_by_role("option", name="Roomy Twoega").click()
    expect(cell(page, deal.id, "client")).to_contain_text("Roomy Twoega")
    assert perform(ann, see_deal, deal_id=deal.id).deal.client_id == two.id

    tints, size = field("choices", "Roomtints"), field(name="Roomsize")
    try:
        columns: list[Place] = [
            {"key": key, "width": 200} for key in ("name", "note", f"fields.{tints.key}", f"fields.{size.key}")
        ]
        perform(ann, set_columns, card="client", columns=columns)
        page.goto("/clients?q=roomy+onega")
        cell(page, one.id, "note").dblclick()
        page.get_by_role("textbox", name="Note").fill("Two lines\nof words")
        page.keyboard.press("Control+Enter")
        until(lambda: perform(ann, see_client, client_id=one.id).note == "Two lines\nof words")
        own = lambda: perform(ann, see_client, client_id=one.id).fields  # noqa: E731
        expect(cell(page, one.id, "note")).to_contain_text("Two lines")

        page.get_by_role("grid").focus()  # the cell that is chosen by keys stays the one that was edited
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.get_by_role("group", name="Roomtints")).to_be_visible()
        check_access(page)
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        until(lambda: len(own().get(tints.key, [])) == 1)

        cell(page, one.id, f"fields.{size.key}").dblclick()
        page.get_by_role("textbox", name="Roomsize").fill("mine")
        perform(adam, write_fields, card="client", card_id=one.id, fields={size.key: "theirs"})
        page.keyboard.press("Enter")
        told = page.get_by_role("alert")
        for which, words in (("began", "blank"), ("now", "theirs"), ("mine", "mine")):
            expect(told.locator(f"[data-which='{which}'] dd")).to_have_text(words)
        told.get_by_role("button", name="Write mine").click()
        until(lambda: own().get(size.key) == "mine")
    finally:
        perform(ann, reset_columns, card="client")
        for each in (tints, size):
            perform(adam, remove_field, field_id=each.id)


def test_what_may_only_be_read_does_not_open_nor_does_a_tap(window: Window, company: Database) -> None:
    ann, olga, adam = people.actor("ann"), people.actor("olga"), people.actor("adam")
    hers, mine = make.client(olga, "Closed Cell of Olga", city="Tver"), make.client(ann, "Closed Cell of Ann", city="A")
    role = perform(SYSTEM, role_of, key="manager")
    perform(adam, set_field_right, role_id=role, card="client", field="status", level="read")
    try:
        page = window("ann", viewport={"width": 1900, "height": 900})
        page.goto("/clients?q=closed+cell")
        expect(cell(page, mine.id, "city")).to_have_attribute("data-edits", "true")
        assert cell(page, mine.id, "status").get_attribute("data-edits") is None
        cell(page, hers.id, "city").dblclick()
        expect(page.get_by_role("alert")).to_be_visible()  # not hers to change, in words
        page.keyboard.press("Escape")
    finally:
        perform(adam, set_field_right, role_id=role, card="client", field="status", level="write")
    tablet = window("ann", viewport={"width": 1200, "height": 800}, has_touch=True)
    tablet.goto("/clients?q=closed+cell+of+ann")
    cell(tablet, mine.id, "type").tap()
    tablet.wait_for_url(f"**/clients/{mine.id}")


@query("test.role")
def role_of(tx: Tx, key: str) -> int:
    """The id of a role."""
    from sqlalchemy import select

    return int(tx.scalar(select(Role.id).where(Role.key == key)))
