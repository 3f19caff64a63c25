"""Every page that exists, as the person it belongs to: in both themes, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from crm_app import features
from crm_app.access.actions.sessions import open_session
from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.field_rules import KINDS as FIELD_KINDS
from crm_app.clients.actions.cards import remove_client
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.i18n import LOCALES, catalogue
from crm_app.deals.actions.items import add_item
from crm_app.duplicates.actions.pairs import look_for_pairs
from crm_app.mailings.actions.suppressions import suppress_address
from crm_app.pipelines.actions.arranging import change_pipeline
from crm_app.portal.actions.access import invite_guest
from tests import make, people
from tests.application import running
from tests.cards.fields import field as own_field
from tests.contacts import make as contacts
from tests.deals import make as deals
from tests.flows.keyboard import check_keyboard
from tests.intake.make import form as lead_form
from tests.intake.make import rule as lead_rule
from tests.leads import make as leads
from tests.mailings import kit
from tests.scenarios import make as scenarios
from tests.work import work_off

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
FAMILIES = {key.partition(".")[0] for locale in LOCALES for key in catalogue(locale)}
KEY = re.compile(rf"(?<![\w.@/-])(?:{'|'.join(sorted(FAMILIES))})\.[a-z_]+(?![\w@/])")
LEFT_OVER = re.compile(r"\bundefined\b|\bNone\b|\bNaN\b|\[object |\bnull\b|\{\{?\w+")


@dataclass(frozen=True)
class Visit:
    """Whose page it is, where it is for one real card, and what stands there only when its data have come."""

    person: str
    address: str
    sees: str


VISITS = {
    "/": Visit("ann", "/", "Clients"),
    "/login": Visit("", "/login", "Log in"),
    "/contacts": Visit("ann", "/contacts", "Every Page Ltd"),
    "/contacts/[contact_id]": Visit("ann", "/contacts/{contact}", "Every Page Ltd"),
    "/contacts/import": Visit("ann", "/contacts/import", "Download a template"),
    "/bin": Visit("ann", "/bin", "Gone from every page"),
    "/bulk": Visit("ann", "/bulk", "Tag “every page”"),
    "/deals/approvals": Visit("ann", "/deals/approvals", "Approvals"),
    "/leads": Visit("ann", "/leads", "Lead of every page"),
    "/leads/import": Visit("ann", "/leads/import", "Download a template"),
    "/leads/board": Visit("ann", "/leads/board", "Lead of every page"),
    "/leads/[lead_id]": Visit("ann", "/leads/{lead}", "Twenty pumps"),
    "/clients": Visit("ann", "/clients", "Every Page Ltd"),
    "/clients/import": Visit("adam", "/clients/import", "Download a template"),
    "/clients/[client_id]": Visit("ann", "/clients/{client}", "They want a discount"),
    "/duplicates": Visit("ann", "/duplicates", "They differ"),
    "/duplicates/merge": Visit("ann", "/duplicates/merge?card=client&kept={client}&absorbed={twin}", "Every Page Twin"),
    "/deals": Visit("ann", "/deals?pipeline={pipeline}", "Every deal"),
    "/deals/list": Visit("ann", "/deals/list", "Every deal"),
    "/deals/[deal_id]": Visit("ann", "/deals/{deal}", "A lathe"),
    "/tasks": Visit("ann", "/tasks", "Look at every page"),
    "/tasks/[task_id]": Visit("ann", "/tasks/{task}", "Greg of Pages"),
    "/mailings": Visit("mary", "/mailings", "Ноябрь"),
    "/mailings/new": Visit("mary", "/mailings/new", "Go on"),
    "/mailings/suppressions": Visit("mary", "/mailings/suppressions", "never@pages.example"),
    "/mailings/[mailing_id]": Visit("mary", "/mailings/{mailing}", "get the letter"),
    "/pipelines": Visit("adam", "/pipelines", "Every pipeline"),
    "/pipelines/[pipeline_id]": Visit("adam", "/pipelines/{pipeline}", "Version 2"),
    "/settings": Visit("adam", "/settings", "This session"),
    "/settings/employees": Visit("adam", "/settings/employees", "ann@test.example"),
    "/settings/forms": Visit("adam", "/settings/forms", "Form of every page"),
    "/settings/distribution": Visit("adam", "/settings/distribution", "Rule of every page"),
    "/leads/pool": Visit("ann", "/leads/pool", "Pool of every page"),
    "/settings/scenarios": Visit("adam", "/settings/scenarios", "Scenario of every page"),
    "/settings/scenarios/[scenario_id]": Visit("adam", "/settings/scenarios/{scenario}", "Tell Адам"),
    "/settings/links": Visit("adam", "/settings/links", "head office"),
    "/settings/worktime": Visit("adam", "/settings/worktime", "Monday"),
    "/settings/fields": Visit("adam", "/settings/fields", "Field of every page"),
    "/settings/roles": Visit("adam", "/settings/roles", "Move deals between stages"),
    "404": Visit("ann", "/nowhere", "Nothing here"),
    "/portal": Visit("guest", "/portal", "Look at every page"),
    "/portal/tasks/[task_id]": Visit("guest", "/portal/tasks/{task}", "We see it all"),
}
STEPS = {
    f"/mailings step {step}": Visit("mary", "/mailings/{mailing}?step=" + step, sees)
    for step, sees in (("what", "Save"), ("when", "Start"), ("check", "Send a test to myself"), ("result", "Nothing"))
}
OTHERS = {
    "invitation": Visit("", "/portal/join?token={invitation}", "Password once more"),
    "unsubscribing with a broken link": Visit("", "/u/nonsense", ""),
    "a client who is not there": Visit("ann", "/clients/99999999", "Nothing here"),
}
ELSEWHERE = {"/setup", "/settings/parts"}
"""Tried below, and in test_parts.py."""


def routes() -> set[str]:
    """Every route that a feature has a page for."""
    rooms = [f"crm_app.{feature}.screens" for feature in features.MENU]
    return {page.route for room in rooms if find_spec(room) for page in getattr(import_module(room), "PAGES", ())}


def test_every_page_is_visited() -> None:
    assert routes() == VISITS.keys() | ELSEWHERE


@dataclass
class Tour:
    """One window for each person, kept for all their pages."""

    browser: Browser
    origin: str
    ids: dict[str, str]
    accounts: dict[str, str]
    windows: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def go(self, visit: Visit) -> Page:
        """The person's window, at the page."""
        page = self.windows.get(visit.person) or self._open(visit.person)
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.complaints.clear()
        page.goto(visit.address.format(**self.ids))
        if visit.sees:
            expect(page.get_by_text(visit.sees).first).to_be_attached()
        else:
            page.wait_for_load_state("networkidle")
        return page

    def _open(self, person: str) -> Page:
        context = self.browser.new_context(base_url=self.origin, locale="en-GB", viewport=DESK)
        context.set_default_timeout(20_000)
        if person:
            token = perform(SYSTEM, open_session, account=self.accounts[person], address="127.0.0.1", agent="test")
            context.add_cookies([{"name": "crm_session", "value": token, "url": self.origin, "httpOnly": True}])
        page = self.windows[person] = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page


