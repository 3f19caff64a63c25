"""Which column feeds which field: recognised by its heading, then by what its cells look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crm_app.clients import importer
from crm_app.core.folding import fold
from crm_app.integrations.contacts.excel.cells import Cell, cell_text
from crm_app.integrations.contacts.excel.fields import by_name, field_of_heading, similar_field
from crm_app.integrations.contacts.excel.google import google_field
from crm_app.integrations.contacts.excel.looks import looks_like

How = Literal["heading", "similar", "content", ""]

CUSTOM = importer.OWN
"""Before the key of a custom field."""

_ENOUGH_OF_SAMPLE = 0.7


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what was made of it. field: of ClientDraft, "fields.KEY", or "" for left out; score: 0 to 100."""

    index: int
    heading: str
    field: str
    how: How = ""
    score: float = 0


def guess_mapping(
    headings: Sequence[str], sample: Sequence[Sequence[Cell]] = (), card: str = importer.CLIENT
) -> list[Column]:
    """What each column feeds, as a proposal that the person may change. sample: some rows below the headings.

    A field that takes one column gets the surest; a heading we know beats a similar one, and that beats content.
    """
    columns = [
        _guess(index, heading, sample, card)
        if (told := google_field(heading, headings)) is None
        else Column(index, heading, told if told in by_name(card) else "", "heading" if told else "", 100)
        for index, heading in enumerate(headings)
    ]
    columns = _tell_company_from_person(columns) if card == importer.CLIENT else _tell_first_name(columns)
    return _settle(columns, card)


def _guess(index: int, heading: str, sample: Sequence[Sequence[Cell]], card: str) -> Column:
    exact = field_of_heading(heading, card)
    if exact:
        return Column(index, heading, exact, "heading", 100)
    similar, score = similar_field(heading, card)
    if similar:
        return Column(index, heading, similar, "similar", score)
    field, share = _by_content([row[index] for row in sample if index < len(row)])
    known = field if field in by_name(card) else ""
    return Column(index, heading, known, "content", 60 * share) if known else Column(index, heading, "")


def _by_content(cells: Sequence[Cell]) -> tuple[str, float]:
    texts = [text for text in map(cell_text, cells) if text]
    if not texts:
        return "", 0
    field, count = Counter(looks_like(text) for text in texts).most_common(1)[0]
    share = count / len(texts)
    return (field, share) if field and share >= _ENOUGH_OF_SAMPLE else ("", 0)


_OF_PERSON = frozenset({"фио", "ф.и.о.", "ф и о", "фамилия имя отчество", "full name", "имя"})
_OF_EITHER = frozenset({"name", "display name", "название или имя"})


def _tell_company_from_person(columns: list[Column]) -> list[Column]:
    """A column of companies beside one of people. With the parts of the person's name in columns of their own, the
    person is the client and the company their employer; else the company is, and the person is whom to talk to."""
    fields = {column.field for column in columns}
    names = {column.index: fold(column.heading) for column in columns if column.field == "name"}
    people = {index for index, heading in names.items() if heading in _OF_PERSON}
    if "last_name" in fields or "first_name" in fields:
        firms = {index for index, heading in names.items() if index not in people and heading not in _OF_EITHER}
        part = "first_name" if "first_name" not in fields else "name"
        columns = [_refield(each, "employer") if each.index in firms else each for each in columns]
        return [_refield(each, part) if names.get(each.index) == "имя" else each for each in columns]
    if len(people) < len(names) and "contact_name" not in fields:
        return [_refield(each, "contact_name") if each.index in people else each for each in columns]
    return columns


def _tell_first_name(columns: list[Column]) -> list[Column]:
    """Beside a column of last names, "Имя" is the first name, and not the whole."""
    fields = {column.field for column in columns}
    if "last_name" not in fields or "first_name" in fields:
        return columns
    return [_refield(each, "first_name") if fold(each.heading) == "имя" else each for each in columns]


def _refield(column: Column, field: str) -> Column:
    return Column(column.index, column.heading, field, column.how, column.score)


def _settle(columns: list[Column], card: str) -> list[Column]:
    """One column per field, unless the field takes several."""
    taken: set[str] = set()
    kept: dict[int, Column] = {}
    for column in sorted(columns, key=lambda each: (-each.score, each.index)):
        free = bool(column.field) and column.field not in taken
        kept[column.index] = column if free else Column(column.index, column.heading, "")
        if free and not by_name(card)[column.field].many:
            taken.add(column.field)
    return [kept[index] for index in sorted(kept)]
