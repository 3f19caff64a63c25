"""The administrator says when the company works: hours, a day of one's own, and holidays that are proposed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.worktime.actions import forget_day, set_week
from crm_app.worktime.queries import Worktime, see_worktime
from crm_app.worktime.rules import EVERY_HOUR
from tests import people
from tests.flows.conftest import Window, until
from tests.flows.test_every_page import check_access


@pytest.fixture
def calendar(company: Database) -> Iterator[None]:
    """Every hour is a working one again for other tests."""
    yield
    adam = people.actor("adam")
    perform(adam, set_week, week=[list(hours) for hours in EVERY_HOUR if hours])
    for each in perform(adam, see_worktime).days:
        perform(adam, forget_day, day=each.day)


def told() -> Worktime:
    return perform(people.actor("adam"), see_worktime)


def test_the_calendar_is_arranged(window: Window, calendar: None) -> None:
    page = window("adam")
    page.goto("/settings")
    page.get_by_role("link", name="Working calendar").first.click()
    expect(page.get_by_text("every hour counts as a working one")).to_be_visible()
    for day in ("Saturday", "Sunday"):
        page.get_by_role("checkbox", name=day).uncheck()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(f"{day}: from").fill("10")
        page.get_by_label(f"{day}: to").fill("1900")
    page.get_by_label("Friday: to").fill("09:00")
    page.get_by_role("button", name="Save").click()
    friday = page.get_by_role("row", name="Friday")
    expect(friday.get_by_text("the end is later than the beginning")).to_be_visible()
    expect(page.get_by_label("Monday: from")).to_have_value("10")  # nothing typed is lost
    page.get_by_label("Friday: to").fill("18:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The working week is saved")).to_be_visible()
    assert told().week == [(600, 1140)] * 4 + [(600, 1080), None, None]
    expect(page.get_by_label("Monday: from")).to_have_value("10:00")
    expect(page.get_by_label("Monday: to")).to_have_value("19:00")
    expect(page.get_by_text("every hour counts as a working one")).to_have_count(0)
    add_a_day(page)
    take_holidays(page)
    page.get_by_role("row", name="Anniversary").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("row", name="Anniversary")).to_have_count(0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        check_access(page)


def add_a_day(page: Page) -> None:
    """The company's own day off, which becomes a short one."""
    page.get_by_role("button", name="Add a day").click()
    dialog = page.get_by_role("dialog", name="Add a day")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Say which day")).to_be_visible()
    dialog.get_by_label("Date").fill("2099-06-15")
    dialog.get_by_label("Name").fill("Anniversary")
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="Anniversary")
    expect(row).to_contain_text("Day off")
    row.get_by_role("button", name="Change the day").click()
    dialog = page.get_by_role("dialog", name="Change the day")
    dialog.get_by_label("Kind of day").select_option("true")
    dialog.get_by_label("From").fill("12:00")
    dialog.get_by_label("To").fill("11:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("the end is later than the beginning")).to_be_visible()
    dialog.get_by_label("To").fill("15:30")
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("12:00–15:30")


def take_holidays(page: Page) -> None:
    """Those of a country, without one of them."""
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Year").select_option(index=1)
    year = page.get_by_label("Year").input_value()
    page.get_by_role("button", name="Propose holidays").click()
    dialog = page.get_by_role("dialog", name=f"Holidays and shifted days of {year}")
    dialog.get_by_role("checkbox", name="Easter Monday").uncheck()
    dialog.get_by_role("button", name="Add the ticked ones").click()
    expect(page.get_by_role("row", name="Ascension Day")).to_contain_text("Day off")
    assert "Easter Monday" not in {each.name for each in told().days}
    page.get_by_role("button", name="Propose holidays").click()
    left = page.get_by_role("dialog").get_by_role("checkbox")
    expect(left).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    until(lambda: len(told().days) > 3)


def test_nobody_else_arranges_it(window: Window) -> None:
    page = window("olga")
    page.goto("/settings/worktime")
    expect(page.get_by_text("Nothing here")).to_be_visible()
