"""The parts of the interface, on the page that shows them all: by mouse, by keyboard, in both themes."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.flows import boards
from tests.flows.boards import card, carry, column, order
from tests.flows.conftest import Window

PARTS = "/settings/parts/"
FIRST, SECOND, THIRD, LOST = 1, 2, 3, 7


@pytest.fixture
def parts(window: Window) -> Page:
    """The catalogue, filled, in an administrator's window."""
    page = window("adam", viewport={"width": 1440, "height": 900})
    page.goto(PARTS)
    expect(card(page, 1)).to_be_visible()
    return page


def drag(page: Page, number: int, stage: int) -> None:
    lift(page, number)
    carry(page, stage)
    page.mouse.up()


def lift(page: Page, number: int) -> None:
    """The board stands in the middle of a long page."""
    page.locator(".kb").evaluate("board => board.scrollIntoView({block: 'center'})")
    page.locator(".kb-scroll").evaluate("columns => columns.scrollTo(0, 0)")
    boards.lift(page, number)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_screen_reader_finds_nothing_serious(parts: Page, scheme: str, width: int) -> None:
    parts.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    parts.set_viewport_size({"width": width, "height": 900})
    expect(parts.locator("html")).to_have_class(scheme)

    found = Axe().run(parts).response["violations"]

    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []


def test_while_a_card_is_in_the_air_every_column_says_what_a_drop_means(parts: Page) -> None:
    lift(parts, 1)

    for stage, drop in ((SECOND, "free"), (THIRD, "no"), (LOST, "needs")):
        expect(column(parts, stage)).to_have_attribute("data-drop", drop)
    parts.keyboard.press("Escape")
    expect(parts.locator("[data-drop]")).to_have_count(0)
    assert order(parts, FIRST)[0] == 1


def test_a_drop_shows_at_once_and_stays_when_the_server_agrees(parts: Page) -> None:
    drag(parts, 1, SECOND)

    expect(column(parts, SECOND).locator("[data-deal='1'][data-pending='true']")).to_be_visible(timeout=1000)
    expect(parts.locator("[data-log]")).to_contain_text("1: 1 → 2")
    expect(card(parts, 1)).to_have_attribute("data-pending", "false")
    assert 1 in order(parts, SECOND)
    assert 1 not in order(parts, FIRST)


def test_a_refused_drop_puts_the_card_back_on_its_exact_place(parts: Page) -> None:
    before = order(parts, FIRST)
    drag(parts, 3, SECOND)

    expect(parts.get_by_role("alert")).to_contain_text("под замком")
    expect(column(parts, FIRST).locator("[data-deal='3']")).to_be_visible()
    assert order(parts, FIRST) == before


def test_a_forbidden_drop_says_why_and_asks_nobody(parts: Page) -> None:
    before = order(parts, FIRST)
    drag(parts, 4, THIRD)

    expect(parts.locator(".toast")).to_contain_text("The order of stages does not allow it now")
    assert order(parts, FIRST) == before
    expect(parts.locator("[data-log]")).to_be_empty()


def test_a_stage_that_asks_holds_the_card_until_the_sheet_is_answered(parts: Page) -> None:
    before = order(parts, FIRST)
    drag(parts, 2, LOST)
    expect(parts.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    assert 2 not in order(parts, FIRST)

    parts.keyboard.press("Escape")
    expect(card(parts, 2)).to_be_visible()
    assert order(parts, FIRST) == before

    drag(parts, 2, LOST)
    parts.get_by_role("dialog").get_by_role("textbox").fill("Дорого")
    parts.keyboard.press("Enter")
    expect(parts.get_by_role("dialog")).to_have_count(0)
    assert 2 not in order(parts, FIRST)


def test_a_card_is_carried_by_keyboard_and_the_page_speaks(parts: Page) -> None:
    card(parts, 4).focus()
    parts.keyboard.press("Space")
    parts.keyboard.press("ArrowRight")
    expect(parts.locator("[aria-live='assertive']")).to_contain_text("Коммерческое предложение")
    parts.keyboard.press("Space")

    expect(column(parts, SECOND).locator("[data-deal='4']")).to_be_visible()


def test_a_card_is_carried_by_a_finger(window: Window) -> None:
    page = window("adam", viewport={"width": 1024, "height": 900}, has_touch=True)
    page.goto(PARTS)
    expect(card(page, 2)).to_be_visible()
    page.locator(".kb").evaluate("board => board.scrollIntoView({block: 'center'})")
    box, there = card(page, 2).bounding_box(), column(page, SECOND).bounding_box()
    assert box is not None
    assert there is not None
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *spot: float) -> None:
        points = [{"x": spot[0], "y": spot[1]}] if spot else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = box["x"] + 60, box["y"] + 30
    touch("touchStart", x, y)
    expect(card(page, 2)).to_have_attribute("data-lifted", "true")
    for step in range(1, 11):
        touch("touchMove", x + (there["x"] + 80 - x) * step / 10, y)
    page.wait_for_timeout(150)
    touch("touchEnd")

    expect(column(page, SECOND).locator("[data-deal='2']")).to_be_visible()


