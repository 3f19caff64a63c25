"""A guest, from the invitation to the end of their access, beside the manager who works with them."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from crm_app.cards.actions.comments import add_comment
from crm_app.clients.actions.cards import remove_client
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.portal.actions.access import revoke_guest
from crm_app.portal.queries import see_guest_access
from crm_app.tasks.actions.guests import share_task_with_guest, unshare_task_with_guest
from tests import make, people
from tests.flows.conftest import Window
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings import kit

SECRET = "a password of my own"
INTERNAL = "he haggles, hold the price"


class Frames(list[str]):
    """Everything that came over the sockets of a page."""

    def watch(self, page: Page) -> None:
        def opened(socket: WebSocket) -> None:
            socket.on("framereceived", lambda frame: self.append(str(frame)))

        page.on("websocket", opened)


@pytest.fixture
def phone(browser: Browser, origin: str) -> Page:
    context = browser.new_context(
        base_url=origin, locale="en-GB", viewport={"width": 390, "height": 844}, has_touch=True
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_a_guest_from_invitation_to_the_end(company: Database, window: Window, phone: Page) -> None:
    ann, manager, frames = people.actor("ann"), window("ann"), Frames()
    frames.watch(phone)
    card = make.client(ann, "Greg Green")
    task = make.task(ann, "Send the signed contract", about=[{"card": "client", "card_id": card.id}])
    perform(ann, add_comment, card="task", card_id=task.id, body=INTERNAL)

    _join(phone, _invite(manager, card.id, "greg.green@client.example"))
    expect(phone.get_by_text("No open tasks")).to_be_visible()

    guest_id = perform(ann, see_guest_access, card_id=card.id).guest_id
    perform(ann, share_task_with_guest, task_id=task.id, guest_id=guest_id)
    phone.get_by_text("Send the signed contract").click()
    expect(phone.get_by_role("heading", name="Send the signed contract")).to_be_visible()

    _talk(manager, phone, task.id)
    _check_unseen(phone.content() + "".join(frames), INTERNAL, "Between us", "@test.example")

    perform(ann, unshare_task_with_guest, task_id=task.id, guest_id=guest_id)
    expect(phone.get_by_role("heading", name="Your tasks")).to_be_visible()
    _take_access_away(manager, card.id)
    phone.reload()
    expect(phone.get_by_label("Password")).to_be_visible()


def _invite(manager: Page, card_id: int, login: str) -> str:
    """Invite a client by a link, which the manager copies; gives the link."""
    manager.goto(f"/clients/{card_id}")
    manager.get_by_label("Login").first.fill(login)
    manager.get_by_role("button", name="Invite by link").click()
    expect(manager.get_by_role("link", name="Send the signed contract")).to_be_visible()
    link = manager.get_by_label("Invitation link").input_value()
    manager.context.grant_permissions(["clipboard-read", "clipboard-write"])
    manager.get_by_role("button", name="Copy", exact=True).click()
    expect(manager.get_by_role("button", name="Copied")).to_be_visible()
    assert manager.evaluate("navigator.clipboard.readText()") == link
    return link


def _join(phone: Page, link: str) -> None:
    """The link opens a form; a password of one's own opens the portal."""
    phone.goto(_on_this_server(link))
    phone.get_by_label("Password", exact=True).fill(SECRET)
    phone.get_by_label("Password once more").fill(SECRET)
    phone.get_by_role("button", name="Log in").click()
    expect(phone.get_by_role("heading", name="Your tasks")).to_be_visible()


def _talk(manager: Page, phone: Page, task_id: int) -> None:
    """Each sees what the other writes while the page is open; the guest, only what is for guests."""
    manager.goto(f"/tasks/{task_id}")
    expect(manager.get_by_text(INTERNAL)).to_be_visible()
    phone.get_by_label("Write a comment").fill("I will send it tomorrow")
    phone.get_by_label("Write a comment").press("Control+Enter")
    expect(manager.get_by_text("I will send it tomorrow")).to_be_visible()
    _say(manager, "Between us: fine", to_guests=False)
    _say(manager, "Thank you, Greg!", to_guests=True)
    expect(phone.get_by_text("Thank you, Greg!")).to_be_visible()


