"""When are two cards one client? What of them is compared, and the judgement on a pair.

INN, phone, e-mail and name are the keys: one in common says "look here", is_same says "it is". One firm has many
phones, one phone serves two firms of one owner, and half the country is called Vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol

from crm_app.clients.drafts import ClientDraft
from crm_app.core.names import name_key, person_key


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a client is compared. phones: E.164; emails: small letters; name: see name_key and person_key.

    other_name: the name as it is of the other kind, where nothing says whether this is a company or a person.
    """

    name: str
    inn: str = ""
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    other_name: str = ""


def likeness(draft: ClientDraft) -> Likeness:
    """What of a draft is compared."""
    key = name_of(draft.name, draft.kind)
    return Likeness(key, draft.inn, frozenset(draft.phones), frozenset(draft.emails))


def name_of(name: str, kind: str) -> str:
    """By what the name of a company or a person is compared."""
    return person_key(name) if kind == "person" else name_key(name)


KEYS: dict[str, Callable[[Likeness], Iterable[str]]] = {
    "inn": lambda like: (like.inn,) if like.inn else (),
    "phones": attrgetter("phones"),
    "emails": attrgetter("emails"),
    "name": lambda like: (like.name,) if like.name else (),
}
"""What a client can be found by, the surest first."""


class Compared(Protocol):
    """A Likeness, or hashes in its place: the judgement asks only whether keys are there and equal."""

    @property
    def name(self) -> str | int: ...
    @property
    def inn(self) -> str | int: ...
    @property
    def phones(self) -> frozenset[Any]: ...
    @property
    def emails(self) -> frozenset[Any]: ...


def is_same(one: Compared, other: Compared) -> bool:
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
