"""What programs do with employees: read, add, change, disable."""

from __future__ import annotations

from pydantic import Field
from typing_extensions import TypedDict

from crm_app.access.actions.employees import add_employee, change_employee, disable_employee
from crm_app.access.queries import EmployeeRow, list_departments, list_employees
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Body, Id, Listing, page
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound

endpoints = Endpoints()


class EmployeeBody(Body):
    """An employee to be added; without a password, which they get from an administrator. role: its key."""

    email: str
    name: str
    role: str
    department_id: int | None = Field(None, ge=1, le=2**31 - 1)


class EmployeeChanges(Body):
    """What is to be changed. department_id: 0 takes them out of any."""

    name: str | None = None
    role: str | None = None
    department_id: int | None = Field(None, ge=0, le=2**31 - 1)


class DepartmentJson(TypedDict):
    id: int
    name: str


class MeJson(TypedDict):
    """Who the key acts as. permissions: name → scope of the rows, narrowed by the key."""

    id: int
    name: str
    permissions: dict[str, str]


@endpoints.get("/me", LOGGED_IN)
def see_me(tx: Tx) -> MeJson:
    """Who the key acts as, and what it may do."""
    return {"id": tx.actor.id, "name": tx.actor.name, "permissions": dict(tx.actor.permissions)}


@endpoints.get("/employees", LOGGED_IN)
def list_all_employees(tx: Tx, with_disabled: bool = False) -> Listing[EmployeeRow]:
    """Everybody who works here, by name."""
    return page(seen(tx, list_employees, with_disabled=with_disabled), "employees", None)


@endpoints.post("/employees", "employee.manage", status=201)
def create_employee(tx: Tx, body: EmployeeBody) -> EmployeeRow:
    """Add an employee."""
    added = tx.do(add_employee, body.email, body.name, body.role, department_id=body.department_id)
    return _row(tx, added.id or 0)


@endpoints.get("/employees/{employee_id}", LOGGED_IN)
def see_employee(tx: Tx, employee_id: Id) -> EmployeeRow:
    """One employee."""
    return _row(tx, employee_id)


@endpoints.patch("/employees/{employee_id}", "employee.manage")
def update_employee(tx: Tx, employee_id: Id, body: EmployeeChanges) -> EmployeeRow:
    """Change an employee's name, role or department."""
    tx.do(change_employee, employee_id, **body.told())
    return _row(tx, employee_id)


@endpoints.delete("/employees/{employee_id}", "employee.manage")
def delete_employee(tx: Tx, employee_id: Id) -> None:
    """Take an employee's access away; their cards and history stay."""
    tx.do(disable_employee, employee_id)


@endpoints.get("/departments", LOGGED_IN)
def list_all_departments(tx: Tx) -> Listing[DepartmentJson]:
    """The departments, by name."""
    rows = [DepartmentJson(id=id_, name=name) for id_, name in seen(tx, list_departments)]
    return page(rows, "departments", None)


def _row(tx: Tx, employee_id: int) -> EmployeeRow:
    for row in seen(tx, list_employees, with_disabled=True):
        if row.id == employee_id:
            return row
    raise NotFound()
