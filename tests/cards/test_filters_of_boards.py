"""Boards take the filters of lists: whatever a list can be asked, its board shows, counts and sums up the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from crm_app.cards.actions.filters import save_filter
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.filters import OPS, FilterField
from crm_app.cards.lists import LISTS, list_at
from crm_app.cards.queries.filtering import list_askable
from crm_app.cards.queries.shelf import see_shelf
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput
from crm_app.deals.models import Deal
from crm_app.deals.queries.board import see_board, see_columns
from crm_app.deals.queries.cards import list_deals
from crm_app.leads.models import Lead
from crm_app.leads.queries.board import see_lead_board, see_lead_columns
from crm_app.leads.queries.cards import list_leads
from crm_app.pipelines.queries import PipelineRow
from tests.cards.fields import field
from tests.deals import make as deals
from tests.leads import make as leads

PERIOD = "last_7_days"
ONE = {"flag": True, "date": "today", "moment": "today", "number": 5, "money": 500, "words": "сделка", "text": "сделка"}


def _value(kind: str, op: str) -> Any:
    """Something that can be asked of a field."""
    if op == "empty":
        return False
    if kind == "happening" or (kind in ("date", "moment") and op == "in") or op == "yearly":
        return PERIOD
    one = ONE.get(kind, "1")
    return [one] if op == "in" else one


def _asked(fields: dict[str, FilterField]) -> list[dict[str, Any]]:
    return [
        {"field": name, "op": op, "value": _value(each.kind, op)}
        for name, each in fields.items()
        for op in OPS[each.kind]
    ]


OWN = {name: FilterField(kind, "") for name, kind in (("fields.sum", "money"), ("fields.since", "date"))}  # type: ignore[arg-type]


@pytest.fixture
def ways(adam: Actor, ann: Actor, bob: Actor) -> dict[str, PipelineRow]:
    """Twenty deals and twenty leads, alike in nothing."""
    for card in ("deal", "lead"):
        field("money", "Sum", card)
        field("date", "Since", card)
    made = {"deal": deals.pipeline("goods"), "lead": leads.way(adam)}
    today = clock.now().date().isoformat()
    for number in range(20):
        owner = (ann, bob)[number % 2]
        own = {"sum": 500 * (number % 3), "since": today if number % 4 else None}
        deal = deals.deal(
            owner, made["deal"], name=f"Сделка {number}", amount=None if number % 5 == 0 else number * 100
        )
        lead = leads.lead(owner, f"Лид {number}", city="Тула" if number % 3 else "", source="site")
        with database().session(writes=True) as session:
            for model, row, stages in ((Deal, deal, made["deal"].stages), (Lead, lead, made["lead"].stages)):
                stored: Any = session.get(model, row.id)
                stored.fields, stored.stage_id = {k: v for k, v in own.items() if v}, stages[number % len(stages)].id
                stored.created_at -= timedelta(days=number)
            session.commit()
        for card, row in (("deal", deal), ("lead", lead)):
            if number % 2:
                perform(adam, set_tags, card=card, card_id=row.id, names=["1"])
            if number % 3 == 0:
                perform(adam, set_star, card=card, card_id=row.id, starred=True)
    return made


def _shown(actor: Actor, card: str, way: PipelineRow, where: Any) -> tuple[set[int], Counter[int], Any]:
    """Cards of a board, how many its heads tell of by stage, and their sums by currency."""
    if card == "deal":
        board = perform(actor, see_board, pipeline_id=way.id, filter=where, per_column=200)
        sums = Counter({s.currency: 0 for c in board.columns for s in c.sums})
        for column in board.columns:
            sums.update({each.currency: each.amount for each in column.sums})
    else:
        board = perform(actor, see_lead_board, pipeline_id=way.id, where=where, per_column=200)
        sums = None
    counts = Counter({c.stage.id: c.count for c in board.columns if c.count})
    return {each.id for c in board.columns for each in c.cards}, counts, sums


@pytest.mark.parametrize("card", ["deal", "lead"])
def test_a_board_shows_what_the_list_finds_whatever_is_asked(
    ways: dict[str, PipelineRow], adam: Actor, bob: Actor, card: str
) -> None:
    asked = _asked({**LISTS[card].fields, **OWN})
    groups = [{"any": [asked[0], {"none": asked[1:3]}]}, {"none": [{"field": "tags", "op": "has", "value": "1"}]}]
    some = 0
    for actor in (adam, bob):
        for where in (*asked, *groups):
            rows = (
                perform(actor, list_deals, filter=where, limit=200).rows
                if card == "deal"
                else perform(actor, list_leads, where=where, limit=200).rows
            )
            ids, counts, sums = _shown(actor, card, ways[card], where)
            assert ids == {row.id for row in rows}, where
            assert counts == Counter(row.stage_id for row in rows), where
            if card == "deal":
                assert sums.total() == sum(row.amount or 0 for row in rows), where
            some += 0 < len(rows) < 20
    assert some > 30  # most conditions tell cards apart


@pytest.mark.parametrize("card", ["deal", "lead"])
def test_columns_that_are_asked_for_anew_obey_the_filter(ways: dict[str, PipelineRow], adam: Actor, card: str) -> None:
    where = {"all": [{"field": "tags", "op": "has", "value": "1"}, {"field": "fields.sum", "op": "ge", "value": 5}]}
    windows = {stage.id: 200 for stage in ways[card].stages}
    whole, counts, _ = _shown(adam, card, ways[card], where)
    if card == "deal":
        columns = perform(adam, see_columns, pipeline_id=ways[card].id, windows=windows, filter=where)
    else:
        columns = perform(adam, see_lead_columns, pipeline_id=ways[card].id, windows=windows, where=where)
    assert 0 < len(whole) < 20
    assert {each.id for column in columns for each in column.cards} == whole
    assert Counter({column.stage.id: column.count for column in columns if column.count}) == counts


@pytest.mark.parametrize(("path", "card"), [("/deals", "deal"), ("/leads/board", "lead"), ("/tasks", "task")])
def test_a_page_is_asked_about_what_its_cards_are(ann: Actor, path: str, card: str) -> None:
    assert list_at(path) == list_at(f"{path}/") == card
    assert list_at("") == list_at("/") == ""
    assert {each.name for each in perform(ann, list_askable, card=card)} >= {"responsible_id", "created_at", "star"}


def test_a_saved_filter_of_a_list_is_one_of_its_board(ways: dict[str, PipelineRow], ann: Actor) -> None:
    where = {"all": [{"field": "amount", "op": "ge", "value": 5}]}
    perform(ann, save_filter, card="deal", name="Крупные", conditions=where)
    (saved,) = [each for each in perform(ann, see_shelf, card="deal").filters if each.name == "Крупные"]
    assert _shown(ann, "deal", ways["deal"], saved.conditions)[0]


def test_a_board_refuses_what_the_list_refuses(ways: dict[str, PipelineRow], ann: Actor) -> None:
    for wrong in ({"field": "nothing"}, {"all": [{"field": "amount", "op": "has", "value": 1}]}, {"some": []}):
        with pytest.raises(BadInput):
            _shown(ann, "deal", ways["deal"], wrong)
        with pytest.raises(BadInput):
            _shown(ann, "lead", ways["lead"], wrong)
