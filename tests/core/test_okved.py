"""OKVED 2: a code gets its name, and activities are found as people type them."""

from __future__ import annotations

import pytest

from crm_app.core import okved


def test_the_whole_classifier_is_there_and_each_code_once() -> None:
    lines = okved.BOOK.read_text(encoding="utf-8").splitlines()
    codes = [line.partition(";")[0] for line in lines]
    assert len(lines) == len(set(codes)) == 2878
    assert all(okved.told(code).startswith(f"{code} ") for code in codes)


@pytest.mark.parametrize("written", ["", "Мебель", "99.99", "46.62 станки", "1", "46.62.", "46,62"])
def test_what_is_no_code_of_it_stays_as_it_is(written: str) -> None:
    assert okved.told(written) == written


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("46.62", "46.62 Торговля оптовая станками"),
        ("оптовая станки", "46.62 Торговля оптовая станками"),
        ("ТОРГОВЛЯ  станками", "46.62 Торговля оптовая станками"),
        ("производство мебель", "31 Производство мебели"),
        ("46 станки", "46.62 Торговля оптовая станками"),
    ],
)
def test_it_is_found_by_code_or_by_words_in_any_case_of_theirs(typed: str, first: str) -> None:
    assert okved.find(typed)[0] == first


def test_nothing_is_offered_for_nothing_and_not_more_than_is_asked() -> None:
    assert okved.find("  ") == okved.find("zzz") == []
    assert len(okved.find("производство", most=5)) == 5
