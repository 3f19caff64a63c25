"""Who works here: added, given a role, disabled."""

from __future__ import annotations

import asyncio
from typing import TypedDict

from crm_app.access import sessions
from crm_app.access.actions.employees import (
    add_department,
    add_employee,
    change_employee,
    disable_employee,
    enable_employee,
    reset_password,
)
from crm_app.access.queries import list_departments, list_employees, list_roles
from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.core.errors import CrmError
from crm_app.ui.field import Option


class EmployeeLine(TypedDict):
    id: int
    name: str
    email: str
    role: str
    department_id: str
    is_disabled: bool


class Employees(Screen):
    """The page /settings/employees."""

    employees: list[EmployeeLine] = []
    roles: list[Option] = []
    departments: list[Option] = []
    addresses: list[Option] = []
    errors: dict[str, str] = {}
    saves: int = 0

    @handler("employee.manage")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        self.errors = {}
        await self._watch({"employees"}, Employees.changed)
        await self._load()

    @handler("employee.manage")
    async def changed(self) -> None:
        """Somebody else has changed an employee."""
        await self._load()

    @handler("employee.manage")
    async def employee_added(self, fields: dict[str, str]) -> None:
        """Add an employee with a first password."""
        self.errors = {}
        password_hash = await asyncio.to_thread(sessions.hashed, fields.get("password", ""))
        await self._act(
            add_employee,
            email=fields.get("email", ""),
            name=fields.get("name", ""),
            role=fields.get("role", ""),
            password_hash=password_hash,
            department_id=number_in(fields.get("department")) or None,
        )
        self.saves += 1
        await self._load()

    @handler("employee.manage")
    async def role_chosen(self, employee_id: int, role: str) -> None:
        """Give an employee another role."""
        await self._act(change_employee, employee_id=employee_id, role=role)
        await self._load()

    @handler("employee.manage")
    async def department_chosen(self, employee_id: int, department_id: str) -> None:
        """Move an employee to another department."""
        await self._act(change_employee, employee_id=employee_id, department_id=number_in(department_id))
        await self._load()

    @handler("employee.manage")
    async def employee_disabled(self, employee_id: int) -> None:
        """Take an employee's access away."""
        await self._act(disable_employee, employee_id=employee_id)
        await self._toast("access.employees.disabled_now", undo=Undo(enable_employee, {"employee_id": employee_id}))
        await self._load()

    @handler("employee.manage")
    async def employee_enabled(self, employee_id: int) -> None:
        """Give it back."""
        await self._act(enable_employee, employee_id=employee_id)
        await self._load()

    @handler("employee.manage")
    async def password_set(self, fields: dict[str, str]) -> None:
        """Set another employee's password; their sessions end."""
        self.errors = {}
        password_hash = await asyncio.to_thread(sessions.hashed, fields.get("password", ""))
        await self._act(reset_password, email=fields.get("email", ""), password_hash=password_hash)
        self.saves += 1
        await self._toast("access.password.changed")

    @handler("employee.manage")
    async def department_added(self, fields: dict[str, str]) -> None:
        """Add a department."""
        self.errors = {}
        await self._act(add_department, name=fields.get("name", ""))
        self.saves += 1
        await self._load()

    async def _load(self) -> None:
        self.employees = [
            {
                "id": row.id,
                "name": row.name,
                "email": row.email,
                "role": row.role,
                "department_id": str(row.department_id or ""),
                "is_disabled": row.is_disabled,
            }
            for row in await self._ask(list_employees, with_disabled=True)
        ]
        self.addresses = [{"id": row["email"], "label": row["name"], "hint": row["email"]} for row in self.employees]
        self.roles = [{"id": key, "label": name, "hint": ""} for _, key, name, _ in await self._ask(list_roles)]
        self.departments = [{"id": str(i), "label": name, "hint": ""} for i, name in await self._ask(list_departments)]

    async def _refused(self, error: CrmError) -> None:
        self.errors = self._by_field(error)
        if not self.errors:
            await super()._refused(error)
        await self._load()
