"""Stays of deals in stages, against a plain reckoning of the history; by every door, on both databases."""

from __future__ import annotations

import contextlib
import itertools
import random
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select

from crm_app.cards.actions.bulk_changes import undo_bulk
from crm_app.cards.actions.comments import add_comment
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.door import Tx, perform, query
from crm_app.core.errors import CrmError, Forbidden, NotFound
from crm_app.deals.actions.cards import delete_deal, restore_deal
from crm_app.deals.actions.moves import hold_deal, move_deal, return_deal
from crm_app.deals.models import Deal, StageSpan
from crm_app.deals.queries.board import DealCard, see_board
from crm_app.deals.queries.stays import ArrivalRow, list_arrivals, list_conversions, list_stays, list_usual_stays
from crm_app.deals.screens.stays_panel import stage_lines, stay_lines
from crm_app.pipelines.actions.arranging import change_stage
from crm_app.pipelines.actions.plans import save_pipeline
from crm_app.pipelines.queries import PipelineRow
from crm_app.worktime.actions import set_week
from tests.deals import make
from tests.deals.test_bulk import bulk
from tests.pipelines.test_plans import now as pipeline_now
from tests.pipelines.test_plans import plan_of, without
from tests.work import work_off

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.at = MONDAY

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    hand = Clock()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@query("deal.see")
def stored(tx: Tx, deal_id: int) -> tuple[Any, ...]:
    """A deal's age began at, its stage, since when, and all stays as they are stored."""
    deal = tx.need(Deal, deal_id)
    found = select(StageSpan.stage_id, StageSpan.entered_at, StageSpan.left_at, StageSpan.entered_by_id)
    rows = tx.all(found.where(StageSpan.deal_id == deal_id).order_by(StageSpan.entered_at, StageSpan.id))
    return deal.created_at, deal.stage_id, deal.entered_stage_at, [tuple(row) for row in rows]


def check(reader: Actor, deal_id: int) -> None:
    """Stays follow each other without gap or overlap from the deal's beginning; the last is open, and where it is."""
    created_at, stage_id, since, stays = perform(reader, stored, deal_id=deal_id)
    assert stays[0][1] == created_at
    for one, other in itertools.pairwise(stays):
        assert one[2] == other[1] and one[1] <= one[2]
    assert [stay[2] is None for stay in stays] == [False] * (len(stays) - 1) + [True]
    assert (stays[-1][0], stays[-1][1]) == (stage_id, since)
    told = perform(reader, list_stays, deal_id=deal_id)
    assert sum(row.seconds for row in told) == int((clock.now() - created_at).total_seconds())


def go(door: str, actor: Actor, deal_id: int, ids: list[int], stage_id: int, time: Clock) -> None:
    """One deal, or all of them, through a door."""
    if door == "move":
        perform(actor, move_deal, deal_id=deal_id, stage_id=stage_id, reason="да")
    elif door == "hold":
        perform(actor, hold_deal, deal_id=deal_id, reason="ждём")
    elif door == "return":
        perform(actor, return_deal, deal_id=deal_id)
    elif door == "bin":
        perform(actor, delete_deal, deal_id=deal_id)
        perform(actor, restore_deal, deal_id=deal_id)
    else:
        done = bulk(actor, "move", ids, stage_id=stage_id, reason="да")
        time.pass_(minutes=5)
        if door == "taken back":
            perform(actor, undo_bulk, bulk_id=done.id)


