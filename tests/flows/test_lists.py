"""Lists of tasks and of mailings in the browser: narrowed down by a bar, sorted, and kept in the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.mailings.actions.drafts import change_mailing
from crm_app.tasks.actions.editing import close_task
from tests import make, people
from tests.mailings import kit

Window = Callable[..., Page]


def choose(page: Page, field: str, *options: str, words: str = "") -> None:
    """Add a condition by the bar."""
    page.get_by_role("button", name="+ Filter").click()
    editor = page.get_by_role("dialog", name="Filter")
    editor.get_by_label("Field").select_option(field)
    for option in options:
        editor.get_by_label(option, exact=True).check()
    if words:
        editor.get_by_label("Value").fill(words)
    editor.get_by_role("button", name="Apply").click()


def names(page: Page) -> list[str]:
    """What the rows are called, from the top."""
    return page.locator("[data-row] .td-name").all_inner_texts()


@pytest.fixture(scope="module")
def tasks(company: Database) -> None:
    ann, olga = people.actor("ann"), people.actor("olga")
    client = make.client(ann, "Lists and Sons", "company")
    about = [{"card": "client", "card_id": client.id}]
    make.task(ann, "Listed first", about=about, deadline=datetime(2030, 5, 1, tzinfo=UTC))
    make.task(ann, "Listed second", deadline=datetime(2030, 6, 1, tzinfo=UTC))
    make.task(ann, "Listed for Olga", responsible_id=olga.id, about=about)
    perform(ann, close_task, task_id=make.task(ann, "Listed and done").id)


def test_tasks_are_narrowed_down_sorted_and_kept_in_the_address(window: Window, tasks: None) -> None:
    page = window("ann")
    page.goto("/tasks?q=listed")
    expect(page.get_by_text("Listed first")).to_be_visible()
    assert names(page) == ["Listed first", "Listed second"], "the open ones that are one's own"
    page.get_by_role("tab", name="All").click()
    expect(page.get_by_text("Listed for Olga")).to_be_visible()
    choose(page, "Client", words="and sons")
    expect(page.locator("[data-row]")).to_have_count(2)
    choose(page, "Responsible", people.actor("olga").name)
    expect(page.locator("[data-row]")).to_have_count(1)
    assert '"field":"client","op":"contains","value":"and sons"' in unquote(page.url).replace("+", " ")
    page.reload()
    expect(page.locator("[data-row]")).to_have_count(1)
    assert names(page) == ["Listed for Olga"]
    page.get_by_role("button", name="Remove condition: Responsible").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("columnheader", name="Deadline").get_by_role("button").click()
    expect(page).to_have_url(re.compile("sort=-deadline"))
    expect(page.get_by_role("columnheader", name="Deadline")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("Listed and done")).to_be_visible()


def test_an_empty_list_says_what_hides_everything(window: Window, tasks: None) -> None:
    page = window("ann")
    page.goto("/tasks?q=listed")
    choose(page, "Client", words="nobody at all")
    nothing = page.locator(".empty")
    expect(nothing).to_contain_text("Nothing fits the filter")
    expect(nothing).to_contain_text("Status Open · Client contains nobody at all · «listed»")
    nothing.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("Listed and done")).to_be_visible()


def test_who_has_no_open_tasks_is_told_how_to_begin(window: Window, company: Database) -> None:
    page = window("bob")
    page.goto("/tasks")
    expect(page.get_by_text("No tasks here yet")).to_be_visible()


def test_mailings_are_narrowed_down_sorted_and_kept_in_the_address(window: Window, company: Database) -> None:
    mary = people.actor("mary")
    for name in ("Listed in spring", "Listed in autumn"):
        perform(mary, change_mailing, mailing_id=kit.mailing(mary).id, name=name)
    page = window("mary")
    page.goto("/mailings?q=listed")
    expect(page.locator("[data-row]")).to_have_count(2)
    choose(page, "State", "Draft")
    choose(page, "Sender", "Завод")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("columnheader", name="Created").get_by_role("button").click()
    expect(page).to_have_url(re.compile("sort=created_at"))
    expect(page.locator("[data-row] .td-name").first).to_have_text("Listed in spring")
    page.reload()
    expect(page.locator("[data-row] .td-name").first).to_have_text("Listed in spring")
    page.get_by_role("button", name="State Draft").click()
    editor = page.get_by_role("dialog", name="Filter")
    editor.get_by_label("Draft", exact=True).uncheck()
    editor.get_by_label("Stopped", exact=True).check()
    editor.get_by_role("button", name="Apply").click()
    expect(page.locator(".empty")).to_contain_text("State Stopped · Sender Завод · «listed»")