@pytest.fixture(scope="module")
def tour(browser: Browser, origin: str, company: Database) -> Iterator[Tour]:
    """A company in which every page has something to show."""
    ann, mary, guest = (
        people.actor("ann"),
        people.actor("mary"),
        make.guest(people.actor("ann"), "Greg of Pages", "p@p.example"),
    )
    accounts = {name: f"employee:{people.actor(name).id}" for name in ("ann", "mary", "adam")}
    made = Tour(browser, origin, cards(ann, mary, guest), accounts | {"guest": f"guest:{guest.id}"})
    yield made
    for page in made.windows.values():
        page.context.close()


def cards(ann: Actor, mary: Actor, guest: Actor) -> dict[str, str]:
    """One card of each kind, with what a card can have; gives their ids."""
    for kind in FIELD_KINDS:
        own_field(kind, "Field of every page, " + kind.replace("_", " "), formula="1 + 1")
    client = make.client(ann, "Every Page Ltd", "company", phones=["+7 912 345-67-89"], emails=["a@pages.example"])
    contact = contacts.contact(ann, "Pages Peter", at=client, position="Director", phones=["+7 912 345-67-80"])
    twin = make.client(ann, "Every Page Twin", "company", phones=["+7 912 345-67-89"], city="Tula")
    perform(ann, look_for_pairs, card="client")
    work_off()
    leads.way(people.actor("adam"))
    lead_form(adam := people.actor("adam"), "Form of every page")
    lead_rule(adam, "Rule of every page", [ann], conditions={"all": [{"field": "source", "op": "eq", "value": "x"}]})
    leads.lead(adam, "Pool of every page", responsible_id=None)
    tell = scenarios.step("notify", employee=adam.id, text="Look")
    told = scenarios.scenario(adam, "by_hand", tell, name="Scenario of every page")
    way = deals.pipeline()
    perform(people.actor("adam"), change_pipeline, pipeline_id=way.id, values={"name": "Every pipeline"})
    deal = deals.deal(ann, way, name="Every deal", client_id=client.id)
    perform(ann, add_item, deal_id=deal.id, values={"name": "A lathe", "price": 385_000_000})
    task = make.task(ann, "Look at every page", shared_with=guest, about=[{"card": "client", "card_id": client.id}])
    perform(ann, remove_client, client_id=make.client(ann, "Gone from every page").id)
    perform(ann, start_bulk, card="client", operation="tag", arguments={"name": "every page"}, ids=[client.id])
    perform(ann, add_comment, card="client", card_id=client.id, body="They want a discount")
    perform(guest, add_comment, card="task", card_id=task.id, body="We see it all")
    perform(mary, suppress_address, address="never@pages.example", note="asked by phone")
    invited = perform(ann, invite_guest, card_id=make.client(ann, "Ivan Pages").id, login="ivan@pages.example")
    made = {
        "client": client,
        "twin": twin,
        "contact": contact,
        "deal": deal,
        "lead": leads.lead(ann, "Lead of every page", interest="Twenty pumps", phones=["+7 912 345-67-81"]),
        "task": task,
        "mailing": kit.mailing(mary, [client.id or 0]),
        "pipeline": way,
        "scenario": told,
    }
    return {name: str(row.id) for name, row in made.items()} | {"invitation": invited.token}


