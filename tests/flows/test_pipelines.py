"""The head of sales arranges pipelines: presets, stages and what they ask for; deals keep what they stand on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.deals.queries.cards import see_deal
from crm_app.deals.queries.moves import moves
from crm_app.pipelines.actions.arranging import change_pipeline
from crm_app.pipelines.queries import PipelineRow, list_pipelines, see_pipeline
from tests import people
from tests.deals import make
from tests.flows.conftest import Window, until
from tests.work import working


@pytest.fixture
def olga(company: Database) -> Actor:
    return people.actor("olga")


@pytest.fixture
def way(olga: Actor, request: pytest.FixtureRequest) -> PipelineRow:
    """A pipeline that bears the name of its test."""
    made = make.pipeline("basic")
    perform(olga, change_pipeline, pipeline_id=made.id, values={"name": request.node.name[:80]})
    return perform(olga, see_pipeline, pipeline_id=made.id)


@pytest.fixture
def page(window: Window) -> Page:
    """The pipelines in Olga's window."""
    opened = window("olga", viewport={"width": 1440, "height": 900})
    opened.goto("/pipelines")
    expect(opened.get_by_role("heading", name="Pipelines", exact=True)).to_be_visible()
    return opened


def shown(page: Page, way: PipelineRow) -> Locator:
    return page.locator(f"[data-pipeline='{way.id}']")


def now(olga: Actor, way: PipelineRow) -> PipelineRow:
    return perform(olga, see_pipeline, pipeline_id=way.id)


def order(olga: Actor, way: PipelineRow) -> list[str]:
    return [each.name for each in now(olga, way).stages]


@pytest.fixture
def editor(window: Window, way: PipelineRow) -> Page:
    """The editor of the test's pipeline in Olga's window."""
    opened = window("olga", viewport={"width": 1440, "height": 1000})
    opened.goto(f"/pipelines/{way.id}")
    expect(opened.get_by_label("Name of the pipeline")).to_have_value(way.name)
    return opened


def stage(page: Page, stage_id: int) -> Locator:
    return page.locator(f"[data-stage-key='{stage_id}']")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def saved(page: Page) -> None:
    """It is saved: the draft is what the server has."""
    expect(page.get_by_role("button", name="Discard changes")).to_be_disabled()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()


def test_a_preset_is_looked_at_and_taken_and_stands_on_the_board(page: Page, window: Window) -> None:
    page.get_by_role("button", name="Add a pipeline").click()
    preset = page.get_by_role("dialog").locator("[data-preset=services]")
    expect(preset).to_contain_text("Acceptance")
    preset.get_by_role("button", name="Take it").click()
    expect(page).to_have_url(re.compile(r"/pipelines/\d+/?$"))
    name = page.get_by_label("Name of the pipeline")
    expect(name).to_have_value("Sale of services")
    name.fill("Installation")
    save(page)
    expect(page.get_by_role("heading", name="Installation", exact=True)).to_be_visible()

    board = window("ann")
    board.goto("/deals")
    board.get_by_label("Pipeline").select_option(label="Installation")
    expect(board.get_by_role("heading", name="Measuring")).to_be_visible()


def test_ones_own_pipeline_is_copied(page: Page, olga: Actor, way: PipelineRow) -> None:
    box = shown(page, way)
    box.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Copy").click()
    expect(page).to_have_url(re.compile(r"/pipelines/\d+/?$"))
    number = int(page.url.rstrip("/").rpartition("/")[2])
    copy = perform(olga, see_pipeline, pipeline_id=number)
    assert number != way.id and order(olga, copy) == order(olga, way)


def test_a_draft_outlives_the_connection(editor: Page, olga: Actor, way: PipelineRow) -> None:
    editor.get_by_label("Name of the pipeline").fill("Typed on a bad line")
    with editor.expect_event("websocket"):  # the line goes and is taken up again, as the page itself does it
        editor.evaluate("dispatchEvent(new Event('pagehide')), document.dispatchEvent(new Event('visibilitychange'))")
    editor.wait_for_timeout(1_000)
    expect(editor.get_by_label("Name of the pipeline")).to_have_value("Typed on a bad line")
    save(editor)
    until(lambda: now(olga, way).name == "Typed on a bad line")


