"""What roles may do with cards of some type, apart from all others of their kind."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from crm_app.access.actions.roles import MOST_EXCEPTIONS, Scope, need_narrowable
from crm_app.access.events import RoleChanged
from crm_app.access.models import Role
from crm_app.access.roles import permissions
from crm_app.cards.kinds import KINDS
from crm_app.cards.rights import kind_of, mark
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, RuleBroken
from crm_app.core.policy import past_the_policies

AS_ALL = "as_all"
"""The scope of an exception that is none: such cards are treated as all others."""
LONGEST_VALUE = 60


@action("role.manage")
def set_exception(
    tx: Tx, role_id: int, permission: str, part: str, value: str, scope: Scope | Literal["as_all"]
) -> Role:
    """Hold a permission in another scope for cards of some type: part "type", value "supplier".

    Raises BadInput for what the cards of the permission are not told apart by, RuleBroken for the administrator's role.
    """
    role = need_narrowable(tx, role_id)
    if permission not in permissions() or permission.partition(".")[0] not in KINDS:
        raise BadInput("access.error.no_permission", field="permission", permission=permission)
    if part not in kind_of(permission).parted_by or not 0 < len(value) <= LONGEST_VALUE:
        raise BadInput("cards.error.no_such_type", field="value", value=value[:LONGEST_VALUE])
    name, told = mark(part, value), role.exceptions.get(permission, {})
    old = told.get(name, AS_ALL)
    if old == scope:
        return role
    kept = {each: held for each, held in told.items() if each != name}
    if scope != AS_ALL:
        kept[name] = scope
    if len(kept) > MOST_EXCEPTIONS:
        raise RuleBroken("cards.error.too_many_exceptions", most=MOST_EXCEPTIONS)
    role.exceptions = {**role.exceptions, permission: kept}
    tx.record(RoleChanged(card_id=role_id, changes={f"{permission} {name}": [old, scope]}))
    return role


def forget_type(tx: Tx, part: str, value: str) -> None:
    """What is said of a type goes with it: another one may have its name, or number, later."""
    name = mark(part, value)
    with past_the_policies(tx.session):
        for role in tx.all(select(Role)):
            if any(name in told for told in role.exceptions.values()):
                role.exceptions = {
                    permission: {each: scope for each, scope in told.items() if each != name}
                    for permission, told in role.exceptions.items()
                }
                tx.record(RoleChanged(card_id=role.id or 0, changes={name: ["", ""]}))
        tx.session.flush()
