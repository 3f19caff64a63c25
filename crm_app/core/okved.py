"""What firms do, by OKVED 2: a code with its name, "46.62 Торговля оптовая станками", found by either.

Source: the classifier OK 029-2014 as Rosstat published it on 2023-12-01, in okved2.csv beside this file.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from crm_app.core.folding import fold

BOOK = Path(__file__).with_name("okved2.csv")
_CODE = re.compile(r"\d\d(\.\d{1,2}(\.\d{1,2})?)?")
_ENDING_FROM = 5
"""Words of so many signs and more are looked for without their ending, since names are in any case: "станки"."""


def told(activity: str) -> str:
    """What is stored for a written activity: a bare code gets its name; anything else stays as it is."""
    name = _names().get(activity) if _CODE.fullmatch(activity) else None
    return f"{activity} {name}" if name else activity


def find(words: str, most: int = 12) -> list[str]:
    """Activities, as they are stored, whose code begins with what is typed or whose name holds all its words."""
    asked = fold(words).split()
    if not asked:
        return []
    if asked[0][0].isdigit():
        lines = (f"{code} {name}" for code, name in _names().items() if code.startswith(asked[0]))
        return [line for line in lines if all(_stem(word) in fold(line) for word in asked[1:])][:most]
    stems = [_stem(word) for word in asked]
    found = [(code, name) for code, name in _names().items() if all(stem in fold(name) for stem in stems)]
    found.sort(key=lambda each: (not fold(each[1]).startswith(stems[0]), len(each[0]), each[0]))
    return [f"{code} {name}" for code, name in found[:most]]


def _stem(word: str) -> str:
    return word if len(word) < _ENDING_FROM else word[: -1 if len(word) <= _ENDING_FROM + 1 else -2]


@cache
def _names() -> dict[str, str]:
    """Code → name, read when somebody first asks."""
    with BOOK.open(encoding="utf-8", newline="") as book:
        return dict(csv.reader(book, delimiter=";"))
