"""Many cards at once on the screen: ticked, changed, followed, stopped, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm_app.clients.actions.cards import change_client
from crm_app.clients.models import Client
from crm_app.clients.queries import list_clients
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.bulk import insert_many
from crm_app.core.db import Database
from crm_app.core.door import perform
from tests import make, people
from tests.contacts import make as contacts
from tests.leads import make as leads

Window = Callable[..., Page]


def clients(count: int, name: str) -> tuple[Actor, list[int]]:
    ann = people.actor("ann")
    return ann, [make.client(ann, f"{name} {n}").id or 0 for n in range(count)]


def tick_all(page: Page, words: str, count: int) -> None:
    page.goto(f"/clients?q={words}")
    expect(page.locator("[data-row]")).to_have_count(count)
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_role("toolbar")).to_contain_text(str(count))


def statuses(ann: Actor, words: str) -> list[str]:
    return [row.status for row in perform(ann, list_clients, q=words).rows]


def test_on_a_phone_all_that_match_are_ticked_too(window: Window, company: Database) -> None:
    ann, _ = clients(3, "Мануфактура")
    page = window("ann", viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/clients?q=мануфактура")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.get_by_role("checkbox", name="Select all").tap()
    bar = page.get_by_role("toolbar")
    expect(bar).to_contain_text("3")
    bar.get_by_label("Status").select_option(label="Regular")
    expect(page.get_by_text("3 cards changed")).to_be_visible()
    assert statuses(ann, "мануфактура") == ["regular"] * 3


def test_a_few_are_changed_taken_back_from_the_toast_and_seen_in_the_history(window: Window, company: Database) -> None:
    ann, ids = clients(3, "Фабрика")
    page = window("ann")
    tick_all(page, "фабрика", 3)
    page.get_by_role("toolbar").get_by_label("Status").select_option(label="Regular")
    expect(page.get_by_text("3 cards changed")).to_be_visible()
    perform(ann, change_client, client_id=ids[0], values={"status": "hopeless"})
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    assert statuses(ann, "фабрика") == ["hopeless", "", ""]

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_label("Field", exact=True).select_option(label="City")
    page.get_by_label("Value").fill("Тверь")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_text("3 cards changed").last).to_be_visible()

    page.goto("/bulk")
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("City: Тверь")
    expect(rows.nth(2)).to_contain_text("taken back 2, left alone 1")
    rows.nth(2).get_by_role("button", name="Which were left").click()
    expect(page.get_by_role("link", name="Фабрика 0")).to_be_visible()
    expect(page.get_by_text("changed since")).to_be_visible()
    rows.nth(1).get_by_role("button", name="Undo").click()
    expect(rows.nth(1)).to_contain_text("Undone")


def test_many_are_left_to_the_worker_followed_and_taken_back(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    common = {
        "kind": "company", "type": "flow", "responsible_id": ann.id, "fields": {}, "created_at": clock.now(),
        "updated_at": clock.now(),
    }  # fmt: skip
    rows = [{**common, "name": f"Склад {n:04}", "sort_name": f"склад {n:04}"} for n in range(1_200)]
    with company.session(writes=True) as session:
        insert_many(session.connection(), Client.__table__, rows)  # type: ignore[attr-defined]
        session.commit()
    page = window("ann")
    page.goto('/clients?filter={"all":[{"field":"type","op":"eq","value":"flow"}]}')
    expect(page.get_by_role("link", name="Склад 0001")).to_be_visible()
    page.get_by_role("checkbox").first.click()
    bar = page.get_by_role("toolbar")
    expect(bar).to_contain_text("1,200")
    bar.get_by_label("Status").select_option(label="Regular")
    expect(page.get_by_text("Changing 1200 cards")).to_be_visible()
    expect(page.get_by_text("1200 cards changed")).to_be_visible()  # the worker has done it, live
    expect(page.locator("[data-row]").first).to_contain_text("Regular")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is being undone")).to_be_visible()
    expect(page.get_by_text("1200 cards are as they were")).to_be_visible()
    expect(page.locator("[data-row]").first).not_to_contain_text("Regular")
    page.reload()
    expect(page.locator("[data-row]").first).to_contain_text("Склад")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)  # what was taken back is not offered again


def test_a_field_and_the_whole_card_are_set_back_from_the_timeline(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    made = make.client(ann, "Прежний завод", city="Тверь", revenue="100")
    perform(ann, change_client, client_id=made.id, values={"city": "Орёл", "name": "Новый завод", "revenue": None})
    perform(ann.by("api"), change_client, client_id=made.id, values={"city": "Тула"})
    page = window("ann")
    page.goto(f"/clients/{made.id}")
    events = page.get_by_role("list", name="History").get_by_role("listitem")
    expect(events.first).to_contain_text("over the API")
    events.nth(1).get_by_role("button", name="Set back to the former value: City").click()
    asked = page.get_by_role("dialog", name="Set back to how it was?")
    expect(asked).to_contain_text("Тула")
    expect(asked).to_contain_text("The field was changed again after that")
    asked.get_by_role("button", name="Set back", exact=True).click()
    expect(page.get_by_text("1 field set back")).to_be_visible()
    expect(events).to_have_count(4)

    events.nth(2).get_by_role("button", name="Set the card back to before this change").click()
    expect(asked).to_contain_text("Прежний завод")
    asked.get_by_role("button", name="Set back", exact=True).click()
    expect(page.get_by_role("heading", name="Прежний завод")).to_be_visible()


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_the_bar_keeps_to_one_line_on_a_wide_screen(window: Window, company: Database, locale: str) -> None:
    adam = people.actor("adam")
    way = leads.way(adam, locale="en")
    for number in (1, 2):
        make.client(adam, f"Barline {locale} {number}")
        contacts.contact(adam, f"Barliner{number} {locale}")
        leads.lead(adam, f"Barline {locale} {number}", way.id)
    page = window("adam", locale=locale, viewport={"width": 1440, "height": 900})
    for place in ("clients", "contacts", "leads"):
        page.goto(f"/{place}?q=barline+{locale}")
        rows = page.locator("[data-row]")
        expect(rows).to_have_count(2)
        for row in rows.all():
            row.get_by_role("checkbox").check()
        bar = page.get_by_role("toolbar")
        expect(bar.get_by_role("button", name=re.compile("^(More|Ещё)$"))).to_be_visible()
        assert (bar.bounding_box() or {"height": 999})["height"] < 60, place
        bar.get_by_role("button", name=re.compile("^(More|Ещё)$")).click()
        expect(page.get_by_role("button", name=re.compile("^(Add star|В избранное)"))).to_be_visible()
        merge = page.get_by_role("link", name=re.compile("^(Merge|Объединить)…"))
        expect(merge).to_have_count(0 if place == "leads" else 1)
