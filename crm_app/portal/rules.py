"""Who may be a guest."""

from __future__ import annotations

from crm_app.core.errors import RuleBroken


def check_is_person(kind: str) -> None:
    """Raises RuleBroken for a company: a guest is always a person."""
    if kind != "person":
        raise RuleBroken("portal.error.not_a_person", field="kind")


def check_has_guest(has_guest: bool) -> None:
    """Raises RuleBroken where there is no access to take away."""
    if not has_guest:
        raise RuleBroken("portal.error.no_access")