def test_a_card_is_moved_by_a_menu(parts: Page) -> None:
    card(parts, 5).focus()
    parts.keyboard.press("m")
    menu = parts.get_by_role("menu", name="Move to…")
    expect(menu.get_by_role("menuitem", name="Переговоры")).to_be_disabled()
    parts.keyboard.press("Enter")

    expect(column(parts, SECOND).locator("[data-deal='5']")).to_be_focused()


def test_a_drop_into_a_lost_connection_is_sent_when_it_is_back(parts: Page) -> None:
    parts.context.set_offline(True)
    drag(parts, 6, SECOND)
    expect(column(parts, SECOND).locator("[data-deal='6'][data-pending='true']")).to_be_visible()
    expect(parts.get_by_text("No network.")).to_be_visible()

    parts.context.set_offline(False)
    expect(parts.locator("[data-log]")).to_contain_text("6: 1 → 2", timeout=20_000)
    expect(card(parts, 6)).to_have_attribute("data-pending", "false")
    assert 6 in order(parts, SECOND)


def test_a_long_list_is_scrolled_with_few_rows_in_the_page(parts: Page) -> None:
    grid = parts.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", "100001")
    seen = 0
    for _ in range(12):
        grid.evaluate("list => list.scrollTo(0, list.scrollHeight)")
        parts.wait_for_timeout(150)
        seen = max(seen, *grid.locator("[data-row]").evaluate_all("rows => rows.map(row => +row.dataset.row)"), seen)

    assert seen > 700
    assert grid.locator("[data-row]").count() < 60


def test_a_row_that_comes_in_at_the_top_moves_nobody_away_and_loses_no_row(parts: Page) -> None:
    grid = parts.get_by_role("grid")
    for _ in range(3):
        grid.evaluate("list => list.scrollTo(0, list.scrollHeight)")
        parts.wait_for_timeout(200)
    before = grid.evaluate("list => list.scrollTop")
    parts.get_by_role("button", name="Кто-то добавил строку").click()
    expect(grid).to_have_attribute("aria-activedescendant", "row-100001")
    assert grid.evaluate("list => list.scrollTop") == before

    grid.evaluate("list => list.scrollTo(0, 98 * 40)")
    for number in (98, 99, 100, 101, 102):
        expect(grid.locator(f"[data-row='{number}']")).to_have_count(1)
    grid.evaluate("list => list.scrollTo(0, 0)")
    expect(grid.locator("[data-row='100001']")).to_be_visible()


def test_a_list_is_sorted_ticked_and_opened_by_keyboard(parts: Page) -> None:
    grid = parts.get_by_role("grid")
    grid.get_by_role("button", name="Сумма").click()
    expect(grid.get_by_role("columnheader", name="Сумма")).to_have_attribute("aria-sort", "ascending")
    grid.focus()
    for key in ("ArrowDown", "x", "ArrowDown", "ArrowDown", "Shift+Space"):
        parts.keyboard.press(key)
    expect(parts.get_by_role("toolbar", name="3 selected")).to_be_visible()

    parts.keyboard.press("Enter")
    expect(parts.locator("[data-opened]")).to_have_attribute("data-opened", "4")
    parts.keyboard.press("Escape")
    expect(parts.get_by_role("toolbar", name="selected")).to_have_count(0)


