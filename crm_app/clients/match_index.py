"""The clients of one file, remembered in some 150 bytes each, so that each row is compared with those before it.

Nothing is kept of a client but the hashes of its keys (64 bits, salted anew in each process), in plain arrays. Two keys
that differ share a hash once in 40 million files of 200,000 rows; a row is then shown as a copy, and not lost.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from crm_app.clients.drafts import ClientDraft
from crm_app.clients.matching import Likeness, is_same, likeness

_INN, _PHONE, _EMAIL, _NAME = range(4)
_BY = ("inn", "phone", "email", "name")
_FEWEST_SLOTS = 1 << 16
"""A quarter of a megabyte: a file of 10,000 rows never moves its marks."""
_NAMESAKES = 50
"""Compared by one key at most: a thousand rows called Vector must not make a million comparisons."""


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal: row is a second copy of first_row, found by a key ("inn", "phone", "email" or "name")."""

    row: int
    first_row: int
    by: str


class _Marks(NamedTuple):
    """What is_same compares, in numbers."""

    inn: int
    phones: frozenset[int]
    emails: frozenset[int]
    name: int


class MatchIndex:
    """The rows of one file, in their order.

    Every key of every row is an entry. _marks: its hash, the kind of key in the lowest two bits; _owner: whose it is;
    _next: the next entry of the same mark, 0 for none. _slots: an open hash table of the first entry of each mark.
    _entries, _rows, _firsts: of each owner where its entries end, its row, and the row that it is a copy of.
    """

    def __init__(self) -> None:
        self._marks, self._owner, self._next = array("Q", [0]), array("I", [0]), array("I", [0])
        self._entries, self._rows, self._firsts = array("I", [1]), array("I"), array("I")
        self._slots, self._mask, self._taken = array("I", bytes(4 * _FEWEST_SLOTS)), _FEWEST_SLOTS - 1, 0

    def add(self, row: int, like: Likeness) -> Match | None:
        """Remember the row; if it is a copy, say of which earlier one. A copy of a copy is a copy of the first."""
        marks = _marks_of(like)
        if (self._taken + len(marks)) * 3 > self._mask * 2:
            self._grow()
        places = [self._place(mark, mark >> 2 & self._mask) for mark in marks]
        match = self._find(row, marks, places) if any(map(self._slots.__getitem__, places)) else None
        for mark, place in zip(marks, places, strict=True):
            self._remember(mark, place)
        self._entries.append(len(self._marks))
        self._rows.append(row)
        self._firsts.append(match.first_row if match else row)
        return match

    def _find(self, row: int, marks: list[int], places: list[int]) -> Match | None:
        mine = None
        for mark, place in zip(marks, places, strict=True):
            entry = self._slots[place]
            while entry:
                mine = mine or _sorted_out(marks)
                other = self._owner[entry]
                theirs = _sorted_out(self._marks[self._entries[other] : self._entries[other + 1]])
                if is_same(mine, theirs):
                    return Match(row, self._firsts[other], _BY[mark & 3])
                entry = self._next[entry]
        return None

    def _place(self, mark: int, place: int) -> int:
        """Where the first entry of a mark stands, or the free place where it would; from a place on."""
        slots, marks = self._slots, self._marks
        while (entry := slots[place]) and marks[entry] != mark:
            place = place + 1 & self._mask
        return place

    def _remember(self, mark: int, place: int) -> None:
        entry = len(self._marks)
        self._marks.append(mark)
        self._owner.append(len(self._rows))
        self._next.append(0)
        last, namesakes = self._slots[place], 1
        if last and self._marks[last] != mark:  # another key of the same row has taken it
            place = self._place(mark, place)
            last = self._slots[place]
        if not last:
            self._slots[place] = entry
            self._taken += 1
            return
        while self._next[last]:
            last, namesakes = self._next[last], namesakes + 1
        if namesakes < _NAMESAKES:
            self._next[last] = entry

    def _grow(self) -> None:
        firsts, self._mask = self._slots, self._mask * 2 + 1
        self._slots = array("I", bytes(4 * (self._mask + 1)))
        for entry in firsts:
            if entry:
                mark = self._marks[entry]
                self._slots[self._place(mark, mark >> 2 & self._mask)] = entry


def _marks_of(like: Likeness) -> list[int]:
    """The keys of a client as numbers, the surest first; clients that share none are never one."""
    marks = [_mark(like.inn, _INN)] if like.inn else []
    marks += [_mark(phone, _PHONE) for phone in sorted(like.phones)]
    marks += [_mark(email, _EMAIL) for email in sorted(like.emails)]
    if like.name:
        marks.append(_mark(like.name, _NAME))
    return marks


def _mark(key: str, kind: int) -> int:
    return hash(key) & 0xFFFF_FFFF_FFFF_FFFC | kind


def _sorted_out(marks: Iterable[int]) -> _Marks:
    inn, name, phones, emails = 0, 0, [], []
    for mark in marks:
        kind = mark & 3
        if kind == _PHONE:
            phones.append(mark)
        elif kind == _EMAIL:
            emails.append(mark)
        elif kind == _NAME:
            name = mark
        else:
            inn = mark
    return _Marks(inn, frozenset(phones), frozenset(emails), name)


def find_copies(rows: Iterable[tuple[int, ClientDraft]]) -> Iterator[Match]:
    """Second copies within one file, each proposed once."""
    index = MatchIndex()
    for row, draft in rows:
        match = index.add(row, likeness(draft))
        if match is not None:
            yield match
