"""What actions on cards of several kinds have in common: fields set and told of, and who is responsible."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from crm_app.access.models import Employee
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Forbidden


def assign(row: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set fields of a row; gives what has changed as [old, new], in plain JSON."""
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            changes[name] = [_plain(old), _plain(value)]
    return changes


def oneself(tx: Tx) -> int | None:
    """The employee who acts, None where it is nobody who works here."""
    return tx.actor.id if tx.actor.is_employee else None


def check_responsible(tx: Tx, employee_id: int | None) -> None:
    """Raises BadInput for somebody who does not work here."""
    if employee_id is None:
        return
    working = select(func.count()).select_from(Employee)
    if not tx.scalar(working.where(Employee.id == employee_id, Employee.disabled_at.is_(None))):
        raise BadInput("cards.error.no_such_employee", field="responsible_id")


def check_given(tx: Tx, card: str, values: Mapping[str, Any], place: int = 0) -> None:
    """Raises Forbidden for a field of a new card that whoever adds it may not change; one's own name is no news.

    place: where the card begins, of a kind that stands in places.
    """
    for name in sorted(values.keys() & tx.actor.locked_in(card, place)):
        if values[name] not in (None, "", []) and (name, values[name]) != ("responsible_id", oneself(tx)):
            raise Forbidden("core.error.field_read_only", field=name)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