@pytest.mark.parametrize("name", [*VISITS, *STEPS, *OTHERS])
def test_a_page_is_fit_to_be_seen(tour: Tour, name: str) -> None:
    page = tour.go((VISITS | STEPS | OTHERS)[name])
    check_words(page)
    check_access(page)
    check_keyboard(page)
    if "/u/" not in page.url and "/join" not in page.url:
        check_dark(page)
    page.set_viewport_size(PHONE)
    check_width(page)
    check_access(page)  # as it is on a phone, in the dark where the page knows it
    assert [said for said in tour.complaints if "status of 404" not in said] == []


def test_the_very_first_page_is_fit_to_be_seen(tmp_path: Path, browser: Browser) -> None:
    with running(tmp_path, CRM_WORKER="off") as application:
        context = browser.new_context(base_url=application.address, locale="en-GB", viewport=DESK)
        page = context.new_page()
        page.goto("/")
        expect(page.get_by_label("Company")).to_be_visible()
        check_words(page)
        check_access(page)
        check_dark(page)
        page.set_viewport_size(PHONE)
        check_width(page)
        context.close()


def check_words(page: Page) -> None:
    """No key of a text, and nothing that only a programmer reads."""
    for wrong in (KEY, LEFT_OVER):
        expect(page.locator("body")).not_to_contain_text(wrong, use_inner_text=True)


def _serious(page: Page, asked: dict[str, object]) -> list[dict[str, Any]]:
    found = Axe().run(page, options=asked).response["violations"]
    return [each for each in found if each["impact"] in ("serious", "critical")]


def check_access(page: Page, *rules: str) -> None:
    """Nothing that a screen reader, a keyboard or weak eyes stumble over; by all rules, or by those that are named."""
    asked = {"resultTypes": ["violations"], **({"runOnly": {"type": "rule", "values": rules}} if rules else {})}
    serious = _serious(page, asked)
    if serious:  # a page that was still being put together is looked at once more
        page.wait_for_timeout(1_000)
        serious = _serious(page, asked)
    assert [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in serious] == []


def check_dark(page: Page) -> None:
    """In the dark it is only the colours that differ."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(page.locator("html")).to_have_class("dark")
    page.wait_for_timeout(300)  # colours turn over, and are judged when they have
    check_access(page, "color-contrast")


def check_width(page: Page) -> None:
    """The page is not wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, f"{wider} pixels too wide"
