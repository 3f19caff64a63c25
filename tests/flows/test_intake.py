"""Leads come in by themselves: a form is made, a stranger sends it without a script, and a lead stands on the board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect
from sqlmodel import select

from crm_app.cards.actions.fields import remove_field
from crm_app.cards.models import CustomField
from crm_app.core import clock
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.jobs import JobRow
from crm_app.leads.actions.lateness import LATE
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import list_leads, see_lead
from tests import people
from tests.cards.fields import field
from tests.flows.conftest import Window, until
from tests.leads import make
from tests.work import work_off, working

SPILLS = "Math.ceil(document.querySelector('.pop:popover-open').getBoundingClientRect().right) - innerWidth"
PHONE = {"width": 390, "height": 844}


def send_as_stranger(browser: Browser, origin: str, address: str) -> None:
    """Somebody without scripts mistypes the phone, is told so, loses nothing, and sends the form."""
    stranger = browser.new_context(
        java_script_enabled=False, viewport=PHONE, locale="ru-RU", color_scheme="dark", base_url=origin
    )
    try:
        public = stranger.new_page()
        public.goto(f"{address}?utm_campaign=autumn")
        public.get_by_label("Ваше имя").fill("Пётр <Ли>")
        public.get_by_label("Компания").fill("Вектор")
        public.get_by_label("Телефон").fill("8 495")
        public.get_by_label("I agree").check()
        public.wait_for_timeout(2_100)  # nobody fills in a form faster
        public.get_by_role("button", name="Отправить").click()
        expect(public.get_by_text("не столько цифр, сколько бывает")).to_be_visible()
        expect(public.get_by_label("Ваше имя")).to_have_value("Пётр <Ли>")
        expect(public.get_by_label("I agree")).to_be_checked()
        assert public.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        public.get_by_label("Телефон").fill("8 495 123-45-67")
        public.get_by_role("button", name="Отправить").click()
        expect(public.get_by_text("Спасибо!")).to_be_visible()
    finally:
        stranger.close()


@pytest.fixture
def colours(company: Database) -> Iterator[CustomField]:
    """A field of leads that does not stay to be asked for in other tests."""
    made = field("choices", "Colours of the pump", card="lead", name_en="Colours of the pump")
    yield made
    perform(people.actor("adam"), remove_field, field_id=made.id)


def test_a_form_asks_for_fields_of_the_companys_own(
    window: Window, browser: Browser, origin: str, colours: CustomField
) -> None:
    make.way(people.actor("adam"), locale="en")
    page = window("olga")
    page.goto("/settings/forms")
    page.get_by_role("button", name="Add a form").click()
    dialog = page.get_by_role("dialog", name="Add a form")
    dialog.get_by_label("Name for colleagues").fill("Coloured pumps")
    dialog.get_by_label("Colours of the pump").select_option("required")
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name=re.compile("Coloured pumps"))
    row.get_by_role("button", name="Put it on a site").click()
    codes = page.get_by_role("dialog", name="Put it on a site")
    address = codes.get_by_label("Link").input_value()
    assert "Colours of the pump" in codes.get_by_label("HTML without a script").input_value()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Change").click()
    expect(page.get_by_role("dialog").get_by_label("Colours of the pump")).to_have_value("required")

    stranger = browser.new_context(java_script_enabled=False, locale="en-GB", base_url=origin)
    public = stranger.new_page()
    public.goto(address)
    public.get_by_label("Your name").fill("Colourful Ann")
    public.get_by_label("Phone").fill("8 495 123-45-68")
    public.wait_for_timeout(2_100)  # nobody fills in a form faster
    public.get_by_role("button", name="Send").click()
    expect(public.get_by_role("group").get_by_text("Please fill this in")).to_be_visible()
    public.get_by_label("Red").check()
    public.get_by_label("Blue").check()
    public.get_by_role("button", name="Send").click()
    expect(public.get_by_text("Thank you")).to_be_visible()
    stranger.close()
    (made,) = [each for each in perform(people.actor("adam"), list_leads).rows if each.name == "Colourful Ann"]
    card = perform(people.actor("adam"), see_lead, lead_id=made.id)
    assert card.fields == {colours.key: ["krasnyy", "siniy"]}


def test_a_form_is_made_and_a_stranger_without_scripts_sends_it(
    window: Window, browser: Browser, origin: str, company: Database
) -> None:
    way = make.way(people.actor("adam"), locale="en")
    page = window("olga")
    page.goto("/settings/forms")
    page.get_by_role("button", name="Add a form").click()
    dialog = page.get_by_role("dialog", name="Add a form")
    dialog.get_by_label("Name for colleagues").fill("Pumps of the site")
    dialog.get_by_label("Heading of the page").fill("Ask about pumps")
    dialog.get_by_label("Pipeline").select_option(str(way.id))
    dialog.get_by_label("Company").select_option("required")
    dialog.get_by_label("Consent", exact=True).fill("I agree")
    dialog.get_by_label("Or go on to an address").fill("not an address")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("This is not an address of a page")).to_be_visible()
    dialog.get_by_label("Or go on to an address").fill("")
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name=re.compile("Pumps of the site"))
    expect(row).to_contain_text("Open")
    row.get_by_role("button", name="Put it on a site").click()
    codes = page.get_by_role("dialog", name="Put it on a site")
    address = codes.get_by_label("Link").input_value()
    assert 'name="organisation"' in codes.get_by_label("HTML without a script").input_value()
    page.keyboard.press("Escape")

    send_as_stranger(browser, origin, address)
    expect(row).to_contain_text("1")
    (made,) = [each for each in perform(people.actor("adam"), list_leads).rows if each.organisation == "Вектор"]
    card = perform(people.actor("adam"), see_lead, lead_id=made.id)
    assert (card.person, card.utm_campaign, card.via) == ("Пётр <Ли>", "autumn", "form")

    page.goto(address)
    expect(page.get_by_role("heading", name="Ask about pumps")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert not Axe().run(page).response["violations"]


@pytest.fixture
def bore(company: Database) -> Iterator[CustomField]:
    """Another of them."""
    made = field("text", "Bore of the pump", card="lead", name_en="Bore of the pump")
    yield made
    perform(people.actor("adam"), remove_field, field_id=made.id)


def ask(dialog: Locator, name: str, ticked: str = "", typed: str = "") -> None:
    """Add a condition."""
    dialog.get_by_role("button", name="+ Filter").click()
    editor = dialog.get_by_role("dialog", name="Filter")
    editor.get_by_label("Field").select_option(name)
    if ticked:
        editor.get_by_label(ticked, exact=True).check()
    if typed:
        editor.get_by_label("Value").fill(typed)
    editor.get_by_role("button", name="Apply").click()
    expect(editor).to_have_count(0)


def test_a_lead_of_nobodys_goes_by_a_rule_or_is_taken(window: Window, bore: CustomField) -> None:
    adam, way = people.actor("adam"), make.way(people.actor("adam"), locale="en")
    page = window("adam")
    page.goto("/settings/distribution")
    page.get_by_role("button", name="Add a rule").click()
    dialog = page.get_by_role("dialog", name="Add a rule")
    dialog.get_by_label("Rule").fill("Radio to Ann")
    ask(dialog, "channel", ticked="Chat")
    ask(dialog, f"fields.{bore.key}", typed="DN 50")
    dialog.get_by_label("When it came").select_option("in")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Choose at least one employee")).to_be_visible()
    dialog.get_by_label(people.actor("ann").name, exact=True).check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("Radio to Ann"))).to_contain_text("DN 50")

    own = {"fields": {bore.key: "DN 50"}}
    make.lead(adam, "By rule", way.id, responsible_id=None, channel="chat", **own)
    make.lead(adam, "By no rule", way.id, responsible_id=None, channel="chat", fields={bore.key: "DN 80"})
    work_off()
    (given,) = [row for row in perform(people.actor("ann"), list_leads).rows if row.name == "By rule"]
    mine = window("ann")
    mine.goto(f"/leads/{given.id}")
    expect(
        mine.get_by_text(f"By the rule “Radio to Ann” it was the turn of: {people.actor('ann').name}")
    ).to_be_visible()

    expect(mine.get_by_text("The rule then:")).to_contain_text("DN 50")
    row = page.get_by_role("row", name=re.compile("Radio to Ann"))
    row.get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog", name="Change the rule")
    expect(dialog.get_by_label("When it came")).to_have_value("in")
    dialog.get_by_role("button", name="All conditions").click()
    sheet = page.get_by_role("dialog", name="All conditions")
    expect(sheet).to_contain_text("Bore of the pump")
    sheet.get_by_role("button", name="Apply").click()
    expect(sheet).to_have_count(0)
    dialog.get_by_role("button", name="Remove condition: Bore of the pump").click()
    dialog.get_by_role("button", name="Save").click()
    expect(row).not_to_contain_text("DN 50")
    mine.reload()
    expect(mine.get_by_text("The rule then:")).to_contain_text("DN 50")  # what it said stays said
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)

    mine.goto("/leads/pool")
    make.lead(adam, "Nobody fits this", way.id, responsible_id=None, phones=["+74950000077"])
    work_off()
    row = mine.get_by_role("row", name=re.compile("Nobody fits this"))
    row.get_by_role("button", name="Take").click()
    expect(row).to_have_count(0)
    assert [each.name for each in perform(people.actor("ann"), list_leads).rows].count("Nobody fits this") == 1


def test_the_bell_tells_of_a_late_touch_and_leads_to_the_lead(window: Window, company: Database) -> None:
    way = make.way(people.actor("adam"), locale="en", touch_minutes=60)
    made = make.lead(people.actor("ann"), "Waits too long", way.id)
    work_off()
    with company.session(writes=True) as session:  # as if it had come an hour ago
        lead = session.get_one(Lead, made.id)
        lead.touch_due_at = clock.now() - timedelta(hours=1)
        job = session.exec(select(JobRow).where(JobRow.key == f"{LATE}:{made.id}")).one()
        job.run_at = lead.touch_due_at
        session.commit()
    page = window("ann")
    page.goto("/contacts")
    with working():
        expect(page.locator(".bell-count")).to_be_visible()
    page.locator("button", has=page.locator(".bell-count")).click()
    told = page.get_by_role("link", name=re.compile("Waits too long"))
    expect(told).to_be_visible()
    until(lambda: page.evaluate(SPILLS) <= 0)  # what has come late makes the box wider
    told.click()
    page.wait_for_url(f"**/leads/{made.id}")
    expect(page.get_by_role("heading", name="Waits too long")).to_be_visible()
