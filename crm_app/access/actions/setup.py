"""The first start: a company, its roles, its administrator."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select

from crm_app.access import rules
from crm_app.access.actions.employees import add_employee
from crm_app.access.events import CompanySetUp
from crm_app.access.models import Department, Employee, Role
from crm_app.access.roles import ADMINISTRATOR, BUILT_IN, defaults
from crm_app.core import i18n, installation
from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken


@action("installation.set_up")
def set_up(
    tx: Tx, company: str, email: str, name: str, password_hash: str, locale: str = "ru", samples: bool = False
) -> Employee:
    """Make the company and its administrator. Refused once an employee exists. samples: have the worker fill it."""
    if tx.scalar(select(func.count()).select_from(Employee)):
        raise RuleBroken("access.error.already_set_up")
    installation.put(tx, "company", rules.clean_name(company))
    installation.put(tx, "installation_id", secrets.token_hex(8))
    sync_roles(tx, locale)
    department = tx.add(Department(name=i18n.text("access.department.sales", locale)))
    administrator = add_employee(tx, email, name, ADMINISTRATOR, password_hash, department.id)
    tx.record(CompanySetUp(card_id=administrator.id, company=company, samples=samples, locale=locale))
    return administrator


@action("installation.set_up")
def sync_roles(tx: Tx, locale: str = "ru") -> None:
    """Add the built-in roles that are missing, and to each the permissions that came with a newer version."""
    known = {role.key: role for role in tx.all(select(Role))}
    for key in BUILT_IN:
        role = known.get(key)
        if role is None:
            tx.add(Role(key=key, name=i18n.text(f"access.role.{key}", locale), permissions=defaults(key)))
        elif missing := {p: s for p, s in defaults(key).items() if p not in role.permissions}:
            role.permissions = {**role.permissions, **missing}
