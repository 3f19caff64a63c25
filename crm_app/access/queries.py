"""What can be asked of accounts: rows for the screens, and who a session or key belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crm_app.access import rules
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
from crm_app.access.passwords import token_hash
from crm_app.access.roles import ADMINISTRATOR, SHOWN_AS, defaults
from crm_app.core.actor import ANYBODY, LOGGED_IN, NOBODY, Actor
from crm_app.core.door import Tx, query


@dataclass(frozen=True)
class EmployeeRow:
    id: int
    name: str
    email: str
    role: str
    role_name: str
    department: str
    department_id: int
    is_disabled: bool


@dataclass(frozen=True)
class SessionRow:
    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str
    is_this: bool


@dataclass(frozen=True)
class KeyRow:
    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    is_revoked: bool


@dataclass(frozen=True)
class Account:
    """Who tries to log in. key: "employee:3" or "guest:7", "" where there is nobody of that name."""

    key: str
    password_hash: str


@query(LOGGED_IN)
def name_employees(tx: Tx, ids: list[int]) -> dict[int, str]:
    """Names by id, of those who have left too."""
    return {row.id: row.name for row in tx.all(select(Employee.id, Employee.name).where(Employee.id.in_(ids)))}


@query(LOGGED_IN)
def list_employees(tx: Tx, with_disabled: bool = False) -> list[EmployeeRow]:
    """Everybody who works here, by name."""
    statement = (
        select(
            Employee.id,
            Employee.name,
            Employee.email,
            Role.key.label("role"),
            Role.name.label("role_name"),
            Department.name.label("department"),
            Employee.department_id,
            Employee.disabled_at,
        )
        .join(Role, Role.id == Employee.role_id)
        .outerjoin(Department, Department.id == Employee.department_id)
        .order_by(Employee.name, Employee.id)
    )
    if not with_disabled:
        statement = statement.where(Employee.disabled_at.is_(None))
    return [
        EmployeeRow(
            id=row.id,
            name=row.name,
            email=row.email,
            role=row.role,
            role_name=row.role_name,
            department=row.department or "",
            department_id=row.department_id or 0,
            is_disabled=row.disabled_at is not None,
        )
        for row in tx.all(statement)
    ]


@query(LOGGED_IN)
def list_departments(tx: Tx) -> list[tuple[int, str]]:
    """Departments as (id, name), by name."""
    return [(r.id, r.name) for r in tx.all(select(Department.id, Department.name).order_by(Department.name))]


@query(LOGGED_IN)
def list_roles(tx: Tx) -> list[tuple[int, str, str, dict[str, str]]]:
    """Roles as (id, key, name, permissions)."""
    rows = tx.all(select(Role).order_by(Role.id))
    return [(r.id, r.key, r.name, r.permissions) for r in rows]


@query(ANYBODY)
def list_sessions(tx: Tx) -> list[SessionRow]:
    """One's own sessions, the latest first."""
    rows = tx.all(select(LoginSession).order_by(LoginSession.seen_at.desc()))
    this = tx.actor.session_id
    return [SessionRow(r.id, r.created_at, r.seen_at, r.address, r.agent, r.id == this) for r in rows]


@query(ANYBODY)
def own_login(tx: Tx) -> tuple[str, str]:
    """What one logs in by, and the address from which one did."""
    account = tx.need(Guest if tx.actor.is_guest else Employee, tx.actor.id)
    session = tx.find(LoginSession, tx.actor.session_id or 0)
    return account.login if isinstance(account, Guest) else account.email, session.address if session else ""


@query("key.own")
def list_keys(tx: Tx) -> list[KeyRow]:
    """One's own API keys, the latest first."""
    rows = tx.all(select(ApiKey).order_by(ApiKey.id.desc()))
    return [KeyRow(r.id, r.name, r.prefix, r.scopes, r.created_at, r.revoked_at is not None) for r in rows]


# ---- asked by the system before there is an actor


@query("session.resolve")
def is_set_up(tx: Tx) -> bool:
    """Whether the company exists."""
    return bool(tx.scalar(select(func.count()).select_from(Employee)))


@query("session.resolve")
def find_account(tx: Tx, login: str, address: str) -> Account:
    """The account that a login names. Raises TooMany while its or the address's pause lasts."""
    for key, free in ((f"login:{login}", rules.FREE_FAILURES), (f"address:{address}", rules.ADDRESS_FREE_FAILURES)):
        failure = tx.find(LoginFailure, key)
        if failure is not None and tx.now - failure.last_at <= rules.FORGIVEN_AFTER:
            rules.check_may_try(failure.failures, failure.last_at, tx.now, free=free)
    employee = tx.scalar(select(Employee.id).where(Employee.email == login, Employee.disabled_at.is_(None)))
    guest = None if employee else tx.scalar(select(Guest.id).where(Guest.login == login, Guest.revoked_at.is_(None)))
    account = f"employee:{employee}" if employee else f"guest:{guest}" if guest else ""
    stored = tx.find(Password, account) if account else None
    return Account(account, stored.hash if stored else "")


