"""What has happened to accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from crm_app.core.events import Fact

SESSIONS = "sessions"
"""The topic that makes every process forget whom it knew."""


@dataclass(frozen=True, kw_only=True)
class CompanySetUp(Fact):
    """The first start. samples: whether the company is to be filled with them."""

    card: ClassVar[str] = "employee"
    company: str
    samples: bool
    locale: str


@dataclass(frozen=True, kw_only=True)
class EmployeeAdded(Fact):
    card: ClassVar[str] = "employee"
    name: str


@dataclass(frozen=True, kw_only=True)
class EmployeeChanged(Fact):
    card: ClassVar[str] = "employee"

    def topics(self) -> Iterable[str]:
        return ("employees", SESSIONS)


@dataclass(frozen=True, kw_only=True)
class RoleAdded(Fact):
    """A role of the company's own. copied_from: its model's name, "" for none."""

    card: ClassVar[str] = "role"
    name: str
    copied_from: str

    def topics(self) -> Iterable[str]:
        return ("roles",)


@dataclass(frozen=True, kw_only=True)
class RoleRemoved(Fact):
    card: ClassVar[str] = "role"
    name: str

    def topics(self) -> Iterable[str]:
        return ("roles",)


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Fact):
    card: ClassVar[str] = "role"

    def topics(self) -> Iterable[str]:
        return ("roles", SESSIONS)


@dataclass(frozen=True, kw_only=True)
class GuestInvited(Fact):
    """Access was given on a person's card. guest_id: whose; how: "link" or "password"."""

    card: ClassVar[str] = "client"
    guest_id: int
    how: str


@dataclass(frozen=True, kw_only=True)
class GuestRevoked(Fact):
    card: ClassVar[str] = "client"
    guest_id: int

    def topics(self) -> Iterable[str]:
        return (f"client:{self.card_id}", SESSIONS)
