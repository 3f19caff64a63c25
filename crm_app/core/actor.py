"""Who asks: an employee, a guest, an API key acting as its employee, the system, or nobody yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

Kind = Literal["employee", "guest", "system", "nobody"]
Scope = Literal["", "own", "department", "all"]

PUBLIC = "@public"
"""The permission of an ability that even nobody has."""
LOGGED_IN = "@logged_in"
"""The permission of an ability that every employee has."""
GUEST = "@guest"
"""The permission of an ability that guests have, and only they."""
ANYBODY = "@anybody"
"""The permission of an ability that every employee and every guest has; rows decide the rest."""

_NONE: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Actor:
    """The person or program on whose behalf the door is passed.

    permissions: name → scope of the rows it reaches. exceptions: other scopes for rows of some type, permission → mark
    ("type:supplier") → scope. colleagues: ids of the employees of the actor's department, the actor among them. hidden,
    read_only: kind of card → names of fields. hidden_at, locked_at: kind of card → place (where cards of the kind
    stand) → names of fields that are hidden there, or may not be changed there, besides. via: by what door they came.
    """

    kind: Kind
    id: int = 0
    name: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)
    exceptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    colleagues: tuple[int, ...] = ()
    hidden: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NONE)
    read_only: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NONE)
    hidden_at: Mapping[str, Mapping[int, frozenset[str]]] = field(default_factory=dict)
    locked_at: Mapping[str, Mapping[int, frozenset[str]]] = field(default_factory=dict)
    via: str = "screen"
    locale: str = ""
    timezone: str = ""
    session_id: int = 0
    card_id: int = 0  # of a guest: the person's card that the access was given on

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def is_guest(self) -> bool:
        return self.kind == "guest"

    @property
    def is_employee(self) -> bool:
        return self.kind == "employee"

    def may(self, permission: str) -> bool:
        """Whether the actor holds a permission for at least some rows."""
        if permission == PUBLIC or self.is_system:
            return True
        if permission == LOGGED_IN:
            return self.is_employee
        if permission == GUEST:
            return self.is_guest
        if permission == ANYBODY:
            return self.is_employee or self.is_guest
        return bool(self.permissions.get(permission)) or any(self.exceptions.get(permission, {}).values())

    @property
    def held(self) -> set[str]:
        """Every permission that the actor holds for at least some rows."""
        return {name for name in {*self.permissions, *self.exceptions} if self.may(name)}

    def scope(self, permission: str, marks: Iterable[str] = ()) -> str:
        """Of whose rows the permission speaks: "", "own", "department" or "all".

        marks: what tells the row apart, the most exact first; the first one that has an exception decides.
        """
        if self.is_system:
            return "all"
        exceptions = self.exceptions.get(permission)
        found = next((exceptions[mark] for mark in marks if mark in exceptions), None) if exceptions else None
        return self.permissions.get(permission, "") if found is None else found

    def reaches_all(self, permission: str) -> bool:
        """Whether the permission speaks of every row there is."""
        return self.scope(permission) == "all" and {*self.exceptions.get(permission, {}).values()} <= {"all"}

    def locked(self, card: str) -> frozenset[str]:
        """Names of the fields of a kind of card that the actor may not change: read-only ones, and hidden ones."""
        return self.read_only.get(card, frozenset()) | self.hidden.get(card, frozenset())

    def hidden_in(self, card: str, place: int | None) -> frozenset[str]:
        """Names of the fields that are hidden from the actor on a card that stands in a place.

        place: None where it is not known; then whatever is hidden in any place is.
        """
        return _in_place(self.hidden.get(card, frozenset()), self.hidden_at.get(card), place)

    def locked_in(self, card: str, place: int | None) -> frozenset[str]:
        """Names of the fields that the actor may not change on a card that stands in a place; None as above."""
        return _in_place(self.locked(card), self.locked_at.get(card), place)

    def by(self, via: str) -> Actor:
        """The same person through another door."""
        return replace(self, via=via)


def _in_place(
    everywhere: frozenset[str], placed: Mapping[int, frozenset[str]] | None, place: int | None
) -> frozenset[str]:
    if not placed:
        return everywhere
    return everywhere.union(*placed.values()) if place is None else everywhere | placed.get(place, frozenset())


SYSTEM = Actor("system", name="system", via="worker")
NOBODY = Actor("nobody")
