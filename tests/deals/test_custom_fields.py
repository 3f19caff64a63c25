"""Deals have fields of the company's own: all of them, or those of chosen pipelines."""

from __future__ import annotations

import pytest

from crm_app.cards.actions.fields import add_field, write_fields
from crm_app.cards.field_queries import see_own_fields
from crm_app.cards.queries.every_card import search_cards, see_timeline
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NotFound
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.drafts import DealDraft
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import list_deals, see_deal
from crm_app.duplicates.actions.merging import merge_cards
from tests import make
from tests.cards.fields import field
from tests.deals.make import deal, pipeline


def test_values_are_kept_found_and_filtered(ann: Actor) -> None:
    way = pipeline()
    field("number", card="deal"), field("text", "Марка", card="deal")
    field("formula", "Вдвое", card="deal", formula="razmer * 2")
    one = deal(ann, way, fields={"razmer": "7", "marka": "Москвич"})
    deal(ann, way, fields={"razmer": 3})
    assert perform(ann, see_deal, deal_id=one.id).deal.fields == {"razmer": 7, "marka": "Москвич", "vdvoe": 14}
    assert [row.id for row in perform(ann, search_cards, words="москвич")] == [one.id]
    where = {"field": "fields.razmer", "op": "gt", "value": 5}
    assert [row.id for row in perform(ann, list_deals, filter=where).rows] == [one.id]
    board = perform(ann, see_board, pipeline_id=way.id, filter=where)
    assert [card.id for column in board.columns for card in column.cards] == [one.id]
    perform(ann, write_fields, card="deal", card_id=one.id, fields={"marka": "Победа"})
    assert [row.id for row in perform(ann, search_cards, words="победа")] == [one.id]
    latest = perform(ann, see_timeline, card="deal", card_id=one.id)[0]
    assert latest.details["changes"] == {"fields.marka": ["Москвич", "Победа"]}


def test_a_deal_of_another_client_is_still_found_by_its_own_texts(ann: Actor) -> None:
    field("text", "Марка", card="deal")
    kept, absorbed = make.client(ann, "Вектор"), make.client(ann, "Горизонт")
    made = deal(ann, pipeline(), client_id=absorbed.id, fields={"marka": "Москвич"})
    perform(ann, merge_cards, card="client", kept_id=kept.id, absorbed_id=absorbed.id)
    assert [row.id for row in perform(ann, search_cards, words="москвич вектор")] == [made.id]


def test_what_is_required_is_asked_in_its_pipelines_alone(adam: Actor, ann: Actor) -> None:
    first, second = pipeline(), pipeline("services")
    field(card="deal", required="creation", pipelines=[second.id])
    plain = deal(ann, first)
    with pytest.raises(BadInput, match="Размер"):
        deal(ann, second)
    with pytest.raises(BadInput, match="razmer"):
        perform(ann, change_deal, deal_id=plain.id, values=DealDraft(fields={"razmer": "S"}))
    whole = deal(ann, second, fields={"razmer": "S"})
    with pytest.raises(BadInput, match="Размер"):
        perform(ann, change_deal, deal_id=whole.id, values=DealDraft(fields={"razmer": ""}))
    seen = [perform(ann, see_own_fields, card="deal", card_id=each.id).fields for each in (plain, whole)]
    assert [len(fields) for fields in seen] == [0, 1]
    with pytest.raises(BadInput) as refusal:
        perform(adam, add_field, card="deal", kind="text", values={"name_ru": "Иное", "required": "stage"})
    assert refusal.value.reasons[0].field == "stages"


def test_who_must_not_changes_nothing(ann: Actor, bob: Actor, mary: Actor) -> None:
    field(card="deal")
    made = deal(ann, pipeline(), fields={"razmer": "S"})
    for somebody in (bob, mary):
        with pytest.raises((NotFound, Forbidden)):
            perform(somebody, write_fields, card="deal", card_id=made.id, fields={"razmer": "M"})
    assert perform(ann, see_deal, deal_id=made.id).deal.fields == {"razmer": "S"}
