"""Ranks: there is always room between two."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.ranks import FIRST, between


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=120))
def test_a_card_put_anywhere_stands_there(places: list[float]) -> None:
    ranks: list[str] = []
    for place in places:
        index = round(place * len(ranks))
        rank = between(ranks[index - 1] if index else None, ranks[index] if index < len(ranks) else None)
        ranks.insert(index, rank)
    assert ranks == sorted(set(ranks))


def test_ranks_stay_short_on_top_and_at_the_end() -> None:
    top = end = FIRST
    for _ in range(100_000):
        top, end = between(None, top), between(end, None)
    assert len(top) <= 5 and len(end) <= 5 and top < FIRST < end


def test_always_into_the_same_gap() -> None:
    low, high = FIRST, between(FIRST, None)
    for _ in range(500):
        middle = between(low, high)
        assert low < middle < high
        high = middle
