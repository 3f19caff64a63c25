"""A lead's way through the stages, and its first touch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_app.cards.actions.comments import add_comment
from crm_app.cards.queries.every_card import see_timeline
from crm_app.core import clock
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.leads import rules
from crm_app.leads.actions.moves import disqualify_lead, move_lead, take_back_lead, touch_lead, untouch_lead
from crm_app.leads.queries.board import see_lead_board, see_lead_columns
from crm_app.leads.queries.cards import list_moves, see_lead
from crm_app.pipelines.actions.arranging import change_pipeline
from crm_app.pipelines.queries import PipelineRow
from tests.leads import make
from tests.work import work_off


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.way(adam)


def test_a_lead_is_moved_and_has_been_touched_by_that(ann: Actor, way: PipelineRow) -> None:
    made = make.lead(ann)
    perform(ann, move_lead, lead_id=made.id, stage_id=way.stages[1].id)
    card = perform(ann, see_lead, lead_id=made.id)
    assert (card.stage, card.touch, card.version) == ("Связались", "touched", 2)
    facts = [row.name for row in perform(ann, see_timeline, card="lead", card_id=made.id)]
    assert facts == ["LeadMoved", "LeadTouched", "LeadAdded"]


def test_a_disqualified_lead_has_a_reason_and_is_taken_back_to_where_it_was(ann: Actor, way: PipelineRow) -> None:
    made = make.lead(ann)
    perform(ann, move_lead, lead_id=made.id, stage_id=way.stages[1].id)
    with pytest.raises(RuleBroken, match="причину") as refusal:
        perform(ann, disqualify_lead, lead_id=made.id, reason=" ")
    assert refusal.value.reasons[0].field == "reason"
    with pytest.raises(BadInput):
        perform(ann, disqualify_lead, lead_id=made.id, reason="х" * 501)
    perform(ann, disqualify_lead, lead_id=made.id, reason=" Нет  бюджета ")
    card = perform(ann, see_lead, lead_id=made.id)
    assert (card.stage_kind, card.disqualified_reason, card.touch) == ("lost", "Нет бюджета", "")
    perform(ann, take_back_lead, lead_id=made.id)
    card = perform(ann, see_lead, lead_id=made.id)
    assert (card.stage, card.disqualified_reason) == ("Связались", "")
    with pytest.raises(RuleBroken):
        perform(ann, take_back_lead, lead_id=made.id)


def test_a_strict_order_is_kept_and_other_pipelines_are_not_entered(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    made, other = make.lead(ann), make.way(adam)
    perform(adam, change_pipeline, pipeline_id=way.id, values={"order_rule": "strict"})
    drops = {row.stage_id: row.drop for row in perform(ann, list_moves, lead_id=made.id)}
    assert [drops[stage.id] for stage in way.stages] == ["free", "free", "no", "no", "needs", "free"]
    with pytest.raises(RuleBroken, match="Связались"):
        perform(ann, move_lead, lead_id=made.id, stage_id=way.stages[2].id)
    with pytest.raises(NotFound):
        perform(ann, move_lead, lead_id=made.id, stage_id=other.stages[1].id)
    perform(ann, move_lead, lead_id=made.id, stage_id=way.stages[1].id)
    with pytest.raises(RuleBroken, match="Насосы"):
        perform(ann, move_lead, lead_id=made.id, stage_id=way.stages[2].id, from_stage_id=way.stages[0].id)


def test_who_may_not_change_a_lead_may_not_move_it(
    ann: Actor, bob: Actor, mary: Actor, olga: Actor, way: PipelineRow
) -> None:
    made, theirs, there = make.lead(ann), make.lead(olga, "Чужой"), way.stages[1].id
    assert {row.drop for row in perform(ann, list_moves, lead_id=theirs.id)} == {"no"}
    wrong = ((mary, made, Forbidden), (bob, made, NotFound), (ann, theirs, Forbidden), (NOBODY, made, NeedsLogin))
    for stranger, lead, refusal in wrong:
        asked = {
            move_lead: {"stage_id": there}, disqualify_lead: {"reason": "Икс"}, take_back_lead: {}, touch_lead: {},
            untouch_lead: {},
        }  # fmt: skip
        for ability, told in asked.items():
            with pytest.raises((refusal, RuleBroken) if ability is take_back_lead else refusal):
                perform(stranger, ability, lead_id=lead.id, **told)
    assert perform(ann, see_lead, lead_id=made.id).touch == "waiting"


def test_the_timer_of_the_first_touch_knows_the_limit(
    ann: Actor, adam: Actor, way: PipelineRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make.lead(ann)
    perform(adam, change_pipeline, pipeline_id=way.id, values={"touch_minutes": 0})
    assert perform(ann, see_lead, lead_id=make.lead(ann, "Без срока").id).touch_due_at is None
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    assert perform(ann, see_lead, lead_id=made.id).touch == "late"
    perform(ann, touch_lead, lead_id=made.id)
    perform(ann, touch_lead, lead_id=made.id)
    assert perform(ann, see_lead, lead_id=made.id).touch == "touched_late"
    facts = perform(ann, see_timeline, card="lead", card_id=made.id)
    assert [(row.name, row.details.get("in_time")) for row in facts] == [("LeadTouched", False), ("LeadAdded", None)]
    perform(ann, untouch_lead, lead_id=made.id)
    assert perform(ann, see_lead, lead_id=made.id).touch == "late"


@pytest.mark.parametrize("minutes", [-1, 60 * 24 * 91])
def test_a_limit_that_makes_no_sense_is_refused(adam: Actor, ann: Actor, way: PipelineRow, minutes: int) -> None:
    with pytest.raises(BadInput):
        perform(adam, change_pipeline, pipeline_id=way.id, values={"touch_minutes": minutes})
    with pytest.raises(Forbidden):
        perform(ann, change_pipeline, pipeline_id=way.id, values={"touch_minutes": 5})


def test_a_comment_is_a_touch(ann: Actor, way: PipelineRow) -> None:
    made = make.lead(ann)
    perform(ann, add_comment, card="lead", card_id=made.id, body="Не берёт трубку")
    work_off()
    assert perform(ann, see_lead, lead_id=made.id).touch == "touched"


def test_the_board_counts_and_orders_what_the_reader_sees(ann: Actor, bob: Actor, way: PipelineRow) -> None:
    first, second, third = (make.lead(ann, name) for name in ("Первый", "Второй", "Третий"))
    make.lead(bob, "Чужой")
    there = way.stages[1].id
    perform(ann, move_lead, lead_id=first.id, stage_id=there)
    perform(ann, move_lead, lead_id=second.id, stage_id=there, after_id=first.id)
    perform(ann, move_lead, lead_id=third.id, stage_id=there, before_id=second.id)
    board = perform(ann, see_lead_board, pipeline_id=way.id, per_column=2)
    assert [(column.count, [card.name for card in column.cards]) for column in board.columns[:2]] == [
        (0, []), (3, ["Первый", "Третий"]),
    ]  # fmt: skip
    after = board.columns[1].after or ""
    (more,) = perform(ann, see_lead_columns, pipeline_id=way.id, windows={there: 2}, after=after)
    assert [card.name for card in more.cards] == ["Второй"]
    found = perform(ann, see_lead_board, pipeline_id=way.id, q="трет", mine=True, with_closed=False)
    assert [column.count for column in found.columns] == [0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(("order_rule", "there", "drop"), [("free", 1, "free"), ("strict", 1, "no"), ("free", 3, "no")])
def test_where_a_disqualified_lead_may_go(way: PipelineRow, order_rule: str, there: int, drop: str) -> None:
    standing = rules.Standing(way.stages[4].id, way.stages[0].id)
    asked = replace(way, order_rule=order_rule)
    assert rules.check_entry(standing, asked, way.stages, way.stages[there]).drop == drop
