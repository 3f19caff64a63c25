"""A manager at the board: by mouse, keyboard, touch and menu; refused, asked, followed by others, cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.cards import see_deal
from crm_app.pipelines.queries import PipelineRow
from tests import people
from tests.deals import make
from tests.flows import boards
from tests.flows.boards import card, carry, column, drag, lift, order, shown, stored
from tests.flows.conftest import Window

WIDE = {"width": 2400, "height": 900}


@pytest.fixture
def ann(company: object) -> Actor:
    return people.actor("ann")


@pytest.fixture
def way(ann: Actor) -> PipelineRow:
    """A strict pipeline whose stages ask for nothing."""
    return make.pipeline("goods")


def opened(window: Window, way: PipelineRow, person: str = "ann", **options: object) -> Page:
    page = window(person, **{"viewport": WIDE, **options})
    page.goto(f"/deals?pipeline={way.id}")
    expect(page.locator(f"[data-stage='{way.stages[0].id}']")).to_be_visible()
    return page


def stage_of(actor: Actor, deal_id: int) -> int:
    return perform(actor, see_deal, deal_id=deal_id).deal.stage_id


def test_a_drop_by_mouse_is_on_screen_and_saved_in_its_place(window: Window, ann: Actor, way: PipelineRow) -> None:
    first, second = make.stage(way, 0).id, make.stage(way, 1).id
    low, high, moved = (make.deal(ann, way, amount=100_00).id for _ in range(3))
    for deal_id in (low, high):
        perform(ann, move_deal, deal_id=deal_id, stage_id=second)
    page = opened(window, way)
    drag(page, moved, second, below=high)
    expect(column(page, second).locator("[data-deal]")).to_have_count(3)
    assert order(page, second) == [high, moved, low]
    expect(card(page, moved)).not_to_have_attribute("data-pending", "true")
    expect(column(page, first).locator(".kb-count")).to_have_text("0")
    expect(column(page, second).locator(".kb-count")).to_have_text("3")
    expect(column(page, second).locator(".kb-sum")).to_contain_text("300")
    assert stored(ann, way.id) == shown(page)


def test_while_a_card_is_in_the_air_every_column_says_what_a_drop_means(
    window: Window, ann: Actor, way: PipelineRow
) -> None:
    make.ask_for(make.stage(way, 1).id, "amount")
    deal = make.deal(ann, way).id
    page = opened(window, way)
    lift(page, deal)
    expect(column(page, make.stage(way, 1).id)).to_have_attribute("data-drop", "needs")
    expect(column(page, make.stage(way, 1).id)).to_contain_text("Tell the amount")
    expect(column(page, make.stage(way, 2).id)).to_have_attribute("data-drop", "no")
    expect(column(page, make.stage(way, 2).id)).to_contain_text("Strict order")
    expect(column(page, make.stage(way, "won").id)).to_have_attribute("data-drop", "no")
    expect(column(page, make.stage(way, "lost").id)).to_have_attribute("data-drop", "needs")
    expect(column(page, make.stage(way, "hold").id)).to_have_attribute("data-drop", "free")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".kb-column[data-drop]")).to_have_count(0)
    assert shown(page) == stored(ann, way.id)


def test_nothing_but_the_card_moves_when_it_is_lifted(window: Window, ann: Actor, way: PipelineRow) -> None:
    deals = [make.deal(ann, way).id for _ in range(5)][::-1]
    page = opened(window, way)
    places = "all => all.map(one => { const box = one.getBoundingClientRect(); return [box.x, box.y, box.width] })"
    ends = "all => all.map(one => one.getBoundingClientRect().bottom)"
    others = page.locator(f".kb-column, .kb-head, [data-deal]:not([data-deal='{deals[0]}'])")
    before, ended = others.evaluate_all(places), page.locator(".kb-column").evaluate_all(ends)
    lift(page, deals[0])
    expect(page.locator(".kb-zone").first).to_be_visible()
    assert others.evaluate_all(places) == before
    assert page.locator(".kb-column").evaluate_all(ends) == ended
    page.keyboard.press("Escape")
    page.mouse.up()


def test_a_drop_that_the_board_calls_no_never_leaves_its_place(window: Window, ann: Actor, way: PipelineRow) -> None:
    deals = [make.deal(ann, way).id for _ in range(3)][::-1]
    page = opened(window, way)
    drag(page, deals[1], make.stage(way, 3).id)
    expect(page.locator(".toast").filter(has_text="Strict order")).to_be_visible()
    assert order(page, make.stage(way, 0).id) == deals
    assert stage_of(ann, deals[1]) == make.stage(way, 0).id


def test_a_drop_that_the_server_refuses_goes_back_to_its_exact_place(
    window: Window, ann: Actor, way: PipelineRow
) -> None:
    """The deal is given to another while it is in the air, so its drop is no longer the person's to make."""
    first, second = make.stage(way, 0).id, make.stage(way, 1).id
    deals = [make.deal(ann, way).id for _ in range(3)][::-1]
    page = opened(window, way)
    lift(page, deals[1])
    carry(page, second)
    expect(column(page, second)).to_have_attribute("data-drop", "free")
    olga = people.actor("olga")
    perform(olga, change_deal, deal_id=deals[1], values={"responsible_id": olga.id})
    page.mouse.up()
    expect(page.locator(".toast").filter(has_text="only")).to_be_visible()
    expect(card(page, deals[1])).not_to_have_attribute("data-pending", "true")
    assert order(page, first) == deals and order(page, second) == []
    expect(column(page, first).locator(".kb-count")).to_have_text("3")


