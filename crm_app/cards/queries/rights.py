"""Who may do what: a role's rights as their editor shows them, and who sees a card, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select

from crm_app.access.models import Department, Employee, FieldRight, Guest, Role
from crm_app.access.roles import ADMINISTRATOR, BUILT_IN, HEAD, defaults
from crm_app.cards.custom_fields import definitions
from crm_app.cards.kinds import KINDS, CardKind, need_card
from crm_app.cards.models import Share
from crm_app.cards.rights import is_reached, mark
from crm_app.core import i18n
from crm_app.core.actor import LOGGED_IN, Actor
from crm_app.core.door import Tx, query
from crm_app.core.folding import fold

VERBS = ("see", "change", "export", "delete")
"""What may be done to one card: by permissions named so."""
MOST_VIEWERS = 100
_UNGUARDED = {
    "name", "kind", "last_name", "first_name", "patronymic", "source", "import_id", "created_at", "updated_at",
}  # fmt: skip
"""Fields that no card is without, or that nobody fills: none of these is kept from anybody."""
_BESIDE = {"phones", "emails"}
"""Fields that live in tables of their own."""

Values = Callable[[Tx, str], list[tuple[str, str]]]
_VALUES: dict[tuple[str, str], Values] = {}


def tell_values(card: str, part: str, values: Values) -> None:
    """Tell which types cards of a kind have by a part: a function of the part that gives (value, name)."""
    _VALUES[card, part] = values


@dataclass(frozen=True)
class RoleRow:
    """A role in the list. people: how many have it, those who left among them."""

    id: int
    key: str
    name: str
    people: int

    @property
    def is_built_in(self) -> bool:
        return self.key in BUILT_IN


@dataclass(frozen=True)
class RoleRights:
    """What a role may do. levels: (card, field) → "hidden" or "read"; what is not there may be changed."""

    id: int
    permissions: Mapping[str, str]
    exceptions: Mapping[str, Mapping[str, str]]
    levels: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Guarded:
    """A field that a role may be kept from. key: of its name in the texts, "" for one of the company's own."""

    field: str
    key: str
    name: str = ""


@dataclass(frozen=True)
class CardType:
    """A type of card for which a role may have other rights."""

    card: str
    part: str
    value: str
    name: str


@dataclass(frozen=True)
class Viewer:
    """A person and a card. kind: "employee" or "guest"; reason: why they see it or why not, a key; type: by whose
    exception, "" for none; verbs: what else they may do; hidden, read_only: fields.
    """

    kind: str
    id: int
    name: str
    role: str
    department: str
    reason: str
    is_seen: bool
    type: str = ""
    verbs: tuple[str, ...] = ()
    hidden: tuple[Guarded, ...] = ()
    read_only: tuple[Guarded, ...] = ()


@dataclass(frozen=True)
class Viewers:
    """seen, unseen: how many people do and do not see the card; rows: the first of those that were asked for."""

    seen: int
    unseen: int
    rows: list[Viewer] = field(default_factory=list)


@query("role.manage")
def list_role_rows(tx: Tx) -> list[RoleRow]:
    """Every role with how many have it, those of every installation first."""
    people = select(func.count(Employee.id)).where(Employee.role_id == Role.id).scalar_subquery()
    rows = [RoleRow(*row) for row in tx.all(select(Role.id, Role.key, Role.name, people).order_by(Role.id))]
    return sorted(rows, key=lambda row: not row.is_built_in)


@query("role.manage")
def see_role(tx: Tx, role_id: int) -> RoleRights:
    """What a role may do. Raises NotFound."""
    role = tx.need(Role, role_id)
    rights = tx.all(select(FieldRight.card, FieldRight.field, FieldRight.level).where(FieldRight.role_id == role_id))
    levels = {(row.card, row.field): row.level for row in rights if row.level != "write"}
    return RoleRights(role_id, _held(role.key, role.permissions), role.exceptions, levels)


@query("role.manage")
def list_types(tx: Tx) -> list[CardType]:
    """The types of cards of every kind that is told apart by type, the more exact part first."""
    return [
        CardType(card, part, value, name)
        for card, kind in KINDS.items()
        for part in kind.parted_by
        for value, name in _VALUES[card, part](tx, part)
    ]


@query("role.manage")
def list_guarded(tx: Tx) -> dict[str, list[Guarded]]:
    """By directory, the fields that a role may be kept from: the standard ones, then the company's own."""
    return {card: _guarded(tx, kind) for card, kind in KINDS.items() if kind.is_reached or kind.guarded}


def _guarded(tx: Tx, kind: CardKind) -> list[Guarded]:
    start = f"field.{kind.key}."
    names = [key.removeprefix(start) for key in i18n.catalogue(i18n.LOCALES[0]) if key.startswith(start)]
    told = [
        name for name in names if name in (kind.guarded or _BESIDE) or (not kind.guarded and hasattr(kind.model, name))
    ]
    plain = [Guarded(name, start + name) for name in told if name not in _UNGUARDED]
    return plain + list(_own(tx, kind).values())


def _own(tx: Tx, kind: CardKind) -> dict[str, Guarded]:
    fields = definitions(tx, kind.key) if kind.has_fields else []
    return {each.full: Guarded(each.full, "", each.name(tx.actor.locale)) for each in fields}


