"""API keys: made once, shown once."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.access import rules
from crm_app.access.events import SESSIONS
from crm_app.access.models import ApiKey, Employee
from crm_app.access.passwords import new_token, token_hash
from crm_app.access.roles import permissions
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput, NotFound

PREFIX = "crm_"


@action("key.own")
def create_key(tx: Tx, name: str, scopes: list[str] | None = None) -> str:
    """Make a key that acts as oneself, narrowed by scopes (names of permissions; none: all of one's own)."""
    return _create(tx, tx.actor.id, name, scopes or [])


@action("employee.manage")
def create_key_for(tx: Tx, email: str, name: str, scopes: list[str] | None = None) -> str:
    """Make a key that acts as an employee."""
    employee = tx.one(select(Employee).where(Employee.email == rules.clean_email(email)))
    if employee is None:
        raise NotFound("access.error.no_employee", email=email)
    return _create(tx, employee.id, name, scopes or [])


@action("key.own")
def revoke_key(tx: Tx, key_id: int) -> None:
    """Make a key of one's own useless."""
    tx.need(ApiKey, key_id).revoked_at = tx.now
    tx.announce(SESSIONS)


def _create(tx: Tx, employee_id: int, name: str, scopes: list[str]) -> str:
    unknown = set(scopes) - set(permissions())
    if unknown:
        raise BadInput("access.error.no_permission", field="scopes", permission=", ".join(sorted(unknown)))
    key = PREFIX + new_token()
    row = ApiKey(
        employee_id=employee_id,
        name=rules.clean_name(name),
        prefix=key[:10],
        key_hash=token_hash(key),
        scopes=scopes,
        created_at=tx.now,
    )
    tx.add(row)
    return key