def test_a_deal_that_somebody_else_moves_while_it_is_in_the_air_is_where_they_put_it(
    window: Window, ann: Actor, way: PipelineRow
) -> None:
    first, second = make.stage(way, 0).id, make.stage(way, 1).id
    deals = [make.deal(ann, way).id for _ in range(3)][::-1]
    page = opened(window, way)
    lift(page, deals[1])
    carry(page, second)
    perform(ann, move_deal, deal_id=deals[1], stage_id=make.stage(way, "lost").id, reason="Дорого")
    page.mouse.up()
    expect(card(page, deals[1])).to_have_count(0)
    assert order(page, first) == [deals[0], deals[2]] and order(page, second) == []


def test_a_stage_that_asks_for_fields_opens_a_sheet_and_enter_saves_both(
    window: Window, ann: Actor, way: PipelineRow
) -> None:
    second = make.stage(way, 1).id
    make.ask_for(second, "amount", "delivery")
    deal = make.deal(ann, way).id
    page = opened(window, way)
    drag(page, deal, second)
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("Коммерческое предложение")
    asked.get_by_label("Amount").fill("1250000.5")
    page.keyboard.press("Enter")
    expect(asked.get_by_text("Tell the delivery")).to_be_visible()
    assert stage_of(ann, deal) == make.stage(way, 0).id
    asked.get_by_label("Delivery").fill("Самовывоз")
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    assert order(page, second) == [deal]
    saved = perform(ann, see_deal, deal_id=deal).deal
    assert (saved.stage_id, saved.amount, saved.delivery) == (second, 1_250_000_50, "Самовывоз")


def test_escape_from_the_sheet_puts_the_card_back(window: Window, ann: Actor, way: PipelineRow) -> None:
    second = make.stage(way, 1).id
    make.ask_for(second, "payment_method")
    deals = [make.deal(ann, way).id for _ in range(3)][::-1]
    page = opened(window, way)
    drag(page, deals[1], second)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(card(page, deals[1])).not_to_have_attribute("data-pending", "true")
    assert order(page, make.stage(way, 0).id) == deals and order(page, second) == []
    assert stage_of(ann, deals[1]) == make.stage(way, 0).id