@query(LOGGED_IN)
def list_viewers(tx: Tx, card: str, card_id: int, words: str = "", unseen: bool = False) -> Viewers:
    """Who sees a card, and why: guests it is shared with and employees, those first to whom it belongs.

    words: of their names. unseen: those who don't see it, for whoever sets rights. Raises NotFound for a card that the
    one who asks does not see.
    """
    row, kind = need_card(tx, card, card_id), KINDS[card]
    everybody = [*staff_of(tx, kind, row), *_guests(tx, card, card_id)]
    wanted = not (unseen and tx.actor.may("role.manage"))
    named = [each for each in everybody if each.is_seen is wanted and fold(words.strip()) in fold(each.name)]
    order = {reason: place for place, reason in enumerate(REASONS)}
    named.sort(key=lambda each: (order[each.reason], fold(each.name), each.id))
    seen = sum(each.is_seen for each in everybody)
    return Viewers(seen, len(everybody) - seen, _with_types(tx, kind, named[:MOST_VIEWERS]))


REASONS = (
    "responsible_id", "author_id", "shared", "head", "department", "all", "administrator", "others", "own", "none",
)  # fmt: skip
"""Why somebody sees a card or does not, in the order of the list."""


def staff_of(tx: Tx, kind: CardKind, row: Any) -> list[Viewer]:
    """Everybody who works here and the card, by the plain reading of the matrix: one question for all."""
    people = tx.all(
        select(
            Employee.id, Employee.name, Employee.department_id, Employee.role_id, Role.key, Role.permissions,
            Role.exceptions, Role.name.label("role"), Department.name.label("department"),
        )
        .join(Role, Role.id == Employee.role_id)
        .outerjoin(Department, Department.id == Employee.department_id)
        .where(Employee.disabled_at.is_(None))
    )  # fmt: skip
    colleagues: dict[int, list[int]] = {}
    for each in people:
        colleagues.setdefault(each.department_id or -each.id, []).append(each.id)
    fields = _kept_fields(tx, kind)
    return [_viewer(kind, row, each, colleagues[each.department_id or -each.id], fields) for each in people]


def _viewer(kind: CardKind, row: Any, person: Any, colleagues: list[int], fields: Any) -> Viewer:
    is_administrator = person.key == ADMINISTRATOR
    actor = Actor(
        "employee", person.id, permissions=_held(person.key, person.permissions),
        exceptions={} if is_administrator else person.exceptions, colleagues=tuple(colleagues),
    )  # fmt: skip
    is_seen = is_reached(actor, f"{kind.key}.see", row)
    verbs = [verb for verb in VERBS[1:] if is_seen and is_reached(actor, f"{kind.key}.{verb}", row)]
    hidden, read_only = ((), ()) if is_administrator else fields.get(person.role_id, ((), ()))
    return Viewer(
        "employee", person.id, person.name, person.role, person.department or "", _reason(kind, row, person, actor),
        is_seen, next((each for each in _marks(kind, row) if each in actor.exceptions.get(f"{kind.key}.see", {})), ""),
        tuple(verbs), hidden, read_only,
    )  # fmt: skip


def _with_types(tx: Tx, kind: CardKind, rows: list[Viewer]) -> list[Viewer]:
    """The same with types called as people do."""
    if not any(row.type for row in rows):
        return rows
    names = {mark(part, value): name for part in kind.parted_by for value, name in _VALUES[kind.key, part](tx, part)}
    return [replace(row, type=names.get(row.type, row.type.partition(":")[2])) for row in rows]


def _reason(kind: CardKind, row: Any, person: Any, actor: Actor) -> str:
    scope = actor.scope(f"{kind.key}.see", _marks(kind, row))
    of_it = next((name for name in kind.people if getattr(row, name) == actor.id), "")
    if scope and of_it:
        return of_it
    if person.key == ADMINISTRATOR:
        return "administrator"
    if scope == "department":
        is_near = any(getattr(row, name) in actor.colleagues for name in kind.people)
        return ("head" if person.key == HEAD else "department") if is_near else "others"
    return scope or "none"


def _marks(kind: CardKind, row: Any) -> list[str]:
    return [mark(part, getattr(row, part)) for part in kind.parted_by]


def _kept_fields(tx: Tx, kind: CardKind) -> dict[int, tuple[tuple[Guarded, ...], tuple[Guarded, ...]]]:
    """By role, the fields that are hidden, and those that may be read alone."""
    rights = select(FieldRight.role_id, FieldRight.field, FieldRight.level).where(FieldRight.card == kind.key)
    own = _own(tx, kind)
    found: dict[int, dict[str, list[Guarded]]] = {}
    for row in tx.all(rights.where(FieldRight.level != "write").order_by(FieldRight.field)):
        field_ = own.get(row.field) or Guarded(row.field, f"field.{kind.key}.{row.field}")
        found.setdefault(row.role_id, {}).setdefault(row.level, []).append(field_)
    return {role: (tuple(kept.get("hidden", ())), tuple(kept.get("read", ()))) for role, kept in found.items()}


def _guests(tx: Tx, card: str, card_id: int) -> list[Viewer]:
    shared = select(Guest.id, Guest.name).join(Share, Share.guest_id == Guest.id)
    rows = tx.all(shared.where(Share.card == card, Share.card_id == card_id, Guest.revoked_at.is_(None)))
    return [Viewer("guest", row.id, row.name, "", "", "shared", True) for row in rows]


def _held(key: str, permissions: Mapping[str, str]) -> Mapping[str, str]:
    return defaults(ADMINISTRATOR) if key == ADMINISTRATOR else permissions
