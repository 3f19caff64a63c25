"""Cards of a pipeline that a role may not see are not there for it: and who fills and moves them is apart."""

from __future__ import annotations

import pytest

from crm_app.access.queries import actor_by_id
from crm_app.cards.actions.rights import set_exception
from crm_app.cards.queries.rights import list_role_rows
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.core.errors import CrmError, Forbidden, NotFound
from crm_app.deals.actions.cards import create_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.models import Deal
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import list_deals, see_deal
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset, remove_pipeline
from crm_app.pipelines.queries import PipelineRow, list_pipelines, see_pipeline
from tests.deals import make


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.pipeline("basic")


@pytest.fixture
def deal(way: PipelineRow, ann: Actor) -> Deal:
    return make.deal(ann, way, name="Тайная поставка")


def set_scope(adam: Actor, way: PipelineRow, verb: str, scope: str, role: str = "manager") -> None:
    role_id = next(row.id for row in perform(adam, list_role_rows) if row.key == role)
    told = {"part": "pipeline_id", "value": str(way.id), "scope": scope}
    perform(adam, set_exception, role_id=role_id, permission=f"deal.{verb}", **told)


def again(actor: Actor) -> Actor:
    """The same person with the rights of now."""
    return perform(SYSTEM, actor_by_id, employee_id=actor.id, via="screen")


def test_deals_of_an_unseen_pipeline_are_not_there(adam: Actor, ann: Actor, way: PipelineRow, deal: Deal) -> None:
    other = make.deal(ann, make.pipeline("services"), name="Явная поставка")
    set_scope(adam, way, "see", "")
    ann = again(ann)
    with pytest.raises(NotFound):
        perform(ann, see_deal, deal_id=deal.id)
    with pytest.raises(NotFound):
        perform(ann, see_board, pipeline_id=way.id)
    with pytest.raises(NotFound):
        perform(ann, move_deal, deal_id=deal.id, stage_id=way.stages[1].id)
    assert [row.id for row in perform(ann, list_deals).rows] == [other.id]
    assert [row.id for row in perform(ann, list_deals, q="поставка").rows] == [other.id]
    assert way.id not in [row.id for row in perform(ann, list_pipelines)]
    with pytest.raises(CrmError):
        perform(ann, create_deal, pipeline_id=way.id, values={"name": "Ещё одна"})


def test_a_head_who_arranges_pipelines_knows_of_each(adam: Actor, olga: Actor, way: PipelineRow, deal: Deal) -> None:
    set_scope(adam, way, "see", "", role="head")
    olga = again(olga)
    assert perform(olga, see_pipeline, pipeline_id=way.id).id == way.id
    with pytest.raises(NotFound):
        perform(olga, see_deal, deal_id=deal.id)


def test_who_adds_and_who_moves_is_said_for_each_pipeline(
    adam: Actor, ann: Actor, way: PipelineRow, deal: Deal
) -> None:
    set_scope(adam, way, "create", "")
    set_scope(adam, way, "move", "")
    ann, other = again(ann), make.pipeline("services")
    with pytest.raises(Forbidden):
        perform(ann, create_deal, pipeline_id=way.id, values={"name": "Ещё одна"})
    with pytest.raises(Forbidden):
        perform(ann, move_deal, deal_id=deal.id, stage_id=way.stages[1].id)
    assert perform(ann, see_deal, deal_id=deal.id).deal.name == "Тайная поставка"
    fine = make.deal(ann, other)
    perform(ann, move_deal, deal_id=fine.id, stage_id=other.stages[1].id)


def test_a_wider_reach_shows_deals_of_one_pipeline_alone(
    adam: Actor, bob: Actor, way: PipelineRow, deal: Deal, ann: Actor
) -> None:
    other = make.deal(ann, make.pipeline("services"))
    set_scope(adam, way, "see", "all")
    bob = again(bob)
    assert perform(bob, see_deal, deal_id=deal.id).deal.id == deal.id
    with pytest.raises(NotFound):
        perform(bob, see_deal, deal_id=other.id)


def test_what_was_said_of_a_pipeline_goes_with_it(adam: Actor, olga: Actor, ann: Actor) -> None:
    way = make.pipeline("basic")
    set_scope(adam, way, "see", "")
    perform(olga, remove_pipeline, pipeline_id=way.id)
    later = perform(adam, create_pipeline_from_preset, preset="basic")  # SQLite gives its number again
    assert later.id in [row.id for row in perform(again(ann), list_pipelines)]


def test_a_head_sets_no_rights(olga: Actor, adam: Actor, way: PipelineRow) -> None:
    role_id = next(row.id for row in perform(adam, list_role_rows) if row.key == "manager")
    with pytest.raises(Forbidden):
        perform(
            olga, set_exception, role_id=role_id, permission="deal.see", part="pipeline_id", value=str(way.id), scope=""
        )