def test_a_lost_deal_asks_for_its_reason(window: Window, ann: Actor, way: PipelineRow) -> None:
    deal = make.deal(ann, way).id
    page = opened(window, way)
    drag(page, deal, make.stage(way, "lost").id)
    asked = page.get_by_role("dialog")
    page.keyboard.press("Enter")
    asked.get_by_role("button", name="Move").click()
    expect(asked.get_by_text("Say why the deal was lost")).to_be_visible()
    asked.get_by_label("Reason of refusal").fill("Дорого")
    page.keyboard.press("Enter")
    expect(card(page, deal)).to_have_count(0)
    expect(asked).to_be_hidden()
    saved = perform(ann, see_deal, deal_id=deal).deal
    assert (saved.stage_kind, saved.lost_reason) == ("lost", "Дорого")


def test_hold_and_return(window: Window, ann: Actor, way: PipelineRow) -> None:
    second, hold = make.stage(way, 1).id, make.stage(way, "hold").id
    deal = make.deal(ann, way).id
    perform(ann, move_deal, deal_id=deal, stage_id=second)
    page = opened(window, way)
    drag(page, deal, hold)
    expect(card(page, deal)).to_have_count(0)
    page.get_by_role("button", name="Closed and on hold").click()
    expect(card(page, deal)).to_be_visible()
    assert order(page, hold) == [deal]
    drag(page, deal, second)
    expect(card(page, deal)).not_to_have_attribute("data-pending", "true")
    assert order(page, second) == [deal] and stage_of(ann, deal) == second


def test_by_keyboard(window: Window, ann: Actor, way: PipelineRow) -> None:
    deal = make.deal(ann, way).id
    page = opened(window, way)
    card(page, deal).focus()
    page.keyboard.press("Space")
    expect(card(page, deal)).to_have_attribute("data-lifted", "true")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    page.keyboard.press("Space")
    expect(column(page, make.stage(way, 1).id).locator("[data-deal]")).to_have_count(1)
    expect(card(page, deal)).not_to_have_attribute("data-pending", "true")
    assert stage_of(ann, deal) == make.stage(way, 1).id


def test_by_menu(window: Window, ann: Actor, way: PipelineRow) -> None:
    deal = make.deal(ann, way).id
    page = opened(window, way)
    card(page, deal).focus()
    page.keyboard.press("m")
    choice = page.get_by_role("menuitem", name="Коммерческое предложение")
    expect(page.get_by_role("menuitem", name="Переговоры")).to_be_disabled()
    choice.click()
    expect(column(page, make.stage(way, 1).id).locator("[data-deal]")).to_have_count(1)
    expect(card(page, deal)).not_to_have_attribute("data-pending", "true")
    assert stage_of(ann, deal) == make.stage(way, 1).id


