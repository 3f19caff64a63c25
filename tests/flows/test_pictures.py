"""Pictures of cards: chosen, dropped, pasted, seen by colleagues and in lists, removed, and back again."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.core.db import Database
from tests import drawn, make, people
from tests.contacts import make as contacts

Window = Callable[..., Page]

FROM_OUTSIDE = """
([kind, bytes, type]) => {
  const file = new File([Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0))], "sent.png", { type });
  const sent = new DataTransfer();
  sent.items.add(file);
  const at = kind === "paste" ? document.body : document.querySelector("h1 .avatar");
  const about = { bubbles: true, cancelable: true };
  at.dispatchEvent(kind === "paste" ? new ClipboardEvent("paste", { ...about, clipboardData: sent })
                                    : new DragEvent("drop", { ...about, dataTransfer: sent }));
}
"""


def head(page: Page) -> Locator:
    return page.locator("h1 .avatar img[src^='/pictures/']")


def loaded(image: Locator) -> None:
    """Wait for a picture that has come, and not for its frame alone."""
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def choose(page: Page, content: bytes, name: str = "logo.png") -> None:
    expect(page.get_by_role("button", name="Change the picture")).to_be_visible()
    file = {"name": name, "mimeType": "image/png", "buffer": content}
    page.locator("h1 input[type=file]").set_input_files(file)  # type: ignore[arg-type]


def test_a_logo_is_set_by_a_file_seen_by_others_and_in_the_list_and_removed(window: Window, company: Database) -> None:
    card = make.client(people.actor("ann"), "ПАО «Картинная галерея»", "company")
    page, other = window("ann"), window("olga")
    for each in (page, other):
        each.goto(f"/clients/{card.id}")
        expect(each.locator("h1 .avatar")).to_have_text("к")
    choose(page, drawn.written())
    loaded(head(page))
    loaded(head(other))
    expect(page.locator(".timeline img[alt='Logo or photo']")).to_have_count(1)

    page.goto("/clients?q=картинная+галерея")
    row = page.locator(f"[data-row='{card.id}']")
    loaded(row.locator(".avatar img[src$='/small.webp']"))

    page.goto(f"/clients/{card.id}")
    page.get_by_role("button", name="Change the picture").click()
    page.get_by_role("button", name="Remove the picture").click()
    expect(page.get_by_text("The picture is removed")).to_be_visible()
    expect(head(page)).to_have_count(0)
    expect(head(other)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    loaded(head(page))


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_photo_is_dropped_or_pasted_on_a_contact(window: Window, company: Database, kind: str) -> None:
    card = contacts.contact(people.actor("ann"), f"Снимкова {kind.title()} Анна")
    page = window("ann")
    page.goto(f"/contacts/{card.id}")
    expect(page.get_by_role("button", name="Change the picture")).to_be_visible()
    page.evaluate(FROM_OUTSIDE, [kind, base64.b64encode(drawn.written()).decode(), "image/png"])
    loaded(head(page))


def test_what_is_no_picture_is_told_and_the_old_one_stays(window: Window, company: Database) -> None:
    card = make.client(people.actor("ann"), "ПАО «Негатив»", "company")
    page = window("ann")
    page.goto(f"/clients/{card.id}")
    choose(page, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    expect(page.get_by_role("alert").filter(has_text="SVG is not taken")).to_be_visible()
    expect(page.locator("h1 .avatar")).to_have_text("н")
    expect(page.locator("h1 img")).to_have_count(0)


def test_a_change_is_set_back_from_the_timeline(window: Window, company: Database) -> None:
    card = make.client(people.actor("ann"), "ПАО «Вернисаж назад»", "company")
    page = window("ann")
    page.goto(f"/clients/{card.id}")
    choose(page, drawn.written())
    loaded(head(page))
    first = head(page).get_attribute("src")
    choose(page, drawn.written(drawn.picture("#27ae60")))
    expect(head(page)).not_to_have_attribute("src", first or "")
    second = page.locator(".timeline div", has=page.locator("del img"))
    second.get_by_role("button", name="Set back to the former value: Logo or photo").click()
    dialog = page.get_by_role("dialog", name="Set back to how it was?")
    expect(dialog.locator("img[alt='Logo or photo']")).to_have_count(2)
    dialog.get_by_role("button", name="Set back", exact=True).click()
    expect(head(page)).to_have_attribute("src", first or "")
    loaded(head(page))


def test_who_may_not_change_the_card_sees_the_picture_alone(window: Window, company: Database) -> None:
    card = make.client(people.actor("ann"), "ПАО «Только смотреть»", "company")
    page = window("ann")
    page.goto(f"/clients/{card.id}")
    choose(page, drawn.written())
    loaded(head(page))
    reader = window("mary")
    reader.goto(f"/clients/{card.id}")
    loaded(head(reader))
    expect(reader.get_by_role("button", name="Change the picture")).to_have_count(0)
