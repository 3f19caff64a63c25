"""Texts in one line: what can't be seen is not kept, so that no two names look alike and are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.folding import one_line


@pytest.mark.parametrize(
    "typed", ["Вектор", " Вектор\t", "\u202eВектор", "Век\u200bтор", "\ufeffВектор", "Вектор\u2066", "Век\u00adтор"]
)
def test_a_name_is_kept_as_it_reads(typed: str) -> None:
    assert one_line(typed) == "Вектор"


def test_what_is_seen_stays() -> None:
    assert one_line("ООО «Ёлка» — 5\u00a0№ 😀 é") == "ООО «Ёлка» — 5 № 😀 é"


@given(st.text())
def test_it_changes_nothing_twice(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