def _check_unseen(seen: str, *internals: str) -> None:
    for internal in internals:
        assert internal not in seen
        assert json.dumps(internal)[1:-1] not in seen


def _take_access_away(manager: Page, card_id: int) -> None:
    manager.goto(f"/clients/{card_id}")
    manager.get_by_role("button", name="Take access away").first.click()
    manager.get_by_role("dialog").get_by_role("button", name="Take access away").click()
    expect(manager.get_by_text("Access taken away")).to_be_visible()


def test_staff_pages_are_closed_to_a_guest(company: Database, phone: Page) -> None:
    ann = people.actor("ann")
    make.client(ann, "Secret client")
    _log_in(phone, "rita@client.example")
    for path in ("/deals", "/clients", "/tasks", "/tasks/1", "/settings", "/settings/employees", "/mailings"):
        phone.goto(path)
        phone.wait_for_timeout(500)
        shown = phone.locator("body").inner_text()
        assert "Secret client" not in shown
        assert "@test.example" not in shown
    phone.goto("/portal/tasks/999999")
    expect(phone.get_by_role("heading", name="Nothing here")).to_be_visible()
    phone.get_by_role("link", name="To the start page").click()
    expect(phone.get_by_role("heading", name="Your tasks")).to_be_visible()


def test_an_open_tab_is_led_to_the_log_in_when_the_access_ends(company: Database, phone: Page) -> None:
    card_id = _log_in(phone, "olaf@client.example")
    perform(people.actor("ann"), revoke_guest, card_id=card_id)
    expect(phone.get_by_label("Password")).to_be_visible()


def test_a_deleted_card_leads_its_guests_open_tab_to_the_log_in(company: Database, phone: Page) -> None:
    card_id = _log_in(phone, "nora@client.example")
    perform(people.actor("ann"), remove_client, client_id=card_id)
    expect(phone.get_by_label("Password")).to_be_visible()


def test_an_invitation_is_sent_by_letter_too(
    company: Database, window: Window, phone: Page, mail_server: ScriptedServer
) -> None:
    mail_server.script.envelopes.clear()
    kit.sender()
    card = make.client(people.actor("ann"), "Ines Grey", emails=["ines@client.example"])
    manager = window("ann")
    manager.goto(f"/clients/{card.id}")
    manager.get_by_role("button", name="Invite by link").click()
    expect(manager.get_by_text("Sent to ines@client.example", exact=True)).to_be_visible(timeout=30_000)
    (letter,) = mail_server.letters()
    link = re.search(r"https?://\S+/portal/join\?token=[\w-]+", letter.get_body(("plain",)).get_content())
    assert link is not None
    phone.goto(_on_this_server(link[0]))
    expect(phone.get_by_text("Hello, Ines Grey!")).to_be_visible()


def _on_this_server(link: str) -> str:
    """A link without the address that it was made for."""
    return urlsplit(link)._replace(scheme="", netloc="").geturl()


def _log_in(page: Page, login: str) -> int:
    """Make a guest and log them in by the form; gives their card's id."""
    guest = make.guest(people.actor("ann"), login.split("@")[0].title(), login)
    page.goto("/login")
    page.locator("[name=email]").fill(login)
    page.locator("[name=password]").fill(people.PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.get_by_role("heading", name="Your tasks")).to_be_visible()
    return guest.card_id


def _say(page: Page, words: str, *, to_guests: bool) -> None:
    page.get_by_label("Write a comment").fill(words)
    if to_guests:
        page.get_by_role("checkbox", name="Guests see this").first.check()
    page.get_by_label("Write a comment").press("Control+Enter")
    expect(page.get_by_text(words)).to_be_visible()
