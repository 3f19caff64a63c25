"""A drop that others have to approve: a rule from the editor, the drop, the letter's link, the move seen live."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import RuleBroken
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.models import Deal
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from tests import people
from tests.deals import make
from tests.deals.approvals import MILLION, OVER_A_MILLION, guard, of, requests, rule, stage_of
from tests.flows.boards import card, column, drag
from tests.flows.conftest import Window, until
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings.kit import sender

WIDE = {"width": 1900, "height": 900}


@pytest.fixture
def ann(company: object) -> Actor:
    return people.actor("ann")


@pytest.fixture
def olga(company: object) -> Actor:
    return people.actor("olga")


@pytest.fixture
def way(ann: Actor) -> PipelineRow:
    return make.pipeline("basic")


def board(window: Window, way: PipelineRow, person: str, **options: object) -> Page:
    page = window(person, **{"viewport": WIDE, **options})
    page.goto(f"/deals?pipeline={way.id}")
    expect(column(page, way.stages[0].id)).to_be_visible()
    return page


def waiting(ann: Actor, way: PipelineRow, *approvers: Actor, name: str) -> Deal:
    """A deal of Ann's that waits for approval of its way to the second stage."""
    there = make.stage(way, 1).id
    guard(way, rule(there, *map(of, approvers), conditions=OVER_A_MILLION, words="Проверьте скидку"))
    deal = make.deal(ann, way, name=name, amount=2 * MILLION)
    with pytest.raises(RuleBroken):
        perform(ann, move_deal, deal_id=deal.id, stage_id=there)
    return deal


def test_a_drop_waits_for_a_letters_link_and_is_seen_on_anothers_board(
    window: Window, ann: Actor, olga: Actor, way: PipelineRow, mail_server: ScriptedServer
) -> None:
    sender()
    there = make.stage(way, 1).id
    guard(way, rule(there, of(olga)))
    deal = make.deal(ann, way, name="Станки по ссылке", amount=MILLION)
    mail_server.script.envelopes.clear()
    anns, adams = board(window, way, "ann"), board(window, way, "adam")
    drag(anns, deal.id, there)
    expect(anns.locator(".toast").filter(has_text="Ольга")).to_be_visible()
    expect(column(anns, make.stage(way, 0).id).locator(f"[data-deal='{deal.id}']")).to_contain_text("Waits for Ольга")
    expect(card(adams, deal.id)).to_contain_text("Waits for Ольга")
    until(lambda: any(e.rcpt_tos == ["olga@test.example"] for e in mail_server.script.envelopes))
    link = next(
        found
        for letter in mail_server.letters()
        if (found := re.search(r"/approve\?token=[\w-]+", str(letter.get_body(("plain",)).get_content())))  # type: ignore[union-attr]
    )[0]
    olgas = window("ann", locale="en-GB")  # whose cookie it is does not count: the link is Olga's
    olgas.context.clear_cookies()
    olgas.goto(link)
    expect(olgas.get_by_role("heading", name="Станки по ссылке")).to_be_visible()
    assert stage_of(deal) == deal.stage_id
    olgas.get_by_role("button", name="Approve").click()
    expect(olgas.get_by_role("heading", name="Approved")).to_be_visible()
    expect(column(adams, there).locator(f"[data-deal='{deal.id}']")).to_be_visible()
    expect(column(anns, there).locator(f"[data-deal='{deal.id}']")).to_be_visible()
    olgas.goto(link)
    expect(olgas.get_by_role("heading", name="The link no longer works")).to_be_visible()


def test_a_rule_is_made_in_the_editor_and_read_aloud(window: Window, olga: Actor, way: PipelineRow) -> None:
    page = window("olga", viewport={"width": 1440, "height": 1000})
    page.goto(f"/pipelines/{way.id}")
    expect(page.get_by_label("Name of the pipeline")).to_have_value(way.name)
    page.get_by_label("Name of the pipeline").fill("Названо, но не сохранено")
    page.get_by_role("button", name="Add a rule").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Choose who approves")).to_be_visible()
    dialog.get_by_label("To stage").select_option(label=make.stage(way, 1).name)
    dialog.get_by_label("Approver 1", exact=True).select_option(label="Адам")
    dialog.get_by_label("Approver 2", exact=True).select_option(label="the head of the responsible's department")
    dialog.get_by_label("How many have to agree").select_option(label="any one")
    dialog.get_by_label("Time for each").fill("8")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    said = page.locator("[data-rule]")
    expect(said).to_contain_text("it is approved by one of Адам, the head of the responsible's department.")
    expect(said).to_contain_text("They have 8 working hours, then they are reminded.")
    expect(page.get_by_label("Name of the pipeline")).to_have_value("Названо, но не сохранено")
    (kept,) = perform(olga, see_pipeline, pipeline_id=way.id).approvals
    assert kept.approvers == [f"employee:{people.actor('adam').id}", "head"] and kept.needs == 1
    page.get_by_role("button", name="Change the rule").click()
    dialog.get_by_label("What approvers are told").fill("Look at the discount")
    dialog.get_by_role("button", name="Save").click()
    expect(said).to_contain_text("Look at the discount")
    said.get_by_role("button", name="Delete").click()
    expect(said).to_have_count(0)


