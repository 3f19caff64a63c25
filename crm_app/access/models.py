"""Who works here and who visits: employees, roles, departments, guests, their sessions and keys."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from crm_app.core.db import Json, Moment


class Department(SQLModel, table=True):
    """A part of the company; its head and managers see its cards."""

    __tablename__ = "department"

    id: int | None = Field(default=None, primary_key=True)
    name: str


class Role(SQLModel, table=True):
    """What its holders may do. permissions: name → scope ("", "own", "department", "all").

    exceptions: permission → mark → scope, for cards of some type: {"client.see": {"type:supplier": "all"}}.
    """

    __tablename__ = "role"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    permissions: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    exceptions: dict[str, dict[str, str]] = Field(
        default_factory=dict, sa_type=Json, sa_column_kwargs={"server_default": "{}"}
    )


class FieldRight(SQLModel, table=True):
    """What a role may do with one field of a kind of card: "hidden", "read" or "write"."""

    __tablename__ = "field_right"

    role_id: int = Field(primary_key=True, foreign_key="role.id", ondelete="CASCADE")
    card: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    level: str


class Employee(SQLModel, table=True):
    """A person who works here. disabled_at: since when they can't log in."""

    __tablename__ = "employee"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role_id: int = Field(foreign_key="role.id", index=True)
    department_id: int | None = Field(default=None, foreign_key="department.id", index=True)
    locale: str = ""
    timezone: str = ""
    created_at: datetime = Field(sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class Guest(SQLModel, table=True):
    """A person-client with a way in. card_id: the person's card it was given on."""

    __tablename__ = "guest"

    id: int | None = Field(default=None, primary_key=True)
    card_id: int = Field(unique=True)
    login: str = Field(unique=True)
    name: str
    locale: str = ""
    invited_by_id: int = Field(foreign_key="employee.id")
    created_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class Password(SQLModel, table=True):
    """The hash of an account's password: "employee:3" or "guest:7". Seen by nobody, the login apart."""

    __tablename__ = "password"

    account: str = Field(primary_key=True)
    hash: str
    changed_at: datetime = Field(sa_type=Moment)


class Invitation(SQLModel, table=True):
    """A link that lets a guest in once. Only the hash of its token is kept.

    letter_to: the address that it is sent to, "" where it is only shown; letter_outcome: "" while that is under way,
    then "sent" or "refused", with the mail server's answer.
    """

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", index=True, ondelete="CASCADE")
    token_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    letter_to: str = Field(default="", sa_column_kwargs={"server_default": ""})
    letter_outcome: str = Field(default="", sa_column_kwargs={"server_default": ""})
    letter_answer: str = Field(default="", sa_column_kwargs={"server_default": ""})


class LoginSession(SQLModel, table=True):
    """One browser that is logged in, as an employee or as a guest. Only the hash of its token is kept."""

    __tablename__ = "login_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    employee_id: int | None = Field(default=None, foreign_key="employee.id", index=True, ondelete="CASCADE")
    guest_id: int | None = Field(default=None, foreign_key="guest.id", index=True, ondelete="CASCADE")
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    address: str = ""
    agent: str = ""


class LoginFailure(SQLModel, table=True):
    """Wrong passwords in a row, by account and by address."""

    __tablename__ = "login_failure"

    key: str = Field(primary_key=True)
    failures: int = 0
    last_at: datetime = Field(sa_type=Moment)


class ApiKey(SQLModel, table=True):
    """A key for programs: acts as its employee, narrowed by scopes. Only its hash is kept."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    employee_id: int = Field(foreign_key="employee.id", index=True, ondelete="CASCADE")
    name: str
    prefix: str
    key_hash: str = Field(unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    created_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
