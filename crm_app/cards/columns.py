"""What columns lists of cards can have: those that a page draws in its own way, and more, which are told in words.

A feature tells of its lists once: `register_columns("client", Columns(FACES, MORE, SORTS))`. The company's own fields
come by themselves, as "fields.KEY".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from typing_extensions import TypedDict

from crm_app.core import i18n

MOST, NARROWEST, WIDEST = 40, 40, 900


class Place(TypedDict):
    """A column of somebody's list. width: pixels, 0 for as wide as the list finds right."""

    key: str
    width: int


@dataclass(frozen=True)
class Columns:
    """Columns of lists of one kind of card.

    faces: those that the page draws, in their order, with the texts that name them; spare: those of them that are not
    there until somebody wants them. more: further fields of the card, each called by the text "field.CARD.NAME"; words:
    of these, with what the text of a value starts. sorts: by which columns a list can be sorted. always: the column
    that each such list has, for it leads to the card.
    """

    faces: Mapping[str, str]
    more: tuple[str, ...]
    sorts: Collection[str]
    spare: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    always: str = "name"


COLUMNS: dict[str, Columns] = {}


def register_columns(card: str, columns: Columns) -> None:
    """Let people choose the columns of lists of a kind of card."""
    COLUMNS[card] = columns


def in_words(value: Any, locale: str, start: str = "") -> str:
    """A value of a card as a line tells it. start: of the text that a word has."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return in_words(value.date(), locale)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y" if locale != "en" else "%d %b %Y").lstrip("0" if locale == "en" else "")
    return i18n.text(f"{start}{value}", locale) if start else str(value)
