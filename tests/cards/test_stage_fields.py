"""Fields of the company's own that stages ask for: one rule for board, card, API and later changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from crm_app.access.queries import list_roles
from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.actions.fields import add_field, change_field, set_field_level, write_fields
from crm_app.cards.field_queries import list_fields
from crm_app.cards.models import CustomField
from crm_app.cards.queries.every_card import search_cards, see_timeline
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, Forbidden, NotFound, RuleBroken
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.cards import see_deal
from crm_app.deals.queries.moves import moves
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.moves import move_lead
from crm_app.leads.queries.cards import list_moves, see_lead
from crm_app.pipelines.actions.plans import remove_stage
from crm_app.pipelines.queries import PipelineRow
from tests import people
from tests.cards.fields import field
from tests.deals import make as deals
from tests.leads import make as leads


@dataclass(frozen=True)
class Kind:
    """Cards that go through stages, and how they are moved."""

    card: str
    way: Callable[[Actor], PipelineRow]
    make: Callable[[Actor, PipelineRow], Any]
    move: Any
    moves: Any
    own: Callable[[Actor, int], dict[str, Any]]

    def of(self, card_id: int) -> dict[str, int]:
        return {f"{self.card}_id": card_id}

    def enter(self, actor: Actor, card_id: int, stage_id: int, **fields: Any) -> Any:
        """Move a card, with some fields filled in on the way."""
        told = {"fields": fields} if self.card == "deal" else fields
        return perform(actor, self.move, **self.of(card_id), stage_id=stage_id, fields=told if fields else None)

    def drops(self, actor: Actor, card_id: int) -> dict[int, Any]:
        return {row.stage_id: row for row in perform(actor, self.moves, **self.of(card_id))}


KINDS = [
    Kind(
        "deal", lambda adam: deals.pipeline(), deals.deal, move_deal, moves,
        lambda actor, card_id: perform(actor, see_deal, deal_id=card_id).deal.fields,
    ),
    Kind(
        "lead", leads.way, lambda owner, way: leads.lead(owner, pipeline_id=way.id), move_lead, list_moves,
        lambda actor, card_id: perform(actor, see_lead, lead_id=card_id).fields,
    ),
]  # fmt: skip


@pytest.fixture(params=KINDS, ids=[kind.card for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def way(kind: Kind, adam: Actor) -> PipelineRow:
    return kind.way(adam)


def asked_at(kind: Kind, stage_id: int, name: str = "Размер", **values: Any) -> CustomField:
    return field("text", name, card=kind.card, required="stage", stages=[stage_id], **values)


def level(adam: Actor, made: CustomField, to: str) -> Actor:
    """What managers may do with a field; gives Ann as she is then."""
    role = next(role_id for role_id, key, _, _ in perform(adam, list_roles) if key == "manager")
    perform(adam, set_field_level, field_id=made.id, role_id=role, level=to)
    return people.actor("ann")


def test_a_stage_asks_for_them_and_takes_them_with_the_move(kind: Kind, way: PipelineRow, ann: Actor) -> None:
    second = way.stages[1].id
    asked_at(kind, second), asked_at(kind, second, "Марка")
    card = kind.make(ann, way)
    verdict = kind.drops(ann, card.id)[second]
    assert verdict.drop == "needs"
    assert [reason.field for reason in verdict.reasons] == ["fields.razmer", "fields.marka"]
    assert "Размер" in verdict.reasons[0].text("ru")
    for fields in ({}, {"razmer": "S"}, {"razmer": " ", "marka": "Победа"}):
        with pytest.raises(RuleBroken) as refusal:
            kind.enter(ann, card.id, second, **fields)
        assert {reason.field for reason in refusal.value.reasons} <= {"fields.razmer", "fields.marka"}
        assert kind.own(ann, card.id) == {}
    assert kind.enter(ann, card.id, second, razmer="S", marka="Победа").stage_id == second
    assert kind.own(ann, card.id) == {"razmer": "S", "marka": "Победа"}
    assert [row.id for row in perform(ann, search_cards, words="победа")] == [card.id]
    told = perform(ann, see_timeline, card=kind.card, card_id=card.id)[0].details["changes"]
    assert told["fields.razmer"] == [None, "S"]


def test_what_is_filled_in_already_is_not_asked_again_and_stays_filled(
    kind: Kind, way: PipelineRow, ann: Actor
) -> None:
    second = way.stages[1].id
    asked_at(kind, second)
    card = kind.make(ann, way)
    perform(ann, write_fields, card=kind.card, card_id=card.id, fields={"razmer": "S"})
    perform(ann, write_fields, card=kind.card, card_id=card.id, fields={"razmer": ""})  # here nobody asks for it
    perform(ann, write_fields, card=kind.card, card_id=card.id, fields={"razmer": "M"})
    assert kind.drops(ann, card.id)[second].drop == "free"
    kind.enter(ann, card.id, second)
    with pytest.raises(BadInput, match="Размер"):
        perform(ann, write_fields, card=kind.card, card_id=card.id, fields={"razmer": ""})
    assert kind.own(ann, card.id) == {"razmer": "M"}


def test_who_may_only_read_a_field_waits_for_others_and_who_does_not_see_it_is_not_asked(
    kind: Kind, way: PipelineRow, adam: Actor, ann: Actor
) -> None:
    second = way.stages[1].id
    made = asked_at(kind, second)
    card = kind.make(ann, way)
    reader = level(adam, made, "read")
    verdict = kind.drops(reader, card.id)[second]
    assert verdict.drop == "no" and "Размер" in verdict.reasons[0].text("ru")
    with pytest.raises(RuleBroken, match="Размер"):
        kind.enter(reader, card.id, second)
    with pytest.raises(Forbidden):
        kind.enter(reader, card.id, second, razmer="S")
    blind = level(adam, made, "hidden")
    assert kind.drops(blind, card.id)[second].drop == "free"
    with pytest.raises(BadInput):
        kind.enter(blind, card.id, second, razmer="S")
    perform(adam, write_fields, card=kind.card, card_id=card.id, fields={"razmer": "S"})
    reader = level(adam, made, "read")
    assert kind.enter(reader, card.id, second).stage_id == second


def test_who_must_not_move_a_card_fills_nothing_in(
    kind: Kind, way: PipelineRow, ann: Actor, bob: Actor, mary: Actor
) -> None:
    asked_at(kind, way.stages[1].id)
    card = kind.make(ann, way)
    for somebody in (bob, mary):
        with pytest.raises((NotFound, Forbidden)):
            kind.enter(somebody, card.id, way.stages[1].id, razmer="S")
    assert kind.own(ann, card.id) == {}


def test_the_stage_in_which_a_card_begins_asks_for_them_too(kind: Kind, way: PipelineRow, ann: Actor) -> None:
    asked_at(kind, way.stages[0].id)
    with pytest.raises(BadInput, match="Размер"):
        kind.make(ann, way)


def test_only_stages_that_cards_of_its_kind_go_through_can_ask(kind: Kind, way: PipelineRow, adam: Actor) -> None:
    other = kind.way(adam)
    for stages, pipelines in (([], []), ([way.stages[0].id], [other.id]), ([99_999], [])):
        values = {"name_ru": "Размер", "required": "stage", "stages": stages, "pipelines": pipelines}
        with pytest.raises(BadInput) as refusal:
            perform(adam, add_field, card=kind.card, kind="text", values=values)
        assert refusal.value.reasons[0].field == "stages"
    made = asked_at(kind, way.stages[0].id)
    assert perform(adam, change_field, field_id=made.id, values={"required": "never"}).stages == []
    with pytest.raises(BadInput):
        perform(adam, add_field, card="client", kind="text", values={"name_ru": "Иное", "required": "stage"})


def test_a_stage_that_is_gone_asks_for_nothing(kind: Kind, way: PipelineRow, adam: Actor) -> None:
    stages = [way.stages[0].id, way.stages[1].id]
    made = field("text", card=kind.card, required="stage", stages=stages)
    perform(adam, remove_stage, stage_id=stages[1])
    perform(adam, change_field, field_id=made.id, values={"help_ru": "Как на бирке"})
    assert [each.stages for each in perform(adam, list_fields, card=kind.card)] == [stages[:1]]


def test_a_lead_that_is_converted_is_asked_by_the_same_rule(adam: Actor, ann: Actor) -> None:
    way = leads.way(adam)
    won = next(stage.id for stage in way.stages if stage.kind == "won")
    asked_at(KINDS[1], won)
    lead = leads.lead(ann, person="Лукин Пров")
    with pytest.raises(CrmError, match="Размер"):
        perform(ann, convert_lead, lead_id=lead.id, contact={})
    perform(ann, write_fields, card="lead", card_id=lead.id, fields={"razmer": "S"})
    assert perform(ann, convert_lead, lead_id=lead.id, contact={}).contact_id


def test_a_lost_lead_needs_its_reason_and_the_field(adam: Actor, ann: Actor) -> None:
    way = leads.way(adam)
    lost = next(stage.id for stage in way.stages if stage.kind == "lost")
    asked_at(KINDS[1], lost, "Конкурент")
    lead = leads.lead(ann)
    with pytest.raises(RuleBroken) as refusal:
        perform(ann, move_lead, lead_id=lead.id, stage_id=lost)
    assert [reason.field for reason in refusal.value.reasons] == ["reason", "fields.konkurent"]
    given = {"reason": "Дорого", "fields": {"konkurent": "Горизонт"}}
    assert perform(ann, move_lead, lead_id=lead.id, stage_id=lost, **given).disqualified_reason == "Дорого"


def test_nobody_empties_them_on_many_cards_at_once(adam: Actor, ann: Actor) -> None:
    way = leads.way(adam)
    asked_at(KINDS[1], way.stages[0].id)
    lead = leads.lead(ann, fields={"razmer": "S"})
    arguments = {"field": "fields.razmer", "value": ""}
    with pytest.raises(BadInput, match="Размер"):
        perform(ann, start_bulk, card="lead", operation="set", arguments=arguments, ids=[lead.id])
