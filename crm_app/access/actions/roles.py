"""Roles: made, copied, renamed, removed; what their holders may do. The administrator's is never narrowed."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, select

from crm_app.access import rules
from crm_app.access.events import RoleAdded, RoleChanged, RoleRemoved
from crm_app.access.models import Employee, FieldRight, Role
from crm_app.access.roles import ADMINISTRATOR, BUILT_IN, SCOPES, permissions
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, RuleBroken

Scope = Literal["", "own", "department", "all"]
MOST_ROLES, MOST_EXCEPTIONS = 100, 50


@action("role.manage")
def add_role(tx: Tx, name: str, copied_from: int = 0) -> Role:
    """Add a role of the company's own: one that may do nothing, or what another role may.

    Raises BadInput for a name that is none, RuleBroken for one that another role has.
    """
    name = _free_name(tx, name)
    if (tx.scalar(select(func.count()).select_from(Role)) or 0) >= MOST_ROLES:
        raise RuleBroken("access.error.too_many_roles", most=MOST_ROLES)
    model = tx.need(Role, copied_from) if copied_from else None
    if model is not None and model.key == ADMINISTRATOR:
        raise RuleBroken("access.error.administrator_not_copied")
    role = Role(key="", name=name)
    if model is not None:
        role.permissions, role.exceptions = dict(model.permissions), dict(model.exceptions)
    role.key = f"role-{(tx.scalar(select(func.max(Role.id))) or 0) + 1}"
    tx.add(role)
    if model is not None:
        _copy_field_rights(tx, model.id or 0, role.id or 0)
    tx.record(RoleAdded(card_id=role.id, name=name, copied_from=model.name if model else ""))
    return role


@action("role.manage")
def rename_role(tx: Tx, role_id: int, name: str) -> Role:
    """Call a role something else; its key stays, programs know it by that."""
    role = tx.need(Role, role_id)
    name = _free_name(tx, name, except_id=role_id)
    if name != role.name:
        tx.record(RoleChanged(card_id=role_id, changes={"name": [role.name, name]}))
        role.name = name
    return role


@action("role.manage")
def remove_role(tx: Tx, role_id: int) -> None:
    """Remove a role of the company's own that nobody has, those who left included.

    Raises RuleBroken for one that comes with the product, and for one that somebody has.
    """
    role = tx.need(Role, role_id)
    if role.key in BUILT_IN:
        raise RuleBroken("access.error.role_built_in")
    holders = tx.scalar(select(func.count()).select_from(Employee).where(Employee.role_id == role_id))
    if holders:
        raise RuleBroken("access.error.role_in_use", n=holders)
    tx.record(RoleRemoved(card_id=role_id, name=role.name))
    tx.remove(role)


@action("role.manage")
def change_role(tx: Tx, role_id: int, permission: str, scope: Scope) -> Role:
    """Set the scope in which a role holds one permission. The administrator's is not to be narrowed."""
    role = need_narrowable(tx, role_id)
    if permission not in permissions() or scope not in SCOPES:
        raise BadInput("access.error.no_permission", field="permission", permission=permission)
    old = role.permissions.get(permission, "")
    role.permissions = {**role.permissions, permission: scope}
    tx.record(RoleChanged(card_id=role_id, changes={permission: [old, scope]}))
    return role


@action("role.manage")
def set_field_right(tx: Tx, role_id: int, card: str, field: str, level: Literal["hidden", "read", "write"]) -> None:
    """Say what a role may do with one field of a kind of card. The administrator's is not to be narrowed."""
    need_narrowable(tx, role_id)
    row = tx.find(FieldRight, (role_id, card, field))
    old = row.level if row else "write"
    if row is None:
        tx.add(FieldRight(role_id=role_id, card=card, field=field, level=level))
    else:
        row.level = level
    tx.record(RoleChanged(card_id=role_id, changes={f"{card}.{field}": [old, level]}))


def need_narrowable(tx: Tx, role_id: int) -> Role:
    """A role whose rights can be set. Raises RuleBroken for the administrator's, which holds everything for good."""
    role = tx.need(Role, role_id)
    if role.key == ADMINISTRATOR:
        raise RuleBroken("access.error.administrator_holds_all")
    return role


def need_role(tx: Tx, key: str) -> Role:
    """The role with a key. Raises BadInput where there is none."""
    role = tx.one(select(Role).where(Role.key == key))
    if role is None:
        raise BadInput("access.error.no_role", field="role", role=key)
    return role


def _free_name(tx: Tx, name: str, except_id: int = 0) -> str:
    name = rules.clean_name(name)
    others = tx.all(select(Role.name).where(Role.id != except_id))
    if name.casefold() in {other.casefold() for other in others}:
        raise RuleBroken("access.error.role_name_taken", field="name", name=name)
    return name


def _copy_field_rights(tx: Tx, from_id: int, to_id: int) -> None:
    for right in tx.all(select(FieldRight).where(FieldRight.role_id == from_id)):
        tx.add(FieldRight(role_id=to_id, card=right.card, field=right.field, level=right.level))
