"""A client written in one line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_app.clients.one_line import TakenApart, take_apart

EXAMPLES = {
    "ООО Вектор, +7 912 345-67-89, ann@vector.ru": TakenApart(
        "ООО Вектор", "company", ["+79123456789"], ["ann@vector.ru"]
    ),
    "Иванов Пётр Сергеевич 8 (495) 123-45-67 доб. 12; Petr@mail.ru, звонить утром": TakenApart(
        "Иванов Пётр Сергеевич", "person", ["+74951234567 доб. 12"], ["petr@mail.ru"], note="звонить утром"
    ),
    "АО «Ромашка, дочь» ИНН 7707083893 www.romashka.ru Тула": TakenApart(
        "АО «Ромашка, дочь»", "company", site="www.romashka.ru", inn="7707083893", note="Тула"
    ),
    "ИП Сидорова А.А. тел. 8-912-345-67-89, 89123456780": TakenApart(
        "ИП Сидорова А.А.", "company", ["+79123456789", "+79123456780"]
    ),
    "Acme Ltd, https://acme.com/contact, +44 20 7946 0958": TakenApart(
        "Acme Ltd", "company", ["+442079460958"], site="https://acme.com/contact"
    ),
    "ООО 2000, 1234567890": TakenApart("ООО 2000", "company", note="1234567890"),
    "  ": TakenApart(),
}


@pytest.mark.parametrize("line", EXAMPLES)
def test_a_line_is_taken_apart(line: str) -> None:
    assert take_apart(line) == EXAMPLES[line]


@settings(deadline=None)
@given(st.text(max_size=600))
def test_any_line_is_taken_apart(line: str) -> None:
    taken = take_apart(line)
    assert taken.name == taken.name.strip()


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[а-яё]{3,12}( [а-яё]{3,12})?", fullmatch=True), min_size=1, max_size=6))
def test_words_are_never_lost(parts: list[str]) -> None:
    taken = take_apart(", ".join(parts))
    assert ", ".join(filter(None, [taken.name, taken.note])) == ", ".join(parts)
