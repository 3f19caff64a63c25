"""Who sees and changes employees, roles, guests, sessions and keys."""

from __future__ import annotations

from sqlalchemy import false

from crm_app.access.models import (
    ApiKey,
    Department,
    Employee,
    FieldRight,
    Guest,
    Invitation,
    LoginFailure,
    LoginSession,
    Password,
    Role,
)
from crm_app.access.roles import grant
from crm_app.core.actor import Actor
from crm_app.core.policy import Condition, employees, holders, nobody, policy

grant("employee.manage")
grant("role.manage")
grant("settings.change")
grant("audit.see")
grant("key.own", head="own", manager="own", marketer="own")
grant("guest.manage", head="department", manager="own")


def _own_sessions(actor: Actor) -> Condition:
    if actor.is_employee:
        return LoginSession.employee_id == actor.id
    return (LoginSession.guest_id == actor.id) if actor.is_guest else false()


def _own_account(actor: Actor) -> Condition:
    return actor.may("employee.manage") or ((Employee.id == actor.id) if actor.is_employee else false())


def _guests(actor: Actor) -> Condition:
    return actor.is_employee or ((Guest.id == actor.id) if actor.is_guest else false())


policy(Department, see=employees, change=holders("employee.manage"))
policy(Role, see=employees, change=holders("role.manage"))
policy(FieldRight, see=employees, change=holders("role.manage"))
policy(Employee, see=employees, change=_own_account)
policy(Guest, see=_guests)
policy(Invitation, see=employees)
policy(LoginSession, see=_own_sessions)
policy(LoginFailure, see=nobody)
policy(Password, see=nobody)
policy(ApiKey, see=lambda actor: (ApiKey.employee_id == actor.id) if actor.is_employee else false())
