"""The board: counts and sums are those of all deals that the person sees, whatever part of them is shown."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import Forbidden, NotFound
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.board import BoardRow, see_board, see_column, see_columns
from crm_app.deals.queries.cards import DealRow, list_deals
from crm_app.deals.screens.board_rows import BoardColumn, to_columns
from crm_app.pipelines.queries import PipelineRow
from crm_app.pipelines.screens.board_prints import changes, print_of
from tests.deals import make


@pytest.fixture
def way(ann: Actor, bob: Actor, olga: Actor) -> PipelineRow:
    """A free pipeline with 60 deals of three people in two currencies, some without an amount, all over the stages."""
    made, chance = make.pipeline("basic"), random.Random(7)
    client = make.client(owner=ann)
    for number in range(60):
        owner = chance.choice([ann, bob, olga])
        deal = make.deal(
            owner,
            made,
            name=f"Сделка {number}",
            amount=chance.choice([None, 0, 100, 12_345]),
            currency=chance.choice(["RUB", "RUB", "USD"]),
            client_id=client.id if owner is not bob and number % 2 else None,
        )
        stage = chance.choice(made.stages)
        perform(owner, move_deal, deal_id=deal.id, stage_id=stage.id, reason="да")
    return made


def brute(rows: list[DealRow]) -> dict[int, tuple[int, dict[str, int]]]:
    """Counts and sums by stage, counted one by one."""
    totals: dict[int, tuple[int, dict[str, int]]] = {}
    for stage_id, count in Counter(row.stage_id for row in rows).items():
        of_stage = [row for row in rows if row.stage_id == stage_id]
        sums: dict[str, int] = {}
        for row in of_stage:
            sums[row.currency] = sums.get(row.currency, 0) + (row.amount or 0)
        totals[stage_id] = (count, sums)
    return totals


def totals(board: BoardRow) -> dict[int, tuple[int, dict[str, int]]]:
    return {c.stage.id: (c.count, {s.currency: s.amount for s in c.sums}) for c in board.columns if c.count}


CHOSEN: list[dict[str, Any]] = [
    {},
    {"mine": True},
    {"q": "сделка 1"},
    {"q": "вектор"},
    {"q": "5"},
    {"filter": {"all": [{"field": "amount", "op": "ge", "value": 1}, {"field": "currency", "value": "RUB"}]}},
    {"filter": {"any": [{"field": "responsible_id", "value": "me"}, {"field": "amount", "op": "empty"}]}},
]


def test_counts_and_sums_are_exact(way: PipelineRow, ann: Actor, bob: Actor, adam: Actor) -> None:
    for actor, chosen in itertools.product((ann, bob, adam), CHOSEN):
        board = perform(actor, see_board, pipeline_id=way.id, per_column=2, **chosen)
        rows = perform(actor, list_deals, limit=200, filter=chosen.get("filter")).rows
        if chosen.get("mine"):
            rows = [row for row in rows if row.responsible_id == actor.id]
        for word in chosen.get("q", "").split():
            rows = [row for row in rows if word in f"{row.name}\n{row.client_name}".casefold()]
        assert totals(board) == brute(rows), chosen
        assert all(len(column.cards) <= 2 for column in board.columns)


def test_the_whole_of_a_column_is_shown_page_by_page(way: PipelineRow, adam: Actor) -> None:
    whole = perform(adam, see_board, pipeline_id=way.id, per_column=200)
    for column in whole.columns:
        assert column.after is None
        part = perform(adam, see_column, stage_id=column.stage.id, per_column=3)
        seen = list(part.cards)
        while part.after:
            part = perform(adam, see_column, stage_id=column.stage.id, per_column=3, after=part.after)
            seen += part.cards
        assert seen == column.cards and part.count == column.count == len(seen)


def test_closed_columns_may_be_counted_without_their_cards(way: PipelineRow, adam: Actor) -> None:
    board = perform(adam, see_board, pipeline_id=way.id, with_closed=False)
    closed = [column for column in board.columns if column.stage.kind != "open"]
    assert all(column.count and not column.cards for column in closed)


def test_some_columns_are_as_on_the_whole_board(way: PipelineRow, ann: Actor, bob: Actor, adam: Actor) -> None:
    for actor, chosen in itertools.product((ann, bob, adam), CHOSEN):
        board = perform(actor, see_board, pipeline_id=way.id, per_column=3, **chosen)
        first, second, *_ = (column.stage.id for column in board.columns)
        columns = perform(actor, see_columns, pipeline_id=way.id, windows={second: 3, first: 0}, **chosen)
        assert columns[1] == board.columns[1]
        assert columns[0] == replace(board.columns[0], cards=[], after=None)


def test_of_another_pipeline_no_column_is_told(way: PipelineRow, adam: Actor) -> None:
    other = make.pipeline("basic")
    assert perform(adam, see_columns, pipeline_id=way.id, windows={other.stages[0].id: 5}) == []


def test_of_a_move_only_the_card_is_sent_and_of_no_change_nothing(way: PipelineRow, adam: Actor) -> None:
    def columns() -> list[BoardColumn]:
        return to_columns(perform(adam, see_board, pipeline_id=way.id, per_column=3), clock.now(), with_closed=False)

    before = columns()
    prints = {column["id"]: print_of(column) for column in before}
    assert changes(prints, columns()) == []
    here, there = before[0], before[1]
    moved = here["cards"][1]["id"]
    perform(adam, move_deal, deal_id=moved, stage_id=there["id"])
    left, entered = changes(prints, columns())
    assert left["order"] == [here["cards"][0]["id"], here["cards"][2]["id"], left["cards"][0]["id"]]
    assert (left["count"], entered["count"]) == (here["count"] - 1, there["count"] + 1)
    assert entered["order"] == [moved, *(card["id"] for card in there["cards"][:2])]
    assert [card["id"] for card in entered["cards"]] in ([], [moved])  # sent where it looks different in its new column
    assert changes(prints, columns()) == []


def test_a_name_that_may_not_be_seen_is_not_on_the_card(way: PipelineRow, bob: Actor, adam: Actor) -> None:
    client = make.client("Секрет", owner=adam)
    make.deal(adam, way, name="Чужой клиент", client_id=client.id, responsible_id=bob.id)
    cards = perform(bob, see_board, pipeline_id=way.id, per_column=200).columns[0].cards
    assert [card.client_name for card in cards if card.name == "Чужой клиент"] == [""]


def test_who_may_not_see_deals_sees_no_board(way: PipelineRow, mary: Actor, ann: Actor) -> None:
    with pytest.raises(Forbidden):
        perform(mary, see_board, pipeline_id=way.id)
    with pytest.raises(NotFound):
        perform(ann, see_board, pipeline_id=404)