def test_stages_are_edited_as_one_draft_and_saved_at_once(
    editor: Page, window: Window, olga: Actor, way: PipelineRow
) -> None:
    board = window("ann", viewport={"width": 2400, "height": 900})
    board.goto(f"/deals?pipeline={way.id}")
    names = order(olga, way)
    expect(board.locator("[data-stage] h2")).to_have_text(names[:-3])
    first, second = stage(editor, way.stages[0].id), stage(editor, way.stages[1].id)
    first.get_by_label("Name").fill("Hello")
    first.get_by_label("Probability").fill("15")
    first.get_by_label("Working days in the stage").fill("3")
    first.get_by_label("Colour").select_option("violet")
    expect(first.get_by_role("button", name="Move up")).to_be_disabled()
    second.get_by_role("button", name="Move up").focus()
    editor.keyboard.press("Enter")
    expect(second.get_by_role("button", name="Move up")).to_be_disabled()
    editor.get_by_role("button", name="Add a stage").click()
    editor.locator("[data-stage-key='-1']").get_by_label("Name").fill("Trial run")
    assert order(olga, way) == names  # nothing is saved yet
    save(editor)
    saved(editor)
    wanted = [names[1], "Hello", *names[2:-3], "Trial run"]
    assert order(olga, way) == [*wanted, *names[-3:]]
    kept = now(olga, way).stages[1]
    assert (kept.probability, kept.rot_days, kept.colour) == (15, 3, "violet")
    expect(board.locator("[data-stage] h2")).to_have_text(wanted)  # without a reload


def test_a_stage_is_dragged_to_its_place(editor: Page, olga: Actor, way: PipelineRow) -> None:
    names = order(olga, way)
    grip = stage(editor, way.stages[2].id).locator("[draggable]")
    grip.drag_to(stage(editor, way.stages[0].id))
    expect(editor.locator("[data-stage-key]").first.get_by_label("Name")).to_have_value(names[2])
    save(editor)
    saved(editor)
    assert order(olga, way)[:3] == [names[2], names[0], names[1]]


def test_nothing_typed_is_lost_when_it_is_refused(editor: Page, olga: Actor, way: PipelineRow) -> None:
    first, second = stage(editor, way.stages[0].id), stage(editor, way.stages[1].id)
    first.get_by_label("Name").fill("Typed for long")
    second.get_by_label("Probability").fill("150")
    save(editor)
    expect(second.get_by_role("alert")).to_contain_text("from 0 to 100")
    expect(first.get_by_label("Name")).to_have_value("Typed for long")
    assert order(olga, way) == [each.name for each in way.stages]
    second.get_by_label("Probability").fill("50")
    save(editor)
    saved(editor)
    assert order(olga, way)[0] == "Typed for long"


def test_a_stage_asks_for_fields_and_the_board_asks_the_person(
    editor: Page, window: Window, olga: Actor, way: PipelineRow
) -> None:
    second = way.stages[1]
    row = stage(editor, second.id)
    row.locator("summary").click()
    row.get_by_label("Amount").check()
    save(editor)
    saved(editor)
    assert now(olga, way).stages[1].required_fields == ["amount"]

    deal = make.deal(people.actor("ann"), way)
    other = window("ann")
    other.goto(f"/deals/{deal.id}")
    other.get_by_role("navigation", name="Stages").get_by_role("button", name=second.name, exact=True).click()
    expect(other.get_by_role("dialog").get_by_label("Amount")).to_be_visible()


def test_transitions_are_named_and_the_card_says_why_not(
    editor: Page, window: Window, olga: Actor, way: PipelineRow
) -> None:
    names = order(olga, way)
    editor.get_by_label("Order of stages").select_option("named")
    editor.get_by_role("button", name=f"{names[0]} → {names[2]}: not allowed").click()
    editor.get_by_label("only with a right").check()
    expect(editor.get_by_role("button", name=f"{names[0]} → {names[2]}: allowed with a rule")).to_be_visible()
    editor.get_by_role("button", name=f"{names[0]} → {names[1]}: not allowed").click()
    save(editor)
    saved(editor)
    ways = {(each.from_id, each.to_id, each.is_guarded) for each in now(olga, way).transitions}
    first, second, third, fourth = (each.id for each in way.stages[:4])
    assert ways == {(first, third, True), (first, second, False)}

    deal = make.deal(people.actor("ann"), way)
    told = {row.stage_id: row.drop for row in perform(people.actor("ann"), moves, deal_id=deal.id)}
    assert (told[second], told[third], told[fourth]) == ("free", "no", "no")