@pytest.mark.parametrize("seed", range(4))
def test_stays_never_overlap_and_make_up_the_deals_age_by_every_door(
    seed: int, time: Clock, ann: Actor, olga: Actor, adam: Actor
) -> None:
    chance, way = random.Random(seed), make.pipeline("basic")
    ids = [make.deal(olga, way).id for _ in range(3)]
    expected = {each: [(way.stages[0].id, olga.id)] for each in ids}

    def note(deal_id: int, by: int | None) -> None:
        here = perform(olga, stored, deal_id=deal_id)[1]
        if expected[deal_id][-1][0] != here:
            expected[deal_id].append((here, by))

    for _ in range(25):
        time.pass_(hours=chance.randint(1, 30))
        one, stage = chance.choice(ids), chance.choice(way.stages)
        door = chance.choice(["move", "hold", "return", "bulk", "taken back", "bin"])
        with contextlib.suppress(CrmError):  # what the order of stages refuses leaves everything as it was
            go(door, olga, one, ids, stage.id, time)
        for each in ids:
            note(each, olga.id)
            check(olga, each)
    gone = next(s for s in way.stages if s.kind == "open" and s.id != way.stages[0].id)
    plan = without(plan_of(pipeline_now(adam, way)), gone.id)
    time.pass_(hours=1)
    perform(adam, save_pipeline, pipeline_id=way.id, plan=plan, goes={gone.id: way.stages[0].id})
    work_off()
    time.pass_(hours=1)
    for each in ids:
        note(each, None)
        check(olga, each)
        stays = perform(olga, stored, deal_id=each)[3]
        assert [(stay[0], stay[3]) for stay in stays] == expected[each]
        assert [row.stage_id for row in perform(olga, list_stays, deal_id=each)] == [stay[0] for stay in stays]


def test_a_deal_that_is_not_seen_tells_no_stays(ann: Actor, mary: Actor, bob: Actor) -> None:
    deal = make.deal(ann, make.pipeline("basic"))
    with pytest.raises(NotFound):
        perform(bob, list_stays, deal_id=deal.id)
    for asked, told in ((list_stays, {"deal_id": deal.id}), (list_usual_stays, {"pipeline_id": 1})):
        with pytest.raises(Forbidden):
            perform(mary, asked, **told)


def test_a_panel_sums_the_stays_of_a_stage(time: Clock, ann: Actor) -> None:
    way = make.pipeline("basic")
    deal = make.deal(ann, way)
    for place, days in ((1, 3), (0, 2), (2, 4)):
        time.pass_(days=days)
        perform(ann, move_deal, deal_id=deal.id, stage_id=way.stages[place].id)
    time.pass_(days=1)
    rows = perform(ann, list_stays, deal_id=deal.id)
    assert [(line["days"], line["is_here"]) for line in stage_lines(rows)] == [(7, False), (2, False), (1, True)]
    assert [(line["days"], line["share"], line["by"]) for line in stay_lines(rows)] == [
        (3, "30", ann.name), (2, "20", ann.name), (4, "40", ann.name), (1, "10", ann.name),
    ]  # fmt: skip


def test_medians_are_those_of_the_finished_stays_that_one_sees(time: Clock, bob: Actor, olga: Actor) -> None:
    way, chance = make.pipeline("basic"), random.Random(3)
    seen: dict[str, list[float]] = {"bob": [], "olga": []}
    for number in range(9):
        owner = olga if number % 3 else bob
        deal = make.deal(owner, way)
        hours = chance.randint(1, 400)
        time.pass_(hours=hours)
        perform(owner, move_deal, deal_id=deal.id, stage_id=way.stages[1].id)
        seen["bob" if owner is bob else "olga"].append(hours * 3600)
    for reader, name in ((olga, "olga"), (bob, "bob")):
        told = {row.stage_id: row for row in perform(reader, list_usual_stays, pipeline_id=way.id)}
        assert told.keys() == {way.stages[0].id}, "nobody has left the others yet"
        usual = told[way.stages[0].id]
        assert (usual.seconds, usual.stays) == (median(seen[name]), len(seen[name]))


