"""How far a permission reaches among the cards of its kind: said in SQL, for policies, and said of one card in hand.

"client.see" is held in a scope, own, department or all, and in other scopes for cards of some type: of the exceptions
that speak of a card, the one by its most exact part decides (docs/decisions/0083). The two ways to say it agree:
`tests/cards/test_rights.py` asks both about random people and cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, false, or_, true

from crm_app.cards.kinds import KINDS, CardKind
from crm_app.core.actor import Actor
from crm_app.core.errors import Forbidden
from crm_app.core.policy import Condition, Rule


def kind_of(permission: str) -> CardKind:
    """The kind of card that a permission is named for."""
    return KINDS[permission.partition(".")[0]]


def mark(part: str, value: Any) -> str:
    """What an exception is told by: mark("type", "supplier") is "type:supplier"."""
    return f"{part}:{value}"


def measured(card: str) -> list[Any]:
    """The columns by which a permission speaks of a card: whose it is, and of what type."""
    kind = KINDS[card]
    return [getattr(kind.model, name) for name in (*kind.people, *kind.parted_by)]


def scope_on(actor: Actor, permission: str, card: Any) -> str:
    """Of whose cards the permission speaks where they are of the type of this one: exceptions by type count."""
    return actor.scope(permission, (mark(part, getattr(card, part)) for part in kind_of(permission).parted_by))


def is_reached(actor: Actor, permission: str, card: Any) -> bool:
    """Whether the permission speaks of a card. card: has the attributes of its kind's `people` and `parted_by`."""
    kind, scope = kind_of(permission), scope_on(actor, permission, card)
    if scope in ("own", "department"):
        reached = (actor.id,) if scope == "own" else actor.colleagues
        return any(getattr(card, name) in reached for name in kind.people)
    return scope == "all"


def check_reached(actor: Actor, permission: str, card: Any) -> None:
    """Raises Forbidden where the permission does not speak of a card."""
    if not is_reached(actor, permission, card):
        raise Forbidden("core.error.not_yours")


def by_reach(permission: str) -> Rule:
    """The same as a row policy."""
    kind = kind_of(permission)

    def rule(actor: Actor) -> Condition:
        told = actor.exceptions.get(permission)
        if not told or not kind.parted_by:
            return _of_people(kind, actor, actor.scope(permission))
        return _parted(kind, actor, actor.scope(permission), told)

    return rule


def within_reach(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The same as a condition, for a statement that asks for more than to see."""
    return _as_expression(by_reach(permission)(actor))


def check_kept(actor: Actor, permission: str, card: Any, changes: Mapping[str, Sequence[Any]]) -> None:
    """Raises Forbidden where a card has become one of a type that the actor may not change.

    changes: field → [old, new]; that the card has been given to a colleague does not count.
    """
    kind = kind_of(permission)
    parts = [part for part in kind.parted_by if part in changes]
    if not parts or not actor.exceptions.get(permission):
        return
    old_people = {name: changes[name][0] for name in kind.people if name in changes}
    if not is_reached(actor, permission, _with(kind, card, old_people)):
        raise Forbidden("cards.error.type_not_yours", field=parts[0])


def keeping(actor: Actor, permission: str, cards: Iterable[Any], field: str, value: Any) -> list[Any]:
    """Those of some cards that stay within the permission's reach when a field gets another value."""
    kind = kind_of(permission)
    if field not in kind.parted_by or not actor.exceptions.get(permission):
        return list(cards)
    return [card for card in cards if is_reached(actor, permission, _with(kind, card, {field: value}))]


def _with(kind: CardKind, card: Any, values: Mapping[str, Any]) -> SimpleNamespace:
    names = (*kind.people, *kind.parted_by)
    return SimpleNamespace(**({name: getattr(card, name) for name in names} | dict(values)))


def _of_people(kind: CardKind, actor: Actor, scope: str) -> Condition:
    if scope not in ("own", "department"):
        return scope == "all"
    reached = (actor.id,) if scope == "own" else actor.colleagues
    columns = [getattr(kind.model, name) for name in kind.people]
    return or_(*(column == actor.id if scope == "own" else column.in_(reached) for column in columns))


def _parted(kind: CardKind, actor: Actor, scope: str, told: Mapping[str, str]) -> Condition:
    """Cards with an exception by it, the others as the role has it."""
    parts = _parts(kind, scope, told)
    widest = next(scope for scope in ("all", "department", "own", "") if scope in parts)
    if not widest:
        return False
    if parts.keys() == {"all"}:
        return True
    reached = [and_(or_(*parts[each]), _as_expression(_of_people(kind, actor, each))) for each in parts if each]
    # said apart, so that an index by the responsible employee serves the list as it does without exceptions
    return and_(_as_expression(_of_people(kind, actor, widest)), or_(*reached))


def _parts(kind: CardKind, scope: str, told: Mapping[str, str]) -> dict[str, list[ColumnElement[bool]]]:
    """Which cards are reached in which scope."""
    parts: dict[str, list[ColumnElement[bool]]] = {}
    others: list[ColumnElement[bool]] = []
    for name in kind.parted_by:
        column = getattr(kind.model, name)
        typed: Any = int if isinstance(column.type, Integer) else str
        values = {typed(each.partition(":")[2]): told[each] for each in sorted(told) if each.startswith(f"{name}:")}
        for one in sorted(set(values.values())):
            of_it = column.in_([value for value, held in values.items() if held == one])
            parts.setdefault(one, []).append(and_(*others, of_it))
        if values:
            others.append(column.not_in(sorted(values)))
    parts.setdefault(scope, []).append(and_(true(), *others))
    return parts


def _as_expression(condition: Condition) -> ColumnElement[bool]:
    return (true() if condition else false()) if isinstance(condition, bool) else condition
