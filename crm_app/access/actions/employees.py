"""Employees: added, changed, disabled; the last administrator stays."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, select

from crm_app.access import rules
from crm_app.access.actions.roles import need_role
from crm_app.access.actions.sessions import end_sessions_of, set_password
from crm_app.access.events import EmployeeAdded, EmployeeChanged
from crm_app.access.models import Department, Employee, Role
from crm_app.access.roles import ADMINISTRATOR
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.errors import NotFound, RuleBroken


@action("employee.manage")
def add_employee(
    tx: Tx, email: str, name: str, role: str, password_hash: str = "", department_id: int | None = None
) -> Employee:
    """Add an employee. role: its key. Without a password they can't log in until one is set."""
    email = rules.clean_email(email)
    if tx.scalar(select(func.count()).select_from(Employee).where(Employee.email == email)):
        raise RuleBroken("access.error.email_taken", field="email", email=email)
    if department_id is not None:
        tx.need(Department, department_id)
    employee = tx.add(
        Employee(
            email=email,
            name=rules.clean_name(name),
            role_id=need_role(tx, role).id,
            department_id=department_id,
            created_at=tx.now,
        )
    )
    if password_hash:
        set_password(tx, f"employee:{employee.id}", password_hash)
    tx.record(EmployeeAdded(card_id=employee.id, name=employee.name))
    return employee


@action("employee.manage")
def change_employee(
    tx: Tx, employee_id: int, name: str | None = None, role: str | None = None, department_id: int | None = None
) -> Employee:
    """Change an employee's name, role (its key) or department (0 takes them out of any)."""
    employee = tx.need(Employee, employee_id)
    changes: dict[str, list[object]] = {}
    if name is not None and name != employee.name:
        changes["name"], employee.name = [employee.name, name], rules.clean_name(name)
    if role is not None:
        old, new = tx.need(Role, employee.role_id), need_role(tx, role)
        if old.id != new.id:
            if old.key == ADMINISTRATOR:
                _check_another_administrator(tx, employee)
            changes["role"], employee.role_id = [old.key, new.key], new.id or 0
    if department_id is not None and (department_id or None) != employee.department_id:
        new_department = tx.need(Department, department_id).id if department_id else None
        changes["department_id"], employee.department_id = ([employee.department_id, new_department], new_department)
    if changes:
        tx.record(EmployeeChanged(card_id=employee_id, changes=changes))
    return employee


@action("employee.manage")
def disable_employee(tx: Tx, employee_id: int) -> Employee:
    """Take an employee's access away; their sessions end at once. Their cards and history stay."""
    employee = tx.need(Employee, employee_id)
    if tx.need(Role, employee.role_id).key == ADMINISTRATOR:
        _check_another_administrator(tx, employee)
    employee.disabled_at = tx.now
    end_sessions_of(tx, employee_id=employee_id)
    tx.record(EmployeeChanged(card_id=employee_id, changes={"disabled": [False, True]}))
    return employee


@action("employee.manage")
def enable_employee(tx: Tx, employee_id: int) -> Employee:
    """Give a disabled employee their access back."""
    employee = tx.need(Employee, employee_id)
    employee.disabled_at = None
    tx.record(EmployeeChanged(card_id=employee_id, changes={"disabled": [True, False]}))
    return employee


@action("employee.manage")
def reset_password(tx: Tx, email: str, password_hash: str) -> Employee:
    """Set an employee's password (already hashed); their sessions end, and a disabled one is enabled."""
    employee = tx.one(select(Employee).where(Employee.email == rules.clean_email(email)))
    if employee is None:
        raise NotFound("access.error.no_employee", email=email)
    employee.disabled_at = None
    set_password(tx, f"employee:{employee.id}", password_hash)
    end_sessions_of(tx, employee_id=employee.id)
    tx.record(EmployeeChanged(card_id=employee.id, changes={"password": ["", ""]}))
    return employee


@action("employee.manage")
def add_department(tx: Tx, name: str) -> Department:
    """Add a department."""
    return tx.add(Department(name=rules.clean_name(name)))


@action(LOGGED_IN)
def set_own_preferences(
    tx: Tx, locale: Literal["ru", "en"] | None = None, timezone: str | None = None, name: str | None = None
) -> None:
    """Change one's own language, time zone (IANA name) or name."""
    employee = tx.need(Employee, tx.actor.id)
    if locale:
        employee.locale = locale
    if timezone:
        employee.timezone = rules.clean_timezone(timezone)
    if name:
        employee.name = rules.clean_name(name)
    tx.announce("sessions")


def _check_another_administrator(tx: Tx, employee: Employee) -> None:
    others = (
        select(func.count())
        .select_from(Employee)
        .join(Role, Role.id == Employee.role_id)
        .where(Role.key == ADMINISTRATOR, Employee.disabled_at.is_(None), Employee.id != employee.id)
    )
    if not tx.scalar(others):
        raise RuleBroken("access.error.last_administrator")