def test_the_latest_stays_alone_say_what_is_usual(time: Clock, ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    way, spent = make.pipeline("basic"), []
    monkeypatch.setattr("crm_app.deals.queries.stays.LATEST", 3)
    for hours in (100, 90, 5, 7, 6):
        deal = make.deal(ann, way)
        time.pass_(hours=hours)
        perform(ann, move_deal, deal_id=deal.id, stage_id=way.stages[1].id)
        spent.append(hours * 3600)
    usual = perform(ann, list_usual_stays, pipeline_id=way.id)[0]
    assert (usual.seconds, usual.stays) == (median(spent[-3:]), 3)


def card(reader: Actor, way: PipelineRow, deal_id: int) -> DealCard:
    board = perform(reader, see_board, pipeline_id=way.id)
    return next(card for column in board.columns for card in column.cards if card.id == deal_id)


def test_a_deal_rots_by_working_days_since_it_came(time: Clock, ann: Actor, adam: Actor) -> None:
    way = make.pipeline("basic")
    perform(adam, set_week, week=[[540, 1080]] * 5 + [None, None])
    perform(adam, change_stage, stage_id=way.stages[0].id, values={"rot_days": 3})
    time.pass_(days=3)  # Thursday
    deal = make.deal(ann, way)
    time.pass_(days=4)  # Monday: Friday and Monday have passed
    assert not card(ann, way, deal.id).is_rotting
    time.pass_(days=1)
    assert card(ann, way, deal.id).is_rotting
    perform(ann, add_comment, card="deal", card_id=deal.id, body="Звонил, думают")
    assert card(ann, way, deal.id).is_rotting, "it is counted from its entry"


def test_a_touch_keeps_a_deal_fresh_where_the_stage_says_so(time: Clock, ann: Actor, adam: Actor) -> None:
    way = make.pipeline("basic")
    perform(adam, change_stage, stage_id=way.stages[0].id, values={"rot_days": 3, "rot_from": "touch"})
    deal = make.deal(ann, way)
    time.pass_(days=3)
    assert card(ann, way, deal.id).is_rotting
    perform(ann, add_comment, card="deal", card_id=deal.id, body="Звонил, думают")
    assert not card(ann, way, deal.id).is_rotting
    time.pass_(days=3)
    assert card(ann, way, deal.id).is_rotting


def test_who_has_just_moved_a_deal_is_told_to_others_who_see_it(
    time: Clock, ann: Actor, bob: Actor, olga: Actor, mary: Actor
) -> None:
    way = make.pipeline("basic")
    ids = [make.deal(ann, way, name=name).id for name in ("Первая", "Вторая", "Третья")]
    time.pass_(minutes=10)
    for each in ids[:2]:
        time.pass_(seconds=1)
        perform(ann, move_deal, deal_id=each, stage_id=way.stages[1].id)
    told = perform(olga, list_arrivals, deal_ids=ids)
    assert told == [ArrivalRow(title, way.stages[1].name, ann.name) for title in ("Первая", "Вторая")]
    assert perform(ann, list_arrivals, deal_ids=ids) == perform(bob, list_arrivals, deal_ids=ids) == []
    with pytest.raises(Forbidden):
        perform(mary, list_arrivals, deal_ids=ids)
    time.pass_(minutes=2)
    assert perform(olga, list_arrivals, deal_ids=ids) == []


def test_what_stages_keep_of_what_they_promise_is_counted_of_closed_deals(ann: Actor, bob: Actor, mary: Actor) -> None:
    way, chance = make.pipeline("basic"), random.Random(11)
    been: dict[int, set[int]] = {}
    ended: dict[int, str] = {}
    for _ in range(14):
        deal = make.deal(ann, way)
        been.setdefault(way.stages[0].id, set()).add(deal.id)
        for _ in range(chance.randint(0, 4)):
            stage = make.stage(way, chance.randint(0, 3))
            perform(ann, move_deal, deal_id=deal.id, stage_id=stage.id)
            been.setdefault(stage.id, set()).add(deal.id)
        ended[deal.id] = end = chance.choice(["won", "won", "lost", "open"])
        if end != "open":
            there = make.stage(way, end).id
            perform(ann, move_deal, deal_id=deal.id, stage_id=there, reason="да")
            been.setdefault(there, set()).add(deal.id)
    expected = {}
    for stage_id, ids in been.items():
        ends = [ended[each] for each in ids if ended[each] != "open"]
        if ends:
            expected[stage_id] = (ends.count("won"), len(ends))
    told = perform(ann, list_conversions, pipeline_id=way.id)
    assert {row.stage_id: (row.won, row.closed) for row in told} == expected
    assert perform(bob, list_conversions, pipeline_id=way.id) == []
    with pytest.raises(Forbidden):
        perform(mary, list_conversions, pipeline_id=way.id)
