"""Logging in, one's sessions, employees and roles, in a real browser."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Page, Route, expect

from crm_app.core.db import Database
from tests import make, people
from tests.flows.conftest import Window, until
from tests.people import PASSWORD


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail or login").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_wrong_password_is_said_and_a_right_one_lets_in(page: Page, company: Database) -> None:
    log_in(page, "bob@test.example", "not his password")
    expect(page.get_by_role("alert")).to_have_text("Wrong e-mail or password")
    log_in(page, "bob@test.example", PASSWORD)
    page.wait_for_url(lambda url: "/login" not in url)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["crm_session"]["httpOnly"] and cookies["crm_session"]["sameSite"] == "Lax"


def test_a_stranger_is_led_to_the_login_and_back(page: Page, company: Database) -> None:
    page.goto("/settings/employees")
    page.wait_for_url(lambda url: "/login" in url)
    page.get_by_label("E-mail or login").fill("adam@test.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Employees")).to_be_visible()


def test_the_reason_shown_is_never_a_word_of_the_address(page: Page, company: Database) -> None:
    page.goto("/login?error=Call+0900-EVIL+now")
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_text("EVIL")).to_have_count(0)


def test_logging_out_everywhere_ends_the_other_window(window: Window) -> None:
    here, there = window("mary"), window("mary")
    there.goto("/settings")
    here.goto("/settings")
    expect(here.get_by_text("This session")).to_be_visible()
    here.get_by_role("button", name="Log out everywhere").click()
    here.wait_for_url(lambda url: "/login" in url)
    there.reload()
    there.wait_for_url(lambda url: "/login" in url)


def test_ones_own_password_is_changed_by_whom_knows_the_former_one(window: Window, page: Page) -> None:
    mine = window("bob")
    mine.goto("/settings")
    for current in ("a guess", PASSWORD):
        mine.get_by_label("Current password").fill(current)
        mine.get_by_label("New password").fill("a new password")
        mine.get_by_label("Once more").fill("a new password")
        mine.get_by_role("button", name="Change the password").click()
        said = "This is not your current password" if current != PASSWORD else "The password has been changed"
        expect(mine.get_by_text(said)).to_be_visible()
    log_in(page, "bob@test.example", "a new password")
    page.wait_for_url(lambda url: "/login" not in url)


def test_everybody_begins_where_they_work(page: Page, company: Database) -> None:
    log_in(page, "mary@test.example", PASSWORD)
    expect(page.get_by_role("heading", name="Mailings", exact=True)).to_be_visible()
    expect(page.get_by_text("You may not")).to_have_count(0)


def test_a_page_that_one_may_not_see_says_so_and_so_does_one_that_is_not_there(window: Window) -> None:
    page = window("mary")
    for address in ("/deals", "/deals/1", "/clients/987654", "/tasks/987654", "/mailings/987654", "/nowhere"):
        page.goto(address)
        expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
        expect(page.locator(".page-head, .sides, .kb").locator("visible=true")).to_have_count(0)
    page.get_by_role("link", name="To the start page").click()
    expect(page.get_by_role("heading", name="Mailings", exact=True)).to_be_visible()


def test_the_administrator_adds_an_employee_and_gives_a_role(window: Window) -> None:
    page = window("adam")
    page.goto("/settings/employees")
    page.get_by_role("button", name="Add an employee").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Vera Newcomer")
    dialog.get_by_label("E-mail").fill("vera@test.example")
    dialog.get_by_label("First password").fill("a long password")
    dialog.get_by_role("button", name="Add an employee").click()
    other = window("adam")
    other.goto("/settings/employees")
    expect(other.get_by_role("row").filter(has_text="vera@test.example").get_by_label("Role")).to_have_value("manager")
    page.get_by_role("row").filter(has_text="vera@test.example").get_by_label("Role").select_option("marketer")
    expect(other.get_by_role("row").filter(has_text="vera@test.example").get_by_label("Role")).to_have_value("marketer")


def test_the_last_administrator_is_not_taken_away(window: Window) -> None:
    page = window("adam")
    page.goto("/settings/employees")
    row = page.get_by_role("row").filter(has_text="adam@test.example")
    row.get_by_role("button", name="Take access away").click()
    expect(page.get_by_text("This is the last administrator")).to_be_visible()


def test_a_manager_finds_no_way_into_the_settings_of_others(window: Window) -> None:
    page = window("ann")
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(page.get_by_role("link", name="Employees")).to_have_count(0)
    page.goto("/settings/employees")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.get_by_text("adam@test.example")).to_have_count(0)


def test_a_language_is_switched_at_once(window: Window) -> None:
    page = window("olga")
    page.goto("/settings")
    page.get_by_role("button", name="You").click()
    page.get_by_text("Русский", exact=True).click()
    expect(page.get_by_role("heading", name="Сеансы")).to_be_visible()
    until(lambda: people.actor("olga").locale == "ru")


def test_what_the_server_says_follows_the_language_and_what_is_typed_stays(window: Window) -> None:
    page, card = window("olga"), make.client(people.actor("olga"), "Speaks two languages").id
    page.goto(f"/clients/{card}")
    history = page.get_by_role("list", name="History")
    expect(history).to_contain_text("Client added")
    page.get_by_placeholder("Write a comment").fill("Half a sentence")
    page.get_by_role("button", name="You").click()
    page.get_by_text("Русский", exact=True).click()
    expect(page.get_by_role("list", name="История")).to_contain_text("Клиент добавлен")
    expect(page.get_by_placeholder("Написать комментарий")).to_have_value("Half a sentence")


OTHER = {
    "ru": ("en-GB", "Mailings", "Find a mailing", re.compile(r"/en\.mailings-")),
    "en": ("ru-RU", "Рассылки", "Найти рассылку", re.compile(r"/ru\.mailings-")),
}
"""By the language that pages are pre-rendered in: who reads another, and which of its words come after the page."""


def test_words_that_come_late_are_left_out_till_then_and_asked_for_again(window: Window, origin: str) -> None:
    prerendered = httpx.get(f"{origin}/login/").text.partition('<html lang="')[2][:2]
    locale, link, search, late = OTHER[prerendered]
    page = window("mary", locale=locale)
    page.goto("/tasks")
    expect(page.locator(".rail").get_by_role("link", name=link)).to_be_visible()
    asked: list[str] = []

    def lose_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(late, lose_once)
    page.locator(".rail").get_by_role("link", name=link).click()
    expect(page.get_by_role("searchbox", name=search)).to_be_visible()
    assert len(asked) == 2


def test_the_server_speaks_the_readers_language_on_the_very_first_page(window: Window, company: Database) -> None:
    client = make.client(people.actor("ann"), "First Page Ltd", "company")
    page = window("ann", locale="ru-RU")
    page.goto(f"/clients/{client.id}")
    expect(page.locator(".timeline")).to_contain_text("Клиент добавлен")
    other = window("ann", locale="en-GB")
    other.goto(f"/clients/{client.id}")
    expect(other.locator(".timeline")).to_contain_text("Client added")


LATE_SOCKET = """
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
    send(text) { setTimeout(() => super.send(text), Math.max(0, 2000 - performance.now())); }
};
"""
"""A line on which a page is seen, and used, before the server hears of it."""


def test_what_is_typed_before_the_server_answers_is_kept_though_it_was_saved_here_before(window: Window) -> None:
    page = window("adam")
    page.goto("/settings/employees")
    page.get_by_role("button", name="Add a department").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Night shift")
    page.get_by_role("dialog").get_by_role("button", name="Add a department").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.add_init_script(LATE_SOCKET)
    page.reload()
    page.get_by_role("button", name="Add a department").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Early shift")
    expect(page.get_by_text("bob@test.example").first).to_be_visible()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_have_value("Early shift")