def test_what_waits_is_decided_in_the_list_of_ones_own(
    window: Window, ann: Actor, olga: Actor, way: PipelineRow
) -> None:
    deal = waiting(ann, way, olga, name="Решается в списке")
    approval = requests(deal)[0][0]
    page = window("olga", viewport={"width": 1440, "height": 900})
    page.goto("/deals/approvals")
    mine = page.locator(f"[data-approval='{approval}']")
    expect(mine).to_contain_text("Решается в списке")
    expect(mine).to_contain_text("Проверьте скидку")
    mine.get_by_text("Reject", exact=True).first.click()
    mine.get_by_label("Why not").fill("слишком дорого")
    mine.get_by_role("button", name="Reject").click()
    expect(mine).to_have_count(0)
    assert requests(deal)[0][1] == "rejected"


def test_the_card_shows_for_whom_it_waits_and_is_withdrawn_or_approved(
    window: Window, ann: Actor, olga: Actor, way: PipelineRow
) -> None:
    deal = waiting(ann, way, olga, name="Видно на карточке")
    anns, olgas = window("ann", viewport=WIDE), window("olga", viewport=WIDE)
    for page in (anns, olgas):
        page.goto(f"/deals/{deal.id}")
        expect(page.locator("[data-approval]")).to_contain_text("waits for approval by Ольга")
    expect(anns.get_by_role("button", name="Approve")).to_have_count(0)
    anns.get_by_role("button", name="Withdraw the request").click()
    for page in (anns, olgas):
        expect(page.locator("[data-approval]")).to_have_count(0)
    anns.locator(f".step[data-stage='{make.stage(way, 1).id}']").click()
    expect(olgas.locator("[data-approval]")).to_be_visible()
    olgas.get_by_label("A word (optional)").fill("можно")
    olgas.get_by_role("button", name="Approve").click()
    until(lambda: stage_of(deal) == make.stage(way, 1).id)
    expect(anns.locator("[data-approval]")).to_have_count(0)
    expect(anns.locator(f".step[data-stage='{make.stage(way, 1).id}']")).to_have_attribute("aria-current", "step")


def test_the_head_goes_past_an_approval_and_says_why(window: Window, ann: Actor, olga: Actor, way: PipelineRow) -> None:
    deal = waiting(ann, way, people.actor("adam"), name="В обход")
    page = window("olga", viewport=WIDE)
    page.goto(f"/deals/{deal.id}")
    page.get_by_role("button", name="Move without approval").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("договорились устно")
    page.get_by_role("dialog").locator("button[type=submit]").click()
    until(lambda: stage_of(deal) == make.stage(way, 1).id)
    expect(page.locator("[data-approval]")).to_have_count(0)
    expect(page.get_by_text("договорились устно").first).to_be_visible()


def test_the_list_shows_for_whom_a_deal_waits(window: Window, ann: Actor, olga: Actor, way: PipelineRow) -> None:
    deal = waiting(ann, way, olga, name="В списке ждёт")
    page = window("ann", viewport=WIDE)
    page.goto(f"/deals/list?q={deal.name}")
    expect(page.locator(f"[data-row='{deal.id}'] [title='Waits for Ольга']")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_nothing_is_wider_than_the_window(
    window: Window, ann: Actor, olga: Actor, way: PipelineRow, theme: str, size: tuple[int, int], locale: str
) -> None:  # fmt: skip
    folder = os.environ.get("CRM_TEST_PICTURES", "")
    deal = waiting(ann, way, olga, people.actor("adam"), name=f"Поставка {theme} {size[0]} {locale}")
    page = window("olga", viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme=theme)
    for name, path, seen in (
        ("approvals", "/deals/approvals", f"[data-approval='{requests(deal)[0][0]}']"),
        ("deal", f"/deals/{deal.id}", "[data-approval]"),
        ("board", f"/deals?pipeline={way.id}", f"[data-deal='{deal.id}']"),
        ("editor", f"/pipelines/{way.id}", "[data-rule]"),
    ):
        page.goto(path)
        expect(page.locator(seen).first).to_be_visible()
        page.locator(seen).first.scroll_into_view_if_needed()
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{theme}-{size[0]}-{locale[:2]}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
