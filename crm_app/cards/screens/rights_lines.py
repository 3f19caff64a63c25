"""The lines of Settings → Roles: what a role may do, made of plain rows for the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from crm_app.access.roles import permissions
from crm_app.cards.actions.rights import AS_ALL
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.rights import CardType, RoleRights, RoleRow
from crm_app.cards.rights import mark

VERBS = ("see", "create", "change", "export", "delete")
"""The columns of the matrix; other permissions of a kind of card stand below it."""


class RoleLine(TypedDict):
    """A role in the list. people: how many have it."""

    id: int
    name: str
    people: int
    href: str
    is_this: bool


class ReachCell(TypedDict):
    """How far a role reaches with one verb. is_there: whether the kind of card has that verb."""

    permission: str
    verb: str
    scope: str
    is_there: bool


class ReachLine(TypedDict):
    """A line of the matrix: a kind of card (key), or a type of them (part, value, name)."""

    card: str
    key: str
    part: str
    value: str
    name: str
    cells: list[ReachCell]


class OtherLine(TypedDict):
    """A permission outside the matrix."""

    permission: str
    key: str
    scope: str


class FieldLine(TypedDict):
    """A field that a role may be kept from. key: of its name, "" where it has one of its own."""

    field: str
    key: str
    name: str
    level: str


class SourceLine(TypedDict):
    """A door by which cards come."""

    card: str
    card_key: str
    source: str
    key: str
    is_open: bool


def role_lines(rows: Iterable[RoleRow], this: int) -> list[RoleLine]:
    """The list of roles."""
    return [
        {"id": row.id, "name": row.name, "people": row.people, "href": f"/settings/roles?role={row.id}",
         "is_this": row.id == this}
        for row in rows
    ]  # fmt: skip


def matrix(rights: RoleRights, types: Sequence[CardType], added: Iterable[tuple[str, str]]) -> list[ReachLine]:
    """Every kind of card that has rights of its own, each with its exceptions below it. added: types, (card, mark)."""
    lines: list[ReachLine] = []
    for card in _cards():
        lines.append(_line(rights, card, None))
        named = {name for held in VERBS for name in rights.exceptions.get(f"{card}.{held}", {})}
        shown = named | {each for of, each in added if of == card}
        known = [each for each in types if each.card == card and mark(each.part, each.value) in shown]
        lines += [_line(rights, card, each) for each in known]
    return lines


def others(rights: RoleRights) -> list[OtherLine]:
    """The permissions that the matrix does not have."""
    shown = {f"{card}.{verb}" for card in _cards() for verb in VERBS}
    return [
        {"permission": name, "key": f"permission.{name}", "scope": rights.permissions.get(name, "")}
        for name in permissions() if name not in shown
    ]  # fmt: skip


def _cards() -> list[str]:
    return [card for card in KINDS if f"{card}.see" in permissions()]


def _line(rights: RoleRights, card: str, of: CardType | None) -> ReachLine:
    return {
        "card": card, "key": f"card.{card}", "part": of.part if of else "", "value": of.value if of else "",
        "name": of.name if of else "", "cells": [_cell(rights, f"{card}.{verb}", verb, of) for verb in VERBS],
    }  # fmt: skip


def _cell(rights: RoleRights, permission: str, verb: str, of: CardType | None) -> ReachCell:
    held = rights.permissions.get(permission, "")
    told = rights.exceptions.get(permission, {})
    return {
        "permission": permission, "verb": f"cards.rights.verb.{verb}", "is_there": permission in permissions(),
        "scope": told.get(mark(of.part, of.value), AS_ALL) if of else held,
    }  # fmt: skip
