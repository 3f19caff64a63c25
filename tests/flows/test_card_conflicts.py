"""One field of one card edited in two windows: nothing that was typed is lost, whatever kind of field it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.cards.actions.fields import remove_field
from crm_app.clients.actions.cards import change_client
from crm_app.clients.queries import see_client
from crm_app.contacts.queries import see_contact
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.queries.cards import see_deal
from crm_app.leads.queries.cards import see_lead
from crm_app.tasks.queries import see_task
from tests import make, people
from tests.cards.fields import field
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.flows.conftest import Window, until
from tests.flows.test_every_page import check_access
from tests.leads import make as leads


def begin(page: Page, label: str) -> Locator:
    """Open a field that is edited in place."""
    page.get_by_role("button", name=re.compile(f"^{re.escape(label)}: ")).click()
    return page.get_by_label(label, exact=True)


def put(page: Page, label: str, value: str) -> None:
    """Type a value, or choose one, and save it by leaving the field."""
    spot = begin(page, label)
    if spot.evaluate("(node) => node.tagName") == "SELECT":
        spot.select_option(label=value)
    else:
        spot.fill(value)
    spot.press("Control+Enter")


def shown(page: Page, label: str, value: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{re.escape(label)}: {re.escape(value)}"))


def two(window: Window, path: str) -> tuple[Page, Page]:
    """The same card in the windows of two people."""
    pages = window("ann"), window("adam")
    for page in pages:
        page.goto(path)
    return pages


@pytest.mark.parametrize(
    ("label", "first", "mine", "theirs"),
    [
        ("City", "Tver", "Orel", "Perm"),
        ("Status", "Current", "Regular", "Potential"),
        ("Revenue", "1000", "2500.50", "3000"),
        ("Birthday", "1990-01-02", "1991-02-03", "1992-03-04"),
        ("Note", "First line\nand more", "My long words\nin two lines", "Their long words"),
    ],
)
def test_each_sees_what_it_was_what_the_other_wrote_and_their_own(
    window: Window, company: Database, label: str, first: str, mine: str, theirs: str
) -> None:
    made = make.client(people.actor("ann"), f"Two of them {label}", "person")
    page, other = two(window, f"/clients/{made.id}")
    for choice, kept in (("Leave it", theirs), ("Write mine", mine)):
        put(page, label, first)
        until(lambda: same(now_of(made.id, label), first))
        for each in (page, other):
            each.reload()
            expect(each.get_by_role("list", name="History").locator("li").first).to_be_visible()
        spot = begin(page, label)
        if label == "Status":
            spot.select_option(label=mine)
        else:
            spot.fill(mine)
        put(other, label, theirs)
        until(lambda: same(now_of(made.id, label), theirs))
        expect(spot).to_be_visible()  # what comes in from the other does not touch what is being typed
        spot.press("Control+Enter")
        told = page.get_by_role("alert")
        expect(told).to_contain_text("Somebody changed this field")
        words = [told.locator(f"[data-which='{which}'] dd").inner_text() for which in ("began", "now", "mine")]
        assert len(set(words)) == 3 and "blank" not in words
        check_access(page)
        told.get_by_role("button", name=choice).click()
        expect(told).to_have_count(0)
        until(lambda kept=kept: same(now_of(made.id, label), kept))


FIELDS = {"City": "city", "Status": "status", "Revenue": "revenue", "Birthday": "birthday", "Note": "note"}


def now_of(client_id: int | None, label: str) -> str:
    """What the database holds."""
    value = getattr(perform(people.actor("ann"), see_client, client_id=client_id), FIELDS[label])
    return str((value or 0) / 100) if label == "Revenue" else str(value)


def same(stored: str, typed: str) -> bool:
    if stored.replace(".", "").isdigit() and typed.replace(".", "").isdigit():
        return float(stored) == float(typed)
    return stored.casefold() == typed.casefold()


def test_lists_of_numbers_may_be_written_both_and_ones_own_is_copied(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    made = make.client(ann, "Two of them with phones", phones=["+7 912 000-71-01"])
    page, other = two(window, f"/clients/{made.id}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    spot = begin(page, "Phones")
    spot.fill("+79120007101, +79120007102")
    put(other, "Phones", "+79120007101, +79120007103")
    until(lambda: len(perform(ann, see_client, client_id=made.id).phones) == 2)
    spot.press("Enter")
    told = page.get_by_role("alert")
    told.get_by_role("button", name="Copy mine").click()
    expect(told.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "+79120007101, +79120007102"
    told.get_by_role("button", name="Write both").click()
    numbers = {"+79120007101", "+79120007102", "+79120007103"}
    until(lambda: set(perform(ann, see_client, client_id=made.id).phones) == numbers)

    spot = begin(page, "E-mail")
    spot.fill("mine@two.example")
    put(other, "E-mail", "theirs@two.example")
    until(lambda: perform(ann, see_client, client_id=made.id).emails == ["theirs@two.example"])
    spot.press("Enter")
    told.get_by_role("button", name="Write both").click()
    until(lambda: len(perform(ann, see_client, client_id=made.id).emails) == 2)


def test_another_field_is_no_conflict_and_two_quick_values_of_ones_own_are_none(
    window: Window, company: Database
) -> None:
    ann = people.actor("ann")
    made = make.client(ann, "Quick hands", city="Tver", phones=["+7 912 000-71-11"])
    page = window("ann")
    page.goto(f"/clients/{made.id}")
    spot = begin(page, "City")
    spot.fill("Orel")
    perform(ann, change_client, client_id=made.id, values={"note": "of another field"})
    spot.press("Enter")
    begin(page, "City").fill("Perm")
    page.keyboard.press("Enter")
    until(lambda: perform(ann, see_client, client_id=made.id).city == "Perm")
    put(page, "Phones", "8 912 000-71-12")  # is stored otherwise than it is typed
    put(page, "Phones", "8 912 000-71-13")
    until(lambda: perform(ann, see_client, client_id=made.id).phones == ["+79120007113"])
    expect(page.get_by_role("alert")).to_have_count(0)

    put(page, "Phones", "12")
    expect(page.get_by_role("alert")).to_contain_text("phone")
    expect(begin(page, "Phones")).to_have_value("12")  # what was refused can be mended
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_contacts_leads_deals_and_tasks_keep_what_both_typed(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    contact = contacts.contact(ann, "Twofold Anna", city="Tver")
    lead = leads.lead(ann, "Twofold lead", leads.way(people.actor("adam"), locale="en").id, city="Tver")
    deal = deals.deal(ann, deals.pipeline("services"), name="Twofold deal")
    task = make.task(ann, "Twofold task")
    cases = (
        (f"/contacts/{contact.id}", "City", lambda: perform(ann, see_contact, contact_id=contact.id).city),
        (f"/leads/{lead.id}", "City", lambda: perform(ann, see_lead, lead_id=lead.id).city),
        (f"/deals/{deal.id}", "Delivery", lambda: perform(ann, see_deal, deal_id=deal.id).deal.delivery),
        (f"/tasks/{task.id}", "Title", lambda: perform(ann, see_task, task_id=task.id).row.title),
    )
    for path, label, stands in cases:
        page, other = two(window, path)
        spot = begin(page, label)
        spot.fill("Words of mine")
        put(other, label, "Words of theirs")
        until(lambda stands=stands: stands() == "Words of theirs")
        spot.press("Enter")
        told = page.get_by_role("alert")
        expect(told.locator("[data-which='now'] dd")).to_have_text("Words of theirs")
        told.get_by_role("button", name="Write mine").click()
        until(lambda stands=stands: stands() == "Words of mine")
        page.close()
        other.close()


def test_the_client_of_a_deal_and_the_figure_of_an_item_are_told_apart(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    one, two_, three = (make.client(ann, f"Sided {name}") for name in ("Onesimus", "Twosimus", "Threesimus"))
    deal = deals.deal(ann, deals.pipeline("services"), name="Sided deal", client_id=one.id)
    page, other = two(window, f"/deals/{deal.id}")

    def look(where: Page, words: str) -> None:
        where.get_by_role("button", name=re.compile("^Client: ")).click()
        where.get_by_role("combobox", name="Client").fill(words)
        expect(where.get_by_role("option", name=words)).to_be_visible()

    look(page, "Sided Twosimus")
    look(other, "Sided Threesimus")
    other.keyboard.press("Enter")
    until(lambda: perform(ann, see_deal, deal_id=deal.id).deal.client_id == three.id)
    page.keyboard.press("Enter")
    told = page.get_by_role("alert")
    for which, name in (("began", "Onesimus"), ("now", "Threesimus"), ("mine", "Twosimus")):
        expect(told.locator(f"[data-which='{which}'] dd")).to_have_text(f"Sided {name}")
    told.get_by_role("button", name="Write mine").click()
    until(lambda: perform(ann, see_deal, deal_id=deal.id).deal.client_id == two_.id)


def test_own_fields_of_the_company_are_kept_alike_on_cards(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    size, colours = field(name="Sidedness"), field("choices", "Sidetints")
    try:
        made = make.client(ann, "Sided by own fields")
        page, other = two(window, f"/clients/{made.id}")
        spot = begin(page, "Sidedness")
        spot.fill("mine")
        put(other, "Sidedness", "theirs")
        own = lambda: perform(ann, see_client, client_id=made.id).fields  # noqa: E731
        until(lambda: own().get(size.key) == "theirs")
        spot.press("Enter")
        told = page.get_by_role("alert")
        expect(told.locator("[data-which='began'] dd")).to_have_text("blank")
        told.get_by_role("button", name="Write mine").click()
        until(lambda: own().get(size.key) == "mine")

        for each in (page, other):
            each.get_by_role("button", name="Sidetints").click()
        page.get_by_role("checkbox", name="Red").click()
        other.get_by_role("checkbox", name="Blue").click()
        until(lambda: len(own().get(colours.key, [])) == 2)
    finally:
        for each in (size, colours):
            perform(people.actor("adam"), remove_field, field_id=each.id)


def test_a_reloaded_page_says_nothing_of_a_value_that_is_gone(window: Window, company: Database) -> None:
    card = make.client(people.actor("ann"), "Reloads after a refusal", phones=["+79161234598"])
    page = window("ann")
    page.goto(f"/clients/{card.id}")
    put(page, "Phones", "12")
    expect(page.get_by_role("alert")).to_contain_text("phone")
    page.reload()
    expect(page.get_by_role("list", name="History")).to_contain_text("Client added")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(begin(page, "Phones")).to_have_value("+79161234598")
