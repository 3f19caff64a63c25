"""The words that demo data are made of: one list per language, combined by a seeded random."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from crm_app.core.i18n import LOCALES

T = TypeVar("T")
Words = dict[str, Any]

_FOLDER = Path(__file__).resolve().parent / "words"
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя«»-–. ",
        [*"abvgdee", "zh", *"ziyklmnoprstufh", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya", *[""] * 6],
        strict=True,
    )
)
_TO_LATIN = str.maketrans(_LATIN)


class Chance(Random):
    """A seeded random that picks."""

    def one(self, things: list[T]) -> T:
        """One of several things, each as likely."""
        return things[int(self.random() * len(things))]

    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random()


@cache
def words_of(locale: str) -> Words:
    """The lists of one language."""
    assert locale in LOCALES, locale
    words: Words = json.loads((_FOLDER / f"{locale}.json").read_text(encoding="utf-8"))
    return words


@cache
def stories_of(locale: str) -> list[Words]:
    """The clients whose story is told by hand, in one language."""
    stories: list[Words] = json.loads((_FOLDER / f"{locale}.stories.json").read_text(encoding="utf-8"))
    return stories


def latin(text: str) -> str:
    """A name as it stands in an address: small Latin letters and digits."""
    return "".join(c for c in text.lower().translate(_TO_LATIN) if c.isascii() and c.isalnum())
