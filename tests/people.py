"""The cast: Ann and Bob (managers of two departments), Mary (marketer), Olga (Ann's head), Adam (administrator).

Greg, a guest, is made by tests.make.guest on a person's card. NOBODY is a stranger.
"""

from __future__ import annotations

from crm_app.access.actions.employees import add_department, add_employee
from crm_app.access.actions.setup import set_up
from crm_app.access.passwords import hash_password
from crm_app.access.queries import actor_by_email
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import perform

__all__ = ["HASH", "NOBODY", "PASSWORD", "SYSTEM", "Actor", "actor", "settle"]

PASSWORD = "correct horse"
HASH = hash_password(PASSWORD)


def settle() -> None:
    """Set up a company with the cast in it."""
    adam = perform(SYSTEM, set_up, company="Тест", email="adam@test.example", name="Адам", password_hash=HASH)
    east = perform(SYSTEM, add_department, name="Восток")
    west = perform(SYSTEM, add_department, name="Запад")
    assert adam.id
    cast = [("ann", "Анна", "manager", east), ("bob", "Боб", "manager", west), ("olga", "Ольга", "head", east)]
    for key, name, role, department in cast:
        _add(key, name, role, department.id)
    _add("mary", "Мария", "marketer", None)


def _add(key: str, name: str, role: str, department_id: int | None) -> None:
    perform(
        SYSTEM,
        add_employee,
        email=f"{key}@test.example",
        name=name,
        role=role,
        password_hash=HASH,
        department_id=department_id,
    )


def actor(key: str) -> Actor:
    """One of the cast, with the rights they have now."""
    return perform(SYSTEM, actor_by_email, email=f"{key}@test.example", via="screen")