def test_by_touch(window: Window, ann: Actor, way: PipelineRow) -> None:
    second = make.stage(way, 1).id
    deal = make.deal(ann, way).id
    page = opened(window, way, has_touch=True)
    fingers = page.context.new_cdp_session(page)
    start, end = card(page, deal).bounding_box(), column(page, second).locator(".kb-list").bounding_box()
    assert start is not None and end is not None
    x, y = start["x"] + 40, start["y"] + 20

    def touch(kind: str, *points: tuple[float, float]) -> None:
        spots = [{"x": px, "y": py} for px, py in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    touch("touchStart", (x, y))
    expect(card(page, deal)).to_have_attribute("data-lifted", "true")
    for step in range(1, 11):
        touch("touchMove", (x + (end["x"] + 60 - x) * step / 10, y + (end["y"] + 30 - y) * step / 10))
    page.wait_for_timeout(100)
    touch("touchEnd")
    expect(column(page, second).locator("[data-deal]")).to_have_count(1)
    expect(card(page, deal)).not_to_have_attribute("data-pending", "true")
    assert stage_of(ann, deal) == second


def test_another_managers_board_follows_without_reload(window: Window, ann: Actor, way: PipelineRow) -> None:
    second = make.stage(way, 1).id
    deal = make.deal(ann, way).id
    mine, hers = opened(window, way), opened(window, way, "olga")
    hers.evaluate("document.body.dataset.same = 'yes'")
    drag(mine, deal, second)
    expect(column(hers, second).locator(f"[data-deal='{deal}']")).to_be_visible()
    expect(column(hers, second).locator(".kb-count")).to_have_text("1")
    new = make.deal(ann, way, name="Новая с телефона").id
    expect(card(hers, new)).to_be_visible()
    assert hers.evaluate("document.body.dataset.same") == "yes" and shown(hers) == stored(ann, way.id)


def test_a_drop_while_the_line_is_cut_is_saved_when_it_is_back(window: Window, ann: Actor, way: PipelineRow) -> None:
    first, second = make.stage(way, 0).id, make.stage(way, 1).id
    deals = [make.deal(ann, way).id for _ in range(2)][::-1]
    page = opened(window, way)
    lift(page, deals[0])
    carry(page, second)
    page.context.set_offline(True)
    page.mouse.up()
    assert order(page, second) == [deals[0]]
    assert stage_of(ann, deals[0]) == first
    page.context.set_offline(False)
    expect(card(page, deals[0])).not_to_have_attribute("data-pending", "true", timeout=30_000)
    assert shown(page) == stored(ann, way.id) == {**stored(ann, way.id), second: [deals[0]], first: [deals[1]]}


def test_what_is_wanted_is_in_the_address(window: Window, ann: Actor, way: PipelineRow) -> None:
    olga = people.actor("olga")
    mine, hers = make.deal(ann, way, name="Токарный центр").id, make.deal(olga, way, name="Фрезерный центр").id
    page = opened(window, way)
    page.get_by_role("button", name="Mine").click()
    expect(card(page, hers)).to_have_count(0)
    expect(card(page, mine)).to_be_visible()
    assert "mine=1" in page.url
    page.get_by_role("button", name="Mine").click()
    page.get_by_role("searchbox", name="Name, number or client").fill("фрезер")
    expect(card(page, mine)).to_have_count(0)
    expect(card(page, hers)).to_be_visible()
    page.reload()
    expect(card(page, hers)).to_be_visible()
    assert card(page, mine).count() == 0 and boards.counts(page)[make.stage(way, 0).id] == 1
    page.get_by_role("searchbox", name="Name, number or client").fill("no such deal")
    expect(column(page, make.stage(way, 0).id)).to_contain_text("No deals fit these conditions")


def test_a_deal_is_added_in_a_column(window: Window, ann: Actor, way: PipelineRow) -> None:
    page = opened(window, way)
    expect(column(page, make.stage(way, 0).id)).to_contain_text("No deals yet")
    column(page, make.stage(way, 0).id).get_by_role("button", name="New deal in this stage").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Add the deal").click()
    expect(form.get_by_text("A name can't be empty")).to_be_visible()
    form.get_by_label("Name").fill("Шлифовальный станок")
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    expect(column(page, make.stage(way, 0).id)).to_contain_text("Шлифовальный станок")
    expect(page.get_by_text("No deals yet")).to_have_count(0)


def test_a_long_column_shows_twenty_and_more_on_demand(window: Window, ann: Actor, way: PipelineRow) -> None:
    first = make.stage(way, 0).id
    for _ in range(53):
        make.deal(ann, way)
    page = opened(window, way)
    expect(column(page, first).locator("[data-deal]")).to_have_count(20)
    expect(column(page, first).locator(".kb-count")).to_have_text("53")
    column(page, first).locator(".kb-show-more").click()
    expect(column(page, first).locator("[data-deal]")).to_have_count(53)
    assert shown(page) == stored(ann, way.id) | {first: order(page, first)}