def test_dialogs_keep_the_focus_and_give_it_back(parts: Page) -> None:
    opener = parts.get_by_role("button", name="Диалог")
    opener.click()
    expect(parts.get_by_role("dialog", name="Новая сделка").get_by_label("Название")).to_be_focused()
    parts.keyboard.press("Escape")
    expect(parts.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_form_refuses_in_place_and_keeps_what_was_typed_over_a_reload(parts: Page) -> None:
    title = parts.get_by_label("Название").first
    parts.get_by_label("Телефон").first.fill("+7 900")
    parts.get_by_role("button", name="Сохранить").last.click()
    expect(title).to_have_attribute("aria-invalid", "true")
    title.fill("Поставка станков")
    parts.wait_for_timeout(300)  # drafts are written a moment after the last key

    parts.reload()
    expect(title).to_have_value("Поставка станков")
    expect(parts.get_by_label("Телефон").first).to_have_value("+7 900")
    parts.get_by_role("button", name="Сохранить").last.click()
    expect(parts.locator("[data-sent]")).to_contain_text('"amount":"1250000"')


def test_a_value_is_edited_in_place_and_a_refusal_brings_the_former_one_back(parts: Page) -> None:
    parts.get_by_role("button", name="Телефон: +7 912").click()
    parts.keyboard.press("Control+a")
    parts.keyboard.type("нет")
    parts.keyboard.press("Enter")

    expect(parts.get_by_text("В номере нет ни одной цифры")).to_be_visible()
    expect(parts.get_by_role("button", name="Телефон: +7 912")).to_be_focused()


def test_a_notice_can_be_taken_back(parts: Page) -> None:
    parts.get_by_role("button", name="Хорошо").click()
    parts.get_by_role("button", name="Вернуть").click()

    expect(parts.locator(".toast")).to_contain_text("Возвращено")


def test_a_filter_is_made_of_words(parts: Page) -> None:
    parts.get_by_role("button", name="+ Filter").click()
    parts.get_by_role("dialog", name="Filter").get_by_text("Казань").click()
    parts.get_by_role("button", name="Apply").click()

    expect(parts.get_by_role("button", name="Город Казань")).to_be_visible()
    expect(parts.locator("[data-filter]")).to_contain_text('"field":"town","op":"in","value":["kzn"]')
    parts.get_by_role("button", name="Remove condition: Город").click()
    expect(parts.locator("[data-filter]")).to_have_text("{}")


def test_the_palette_opens_by_key_and_goes_to_a_page(parts: Page) -> None:
    parts.keyboard.press("Control+k")
    parts.keyboard.type("employees")
    expect(parts.get_by_role("dialog").get_by_role("option").first).to_contain_text("Employees")
    parts.keyboard.press("Enter")

    expect(parts).to_have_url(re.compile("/settings/employees"))


def test_the_language_is_switched_at_once(parts: Page) -> None:
    expect(parts.get_by_role("navigation", name="Filters and groups")).to_contain_text("10,000+")
    parts.get_by_role("button", name="You").click()
    parts.get_by_role("menuitemradio", name="Русский").click()

    expect(parts.get_by_role("heading", level=1)).to_have_text("Части интерфейса")
    expect(parts).to_have_title("Части интерфейса · Картотека")
    expect(parts.get_by_text("1 250 000 ₽").first).to_be_visible()
    expect(parts.get_by_role("navigation", name="Фильтры и группы")).to_contain_text("10 000+")
    parts.reload()
    expect(parts.get_by_role("heading", level=1)).to_have_text("Части интерфейса")


def test_the_theme_is_kept_over_a_reload(parts: Page) -> None:
    parts.get_by_role("button", name="You").click()
    parts.get_by_role("menuitemradio", name="Dark").click()
    expect(parts.locator("html")).to_have_class("dark")

    parts.reload()
    expect(parts.locator("html")).to_have_class("dark")


def test_a_letter_is_written_with_a_merge_field(parts: Page) -> None:
    parts.get_by_role("tab", name="Письмо").click()
    text = parts.get_by_role("textbox", name="Text", exact=True)
    text.click()
    parts.keyboard.press("Control+End")
    parts.get_by_role("combobox", name="Insert a field").select_option("company")

    expect(text.locator(".merge")).to_have_count(2)
    expect(parts.locator("[data-letter]")).to_contain_text("{{company}}")


def test_a_new_version_is_told_in_the_readers_language(parts: Page) -> None:
    parts.evaluate("dispatchEvent(new Event('crm:new-version'))")  # as Reflex does where a reload has not helped
    banner = parts.locator(".banners")
    expect(banner).to_contain_text("There is a new version")
    banner.get_by_role("button", name="Reload").click()
    expect(card(parts, 1)).to_be_visible()
    expect(banner.get_by_role("button")).to_have_count(0)