@query("session.resolve")
def actor_of_session(tx: Tx, token: str) -> tuple[Actor, datetime]:
    """Who a cookie's token belongs to, and when it was last noted as seen. NOBODY where the session is over."""
    row = tx.one(select(LoginSession).where(LoginSession.token_hash == token_hash(token)))
    if row is None or rules.is_session_over(row.created_at, row.seen_at, tx.now):
        return NOBODY, tx.now
    if row.employee_id is not None:
        return actor_of_employee(tx, row.employee_id, session_id=row.id), row.seen_at
    return _actor_of_guest(tx, row.guest_id or 0, row.id), row.seen_at


@query("session.resolve")
def actor_of_key(tx: Tx, key: str) -> Actor:
    """Who an API key acts as, narrowed by its scopes; NOBODY for a revoked or unknown one."""
    row = tx.one(select(ApiKey).where(ApiKey.key_hash == token_hash(key), ApiKey.revoked_at.is_(None)))
    return NOBODY if row is None else actor_of_employee(tx, row.employee_id, via="api", scopes=row.scopes)


@query("session.resolve")
def actor_by_email(tx: Tx, email: str, via: str = "cli") -> Actor:
    """An employee as an actor; NOBODY where there is none."""
    employee_id = tx.scalar(select(Employee.id).where(Employee.email == rules.clean_email(email)))
    return actor_of_employee(tx, employee_id, via=via) if employee_id else NOBODY


@query("session.resolve")
def actor_of_administrator(tx: Tx, via: str = "cli") -> Actor:
    """The first administrator who may log in, as an actor; NOBODY where there is none."""
    statement = select(Employee.id).join(Role, Role.id == Employee.role_id).order_by(Employee.id)
    employee_id = tx.one(statement.where(Role.key == ADMINISTRATOR, Employee.disabled_at.is_(None)))
    return actor_of_employee(tx, employee_id, via=via) if employee_id else NOBODY


@query("session.resolve")
def actor_by_id(tx: Tx, employee_id: int, via: str = "worker") -> Actor:
    """An employee as an actor, for work that the worker does on their behalf; NOBODY for a disabled one."""
    return actor_of_employee(tx, employee_id, via=via)


@query("session.resolve")
def is_invitation_open(tx: Tx, token: str) -> bool:
    """Whether an invitation's link still works."""
    row = tx.one(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    return row is not None and row.used_at is None and row.expires_at >= tx.now


def actor_of_employee(
    tx: Tx, employee_id: int, *, via: str = "screen", session_id: int = 0, scopes: list[str] | None = None
) -> Actor:
    """An employee with their permissions, colleagues and field rights."""
    employee = tx.find(Employee, employee_id)
    if employee is None or employee.disabled_at is not None:
        return NOBODY
    role = tx.need(Role, employee.role_id)
    held = defaults(ADMINISTRATOR) if role.key == ADMINISTRATOR else role.permissions
    exceptions = {} if role.key == ADMINISTRATOR else role.exceptions
    hidden, read_only = _field_rights(tx, role)
    hidden_at, locked_at = _placed_rights(tx, role)
    return Actor(
        kind="employee",
        id=employee.id,
        name=employee.name,
        permissions={p: s for p, s in held.items() if s and (not scopes or p in scopes)},
        exceptions={p: told for p, told in exceptions.items() if told and (not scopes or p in scopes)},
        colleagues=_colleagues(tx, employee),
        hidden=hidden,
        read_only=read_only,
        hidden_at=hidden_at,
        locked_at=locked_at,
        via=via,
        locale=employee.locale,
        timezone=employee.timezone,
        session_id=session_id,
    )


def _actor_of_guest(tx: Tx, guest_id: int, session_id: int) -> Actor:
    guest = tx.find(Guest, guest_id)
    if guest is None or guest.revoked_at is not None:
        return NOBODY
    return Actor(
        kind="guest", id=guest.id, name=guest.name, locale=guest.locale, session_id=session_id, card_id=guest.card_id
    )


def _colleagues(tx: Tx, employee: Employee) -> tuple[int, ...]:
    if employee.department_id is None:
        return (employee.id or 0,)
    return tuple(tx.all(select(Employee.id).where(Employee.department_id == employee.department_id)))


def _field_rights(tx: Tx, role: Role) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    levels: dict[str, dict[str, set[str]]] = {"hidden": {}, "read": {}}
    for row in tx.all(select(FieldRight).where(FieldRight.role_id == role.id, FieldRight.level != "write")):
        levels[row.level].setdefault(row.card, set()).update((row.field, *SHOWN_AS.get(row.field, ())))
    hidden, read_only = ({card: frozenset(f) for card, f in levels[level].items()} for level in ("hidden", "read"))
    return hidden, read_only


Placed = tuple[Mapping[str, Mapping[int, frozenset[str]]], Mapping[str, Mapping[int, frozenset[str]]]]
"""What is hidden, and what may not be changed: kind of card → place → names of fields."""
PLACED_RIGHTS: list[Callable[[Tx, Role], Placed]] = []
"""What a role is kept from on cards that stand in some place: whoever knows of places tells it here."""


def _placed_rights(tx: Tx, role: Role) -> Placed:
    hidden: dict[str, Mapping[int, frozenset[str]]] = {}
    locked: dict[str, Mapping[int, frozenset[str]]] = {}
    for tell in PLACED_RIGHTS if role.key != ADMINISTRATOR else ():
        unseen, unchanged = tell(tx, role)
        hidden.update({card: places for card, places in unseen.items() if places})
        locked.update({card: places for card, places in unchanged.items() if places})
    return hidden, locked