def test_what_a_removed_stage_holds_is_moved_and_a_version_brought_back(
    editor: Page, olga: Actor, way: PipelineRow
) -> None:
    ann = people.actor("ann")
    gone, there = way.stages[0], way.stages[1]
    deal = make.deal(ann, way)
    stage(editor, gone.id).get_by_role("button", name="Remove the stage").click()
    expect(stage(editor, gone.id)).to_have_count(0)
    save(editor)
    asked = editor.get_by_role("dialog")
    expect(asked).to_contain_text("Cards on it: 1")
    asked.get_by_role("combobox").select_option(label=there.name)
    asked.get_by_role("button", name="Save the change").click()
    expect(asked).to_be_hidden()
    saved(editor)
    with working():
        expect(editor.locator("[data-stage-key]")).to_have_count(len(way.stages) - 1)
        until(lambda: perform(ann, see_deal, deal_id=deal.id).deal.stage_id == there.id)
        until(lambda: gone.name not in order(olga, way))

    former = editor.locator(f"[data-version='{way.version}']")
    former.locator("summary").click()
    expect(former).to_contain_text(gone.name)
    former.get_by_role("button", name="Go back to this version").click()
    editor.get_by_role("dialog").get_by_role("button", name="Save the change").click()
    expect(stage(editor, gone.id)).to_be_visible()
    assert order(olga, way) == [each.name for each in way.stages]


def test_anothers_change_is_told_and_what_is_typed_stays(editor: Page, olga: Actor, way: PipelineRow) -> None:
    stage(editor, way.stages[0].id).get_by_label("Name").fill("Mine")
    perform(people.actor("adam"), change_pipeline, pipeline_id=way.id, values={"order_rule": "both"})
    expect(editor.get_by_text("Somebody else has changed the pipeline")).to_be_visible()
    expect(stage(editor, way.stages[0].id).get_by_label("Name")).to_have_value("Mine")
    editor.get_by_role("button", name="Show the new one").click()
    expect(editor.get_by_label("Order of stages")).to_have_value("both")
    assert order(olga, way)[0] != "Mine"


def test_a_pipeline_with_deals_is_kept_and_an_empty_one_goes(page: Page, olga: Actor, way: PipelineRow) -> None:
    deal = make.deal(people.actor("ann"), way)
    box = shown(page, way)

    def remove() -> None:
        box.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name="Remove the pipeline").click()
        asked = page.get_by_role("dialog")
        expect(asked).to_contain_text(way.name)
        asked.get_by_role("button", name="Remove the pipeline").click()

    remove()
    expect(page.locator(".toast")).to_contain_text("has deals")
    expect(box).to_be_visible()
    assert deal.pipeline_id == way.id

    empty = make.pipeline("basic")
    box = shown(page, empty)
    expect(box).to_be_visible()  # it came by itself
    way = empty
    remove()
    expect(box).to_have_count(0)


def test_a_manager_does_not_find_the_page(window: Window) -> None:
    page = window("ann")
    page.goto("/pipelines")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.locator("[data-pipeline]")).to_have_count(0)


def test_a_head_goes_past_the_order_on_the_card_and_the_history_says_why(
    window: Window, olga: Actor, way: PipelineRow
) -> None:
    perform(olga, change_pipeline, pipeline_id=way.id, values={"order_rule": "strict"})
    deal = make.deal(people.actor("ann"), way, name="In a hurry")
    third = way.stages[2]
    card = window("olga")
    card.goto(f"/deals/{deal.id}")
    card.get_by_role("navigation", name="Stages").get_by_role("button", name=third.name, exact=True).click()
    asked = card.get_by_role("dialog")
    expect(asked).to_contain_text("Strict order")
    asked.get_by_label("Reason").fill("They have paid already")
    asked.get_by_role("button", name="Move").click()
    expect(asked).to_be_hidden()
    expect(card.locator("main")).to_contain_text("Past the order of stages")
    expect(card.locator("main")).to_contain_text("They have paid already")
    assert perform(olga, see_deal, deal_id=deal.id).deal.stage_id == third.id

    ann = window("ann")
    other = make.deal(people.actor("ann"), way, name="Not in a hurry")
    ann.goto(f"/deals/{other.id}")
    steps = ann.get_by_role("navigation", name="Stages")
    expect(steps.get_by_role("button", name=third.name, exact=True)).to_be_disabled()


def test_the_administrator_hides_a_pipeline_from_a_role(window: Window, way: PipelineRow) -> None:
    adam = window("adam")
    adam.goto(f"/pipelines/{way.id}")
    row = adam.locator("[data-row='marketer']")
    row.get_by_label("See", exact=True).select_option("none")
    expect(row.get_by_label("See", exact=True)).to_have_value("none")
    until(lambda: way.id not in [each.id for each in perform(people.actor("mary"), list_pipelines)])
    row.get_by_label("See", exact=True).select_option("as_all")
    until(lambda: way.id in [each.id for each in perform(people.actor("mary"), list_pipelines)])


def test_a_head_does_not_find_who_may(editor: Page) -> None:
    expect(editor.get_by_role("heading", name="Versions")).to_be_visible()
    expect(editor.get_by_role("heading", name="Who may")).to_have_count(0)
