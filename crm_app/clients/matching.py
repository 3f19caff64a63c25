"""When are two cards one client? Keys to look candidates up by, and the judgement on a pair.

A key says "look here", is_same says "it is": one firm has many phones, one phone serves two firms of one owner, and
half the country is called Vector.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crm_app.clients.drafts import ClientDraft
from crm_app.core.names import name_key, person_key


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a client is compared. phones: E.164; emails: small letters; name: see name_key and person_key."""

    name: str
    inn: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


def likeness(draft: ClientDraft) -> Likeness:
    """What of a draft is compared."""
    key = person_key(draft.name) if draft.kind == "person" else name_key(draft.name)
    return Likeness(key, draft.inn, frozenset(draft.phones), frozenset(draft.emails))


def match_keys(like: Likeness) -> list[str]:
    """Keys of an index, the surest first; clients that share none are never one."""
    keys = [f"inn:{like.inn}"] if like.inn else []
    keys += [f"phone:{phone}" for phone in sorted(like.phones)]
    keys += [f"email:{email}" for email in sorted(like.emails)]
    if like.name:
        keys.append(f"name:{like.name}")
    return keys


def is_same(one: Likeness, other: Likeness) -> bool:
    """Whether two clients are proposed as one.

    Different INNs settle it: no. The same INN or a phone in common: yes. An e-mail in common is a yes unless both the
    names and the phones differ (info@ of a business centre). An equal name alone is a yes only if nothing speaks
    against it: no phones, and no e-mails, that both have and that differ.
    """
    if one.inn and other.inn:
        return one.inn == other.inn
    if one.phones & other.phones:
        return True
    same_name = bool(one.name) and one.name == other.name
    phones_differ = bool(one.phones and other.phones)
    if one.emails & other.emails:
        return same_name or not phones_differ
    emails_differ = bool(one.emails and other.emails)
    return same_name and not phones_differ and not emails_differ


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal: row is a second copy of first_row, found by a key ("inn", "phone", "email" or "name")."""

    row: int
    first_row: int
    by: str


_NAMESAKES = 50
"""Compared by one key at most: a thousand rows called Vector must not make a million comparisons."""


class MatchIndex:
    """The clients of one file, in memory: each row is compared with those before it. About 700 bytes a row."""

    def __init__(self) -> None:
        self._likeness: dict[int, Likeness] = {}
        self._first: dict[int, int] = {}
        self._by_key: dict[str, list[int]] = defaultdict(list)

    def add(self, row: int, like: Likeness) -> Match | None:
        """Remember the row; if it is a copy, say of which earlier one. A copy of a copy is a copy of the first."""
        keys = match_keys(like)
        match = self._find(row, like, keys)
        self._likeness[row] = like
        self._first[row] = match.first_row if match else row
        for key in keys:
            known = self._by_key[key]
            if len(known) < _NAMESAKES:
                known.append(row)
        return match

    def _find(self, row: int, like: Likeness, keys: list[str]) -> Match | None:
        for key in keys:
            for other in self._by_key.get(key, ()):
                if is_same(like, self._likeness[other]):
                    return Match(row, self._first[other], key.partition(":")[0])
        return None


def find_copies(rows: Iterable[tuple[int, ClientDraft]]) -> Iterator[Match]:
    """Second copies within one file, each proposed once."""
    index = MatchIndex()
    for row, draft in rows:
        match = index.add(row, likeness(draft))
        if match is not None:
            yield match
