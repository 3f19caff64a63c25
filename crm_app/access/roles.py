"""The roles that every installation starts with, and what each feature grants them.

A feature says in its policy.py: `grant("deal.move", head="department", manager="own")`. The administrator holds every
permission over all rows, always.
"""

from __future__ import annotations

ADMINISTRATOR, HEAD, MANAGER, MARKETER = "administrator", "head", "manager", "marketer"
BUILT_IN = (ADMINISTRATOR, HEAD, MANAGER, MARKETER)
SCOPES = ("", "own", "department", "all")

SHOWN_AS = {
    "phones": ("phone",), "emails": ("email",), "responsible_id": ("responsible", "responsible_name"),
    "client_id": ("client", "client_name"), "author_id": ("author",), "deadline": ("is_overdue",),
    "lost_reason": ("reason",),
}  # fmt: skip
"""Other names under which rows show a field of a card: hidden with it."""

_GRANTS: dict[str, dict[str, str]] = {}


def grant(permission: str, *, head: str = "", manager: str = "", marketer: str = "") -> None:
    """Tell a permission and the scope in which each built-in role holds it at first."""
    scopes = {ADMINISTRATOR: "all", HEAD: head, MANAGER: manager, MARKETER: marketer}
    assert set(scopes.values()) <= set(SCOPES) and permission not in _GRANTS, permission
    _GRANTS[permission] = scopes


def permissions() -> list[str]:
    """Every permission that exists, in order."""
    return sorted(_GRANTS)


def defaults(role: str) -> dict[str, str]:
    """What a built-in role holds at first: permission → scope."""
    return {permission: scopes.get(role, "") for permission, scopes in sorted(_GRANTS.items())}
