"""Many leads moved to a stage at once, by the one rule; those refused are told why; taken back within a day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_app.cards.actions.bulk_changes import start_bulk, undo_bulk
from crm_app.cards.queries.bulk_changes import list_left
from crm_app.cards.queries.every_card import see_timeline
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound
from crm_app.leads.actions.moves import move_lead, touch_lead
from crm_app.leads.queries.board import see_lead_board
from crm_app.leads.queries.cards import see_lead
from crm_app.pipelines.queries import PipelineRow
from tests import make as cards
from tests.deals import make as deals
from tests.leads import make


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.way(adam, order_rule="strict")


def moved(actor: Actor, ids: list[int], stage_id: Any, **arguments: Any) -> Any:
    arguments = {"stage_id": stage_id, **arguments}
    return perform(actor, start_bulk, card="lead", operation="move", arguments=arguments, ids=ids)


def test_each_passes_the_rule_and_those_that_it_refuses_are_told(
    adam: Actor, ann: Actor, bob: Actor, way: PipelineRow
) -> None:
    other = make.way(adam)
    near, far, theirs = make.lead(ann, "Рядом"), make.lead(ann, "Далеко"), make.lead(bob, "Чужой")
    stranger = make.lead(ann, "Из другой схемы", other.id)
    perform(ann, move_lead, lead_id=near.id, stage_id=way.stages[1].id)
    done = moved(ann, [near.id, far.id, stranger.id, theirs.id, 999], way.stages[2].id)
    assert done.counts == {"changed": 1, "refused": 2, "gone": 2}
    assert {each.title for each in perform(ann, list_left, bulk_id=done.id) if each.why} == {
        "Далеко",
        "Из другой схемы",
    }
    assert perform(ann, see_lead, lead_id=near.id).stage == "Квалификация"
    assert perform(ann, see_lead, lead_id=far.id).touch != "touched", "who was refused has not been touched"


def test_a_move_is_taken_back_as_if_it_had_never_been(ann: Actor, way: PipelineRow) -> None:
    fresh, touched, since = (make.lead(ann, name) for name in ("Новый", "Тронутый", "Другой"))
    perform(ann, touch_lead, lead_id=touched.id)
    board = perform(ann, see_lead_board, pipeline_id=way.id)
    lost = next(stage for stage in way.stages if stage.kind == "lost")
    done = moved(ann, [fresh.id, touched.id, since.id], lost.id, reason="Нет бюджета")
    assert perform(ann, see_lead, lead_id=fresh.id).disqualified_reason == "Нет бюджета"
    perform(ann, move_lead, lead_id=since.id, stage_id=way.stages[0].id)
    assert perform(ann, undo_bulk, bulk_id=done.id).counts == {"changed": 3, "taken": 2, "left": 1}
    back = perform(ann, see_lead, lead_id=fresh.id)
    assert (back.stage, back.disqualified_reason, back.touch) == ("Новый", "", "waiting")
    assert perform(ann, see_lead, lead_id=touched.id).touch == "touched"
    assert {row.id for row in perform(ann, see_lead_board, pipeline_id=way.id).columns[0].cards} == {
        row.id for row in board.columns[0].cards
    }
    assert perform(ann, see_timeline, card="lead", card_id=fresh.id)[0].details["to_stage"] == "Новый"


def test_what_is_no_move_is_refused(ann: Actor, way: PipelineRow) -> None:
    lead, lost = make.lead(ann), next(stage for stage in way.stages if stage.kind == "lost")
    of_deals = deals.pipeline().stages[0].id
    for stage_id, more, refusal in (
        ("1", {}, BadInput), (True, {}, BadInput), (None, {}, BadInput),
        (9_999, {}, NotFound), (10**30, {}, BadInput), (-1, {}, NotFound),
        (lost.id, {}, BadInput),
        (way.stages[1].id, {"reason": "х" * 501}, BadInput),
    ):  # fmt: skip
        with pytest.raises(refusal):
            moved(ann, [lead.id], stage_id, **more)
    with pytest.raises((BadInput, NotFound)):
        moved(ann, [lead.id], of_deals)
    assert perform(ann, see_lead, lead_id=lead.id).stage == "Новый"


def test_who_may_not_change_leads_moves_none(ann: Actor, way: PipelineRow) -> None:
    lead, to = make.lead(ann), way.stages[1].id
    still = replace(ann, permissions={key: held for key, held in ann.permissions.items() if key != "lead.change"})
    for actor, refusal in ((still, Forbidden), (cards.guest(ann), Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            moved(actor, [lead.id], to)
