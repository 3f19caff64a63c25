"""A mailing from its first word to the last answer, as a marketer sees it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.mailings.queries.checks import check_mailing
from crm_app.mailings.queries.lists import list_mailings
from tests import make, people
from tests.flows.conftest import Window
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings import kit


@pytest.fixture
def mary_at(window: Window, company: Database, mail_server: ScriptedServer) -> Page:
    """Mary's window on a new mailing to four ticked clients: one has no address, one is unknown to the mail server."""
    mail_server.script.envelopes.clear()
    mail_server.script.recipients = {"gone@b.example": "550 5.1.1 No such user here"}
    ann = people.actor("ann")
    ids = [kit.client(ann, "No Address")]
    for name, address in (
        ("Anna Smith", "anna@a.example"),
        ("Gone Bob", "gone@b.example"),
        ("Leo Stone", "leo@c.example"),
    ):
        ids.append(kit.client(ann, name, address))
    kit.sender()
    page = window("mary")
    page.goto(f"/mailings/new?clients={','.join(map(str, ids))}")
    return page


def test_a_mailing_is_written_checked_sent_and_its_answers_are_read(mary_at: Page, mail_server: ScriptedServer) -> None:
    page = mary_at
    page.get_by_label("Name").fill("November news")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("November news")

    page.get_by_role("navigation", name="Steps").get_by_role("button", name=re.compile("What")).click()
    page.get_by_label("Sender").select_option(label="Завод <news@demo.example>")
    page.get_by_label("Subject").fill("{{first_name|Friend}}, machines")
    editor = page.get_by_role("textbox", name="Text")
    editor.click()
    editor.press_sequentially("Dear {{first_name|friend}}, look at our machines.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Anna, machines")).to_be_visible()
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("Dear Anna")

    page.get_by_role("navigation", name="Steps").get_by_role("button", name=re.compile("Check")).click()
    page.get_by_role("button", name="Send a test to myself").click()
    expect(page.get_by_text("Sent to mary@test.example")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Start the mailing").click()
    page.get_by_role("button", name="Send 3 letters").click()

    expect(page.get_by_text("Finished with 1 failure")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("row", name=re.compile("Gone Bob"))).to_contain_text("No such user here")
    expect(page.get_by_role("button", name="Again to failed ones")).to_be_visible()
    assert sorted(e.rcpt_tos[0] for e in mail_server.script.envelopes) == [
        "anna@a.example", "leo@c.example", "mary@test.example",
    ]  # fmt: skip

    page.goto("/mailings/suppressions")
    expect(page.get_by_role("row", name=re.compile("gone@b.example"))).to_contain_text("Address does not exist")
    page.goto("/mailings")
    expect(page.get_by_text("Finished with 1 failure")).to_be_visible()


def test_a_manager_is_not_shown_mailings(window: Window, company: Database) -> None:
    page = window("ann")
    page.goto("/mailings")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()


def test_all_that_match_get_a_mailing(window: Window, company: Database) -> None:
    mary, ann = people.actor("mary"), people.actor("ann")
    for number in range(70):  # more than the first page of the list holds
        make.client(ann, f"Everybody {number:02}", emails=[f"every{number}@firm.example"], city="Tver")
    make.client(ann, "Everybody elsewhere", emails=["elsewhere@firm.example"], city="Omsk")
    page = window("mary")
    page.goto('/clients?q=everybody&filter={"all":[{"field":"city","op":"contains","value":"Tver"}]}')
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("toolbar").get_by_role("button", name="More").click()
    page.get_by_role("link", name="Mailing", exact=True).click()
    expect(page.get_by_text("70 clients that match the list")).to_be_visible()
    page.get_by_label("Name").fill("To all of them")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile(r"/mailings/\d+/?\?step=what"))
    mailing_id = int(page.url.split("?")[0].rstrip("/").rpartition("/")[2])
    assert perform(mary, check_mailing, mailing_id=mailing_id).figures.to_send == 70


def test_an_audience_that_is_no_filter_of_clients_makes_no_mailing(window: Window, company: Database) -> None:
    page = window("mary")
    page.goto('/mailings/new?audience={"all":[{"field":"password","op":"eq","value":"x"}]}')
    page.get_by_label("Name").fill("To nobody that can be named")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This list has no field").first).to_be_visible()
    assert perform(people.actor("mary"), list_mailings, q="nobody that can").rows == []
