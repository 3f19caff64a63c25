"""Two hundred random drags by two people at one board: screen and database agree at the end, always.

Every fifth drag is aimed at a stage that the order forbids, every tenth has its line cut in mid-drop. The same seed
gives the same drags; CRM_DRAGS_SEED tries others.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import see_deal
from crm_app.pipelines.queries import PipelineRow
from tests import people
from tests.deals import make
from tests.flows.boards import carry, counts, lift, shown, stored
from tests.flows.conftest import Window

DRAGS, REFUSED_EACH, CUT_EACH = 200, 5, 10
WIDE = {"width": 2400, "height": 2600}
"""All cards are on the screen: a column that scrolls hides some under its head."""


@dataclass
class Tally:
    """How many drags of each kind there were."""

    refused: int = 0
    cut: int = 0
    moved: int = 0


def test_screen_and_database_agree_after_two_hundred_drags(window: Window, company: object) -> None:
    ann, olga = people.actor("ann"), people.actor("olga")
    way, chance, tally = make.pipeline("goods"), random.Random(os.environ.get("CRM_DRAGS_SEED", "kartoteka")), Tally()
    _spread(ann, way)
    pages = [_opened(window, person, way) for person in ("ann", "olga")]
    for number in range(DRAGS):
        page = pages[number % 2]
        is_refused, is_cut = number % REFUSED_EACH == 3, number % CUT_EACH == 6
        _one_drag(page, chance, ann, way, tally, is_refused=is_refused, is_cut=is_cut)
        if number % 20 == 19:
            _agree(pages, olga, way)
            _refill(ann, way, chance)
    _agree(pages, olga, way)
    assert (tally.refused, tally.cut) == (DRAGS // REFUSED_EACH, DRAGS // CUT_EACH) and tally.moved > DRAGS // 2


def _spread(ann: Actor, way: PipelineRow) -> None:
    """Three deals in each open stage."""
    for place in range(7):
        for number in range(3):
            deal = make.deal(ann, way, name=f"Сделка {place}.{number}", amount=(place + 1) * 100_00)
            for step in range(1, place + 1):
                perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, step).id)


def _opened(window: Window, person: str, way: PipelineRow) -> Page:
    page = window(person, viewport=WIDE)
    page.goto(f"/deals?pipeline={way.id}")
    expect(page.locator("[data-deal]")).to_have_count(21)
    return page


def _one_drag(
    page: Page, chance: random.Random, ann: Actor, way: PipelineRow, tally: Tally, *, is_refused: bool, is_cut: bool
) -> None:
    """Drag a card one column on, within its own, or to where the order lets nothing go from there."""
    board = _settled(page, ann, way)
    stages = list(board)
    place = chance.choice([place for place in range(5) if board[stages[place]]])
    deal_id = chance.choice(board[stages[place]])
    target = stages[place + 2] if is_refused else stages[place + chance.choice([0, 1, 1])]
    others = [other for other in board[target] if other != deal_id]
    lift(page, deal_id)
    carry(page, target, below=chance.choice([None, *others[:3]]))
    if is_cut:
        page.context.set_offline(True)
    page.mouse.up()
    expect(page.locator("[data-lifted='true']")).to_have_count(0)
    if is_cut:
        page.wait_for_timeout(chance.choice([0, 50, 300]))
        page.context.set_offline(False)
    expect(page.locator("[data-pending='true']")).to_have_count(0, timeout=30_000)
    stayed = perform(ann, see_deal, deal_id=deal_id).deal.stage_id == stages[place]
    assert stayed or not is_refused
    tally.refused, tally.cut = tally.refused + is_refused, tally.cut + is_cut
    tally.moved += not stayed or shown(page)[stages[place]] != board[stages[place]]


def _settled(page: Page, actor: Actor, way: PipelineRow) -> dict[int, list[int]]:
    """The board as the database has it, once the screen shows the same: what others did has arrived."""
    until = time.monotonic() + 20
    while (board := stored(actor, way.id)) != shown(page):
        assert time.monotonic() < until, (shown(page), board)
        page.wait_for_timeout(30)
    return board


def _agree(pages: list[Page], actor: Actor, way: PipelineRow) -> None:
    """Both screens show every card where the database has it, with its counts."""
    for page in pages:
        _settled(page, actor, way)
        board = perform(actor, see_board, pipeline_id=way.id)
        assert counts(page) == {c.stage.id: c.count for c in board.columns if c.stage.kind == "open"}


def _refill(ann: Actor, way: PipelineRow, chance: random.Random) -> None:
    """Bring deals back to the beginning, past the screens: some are lost, and new ones come instead."""
    lost, board = make.stage(way, "lost").id, stored(ann, way.id)
    late = [deal_id for stage_id in list(board)[5:] for deal_id in board[stage_id]]
    for deal_id in chance.sample(late, len(late) // 2):
        perform(ann, move_deal, deal_id=deal_id, stage_id=lost, reason="Дорого")
        make.deal(ann, way, name=f"Вместо {deal_id}", amount=100_00)
