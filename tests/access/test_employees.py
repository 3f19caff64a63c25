"""Employees, roles, field rights and keys."""

from __future__ import annotations

import pytest

from crm_app.access import sessions
from crm_app.access.actions.employees import (
    add_employee,
    change_employee,
    disable_employee,
    enable_employee,
    reset_password,
    set_own_preferences,
)
from crm_app.access.actions.keys import create_key, create_key_for, revoke_key
from crm_app.access.actions.roles import add_role, change_role, remove_role, rename_role, set_field_right
from crm_app.access.actions.setup import set_up
from crm_app.access.passwords import hash_password
from crm_app.access.queries import list_employees, list_keys, list_roles
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, CrmError, Forbidden, NotFound, RuleBroken
from tests import people


def role_id(key: str) -> int:
    return next(number for number, role, _, _ in perform(people.actor("adam"), list_roles) if role == key)


def test_an_employee_is_added_and_seen_by_all(adam: Actor, ann: Actor) -> None:
    perform(adam, add_employee, email="Vera@test.example", name="  Вера  ", role="manager")
    assert ("Вера", "vera@test.example") in [(row.name, row.email) for row in perform(ann, list_employees)]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"email": "ann@test.example", "name": "Ещё", "role": "manager"}, RuleBroken),
        ({"email": "no address", "name": "Ещё", "role": "manager"}, BadInput),
        ({"email": "a@b.example", "name": " ", "role": "manager"}, BadInput),
        ({"email": "a@b.example", "name": "Ещё", "role": "king"}, BadInput),
        ({"email": "a@b.example", "name": "Ещё", "role": "manager", "department_id": 999}, NotFound),
    ],
)
def test_a_bad_employee_is_refused_and_nobody_is_added(
    adam: Actor, arguments: dict[str, object], error: type[CrmError]
) -> None:
    before = len(perform(adam, list_employees))
    with pytest.raises(error):
        perform(adam, add_employee, **arguments)
    assert len(perform(adam, list_employees)) == before


@pytest.mark.parametrize("person", ["ann", "olga", "mary"])
def test_only_the_administrator_manages_employees(database: object, person: str) -> None:
    actor, ann = people.actor(person), people.actor("ann")
    for action, arguments in (
        (add_employee, {"email": "a@b.example", "name": "x", "role": "manager"}),
        (change_employee, {"employee_id": ann.id, "role": "administrator"}),
        (disable_employee, {"employee_id": ann.id}),
        (enable_employee, {"employee_id": ann.id}),
        (reset_password, {"email": "adam@test.example", "password_hash": "x"}),
        (create_key_for, {"email": "adam@test.example", "name": "x"}),
        (change_role, {"role_id": role_id("manager"), "permission": "employee.manage", "scope": "all"}),
        (set_field_right, {"role_id": role_id("manager"), "card": "client", "field": "inn", "level": "write"}),
    ):
        with pytest.raises(Forbidden):
            perform(actor, action, **arguments)


def test_a_disabled_employee_is_out_at_once_and_can_come_back(adam: Actor, ann: Actor) -> None:
    sessions.forget_all({"sessions"})
    token = sessions.log_in("ann@test.example", people.PASSWORD, "10.0.0.9", "")
    perform(adam, disable_employee, employee_id=ann.id)
    assert sessions.resolve(token) is NOBODY
    with pytest.raises(CrmError):
        sessions.log_in("ann@test.example", people.PASSWORD, "10.0.0.9", "")
    perform(adam, enable_employee, employee_id=ann.id)
    assert sessions.log_in("ann@test.example", people.PASSWORD, "10.0.0.9", "")


def test_the_last_administrator_keeps_role_and_access(adam: Actor, ann: Actor) -> None:
    for action, arguments in ((disable_employee, {}), (change_employee, {"role": "manager"})):
        with pytest.raises(RuleBroken, match="последний администратор"):
            perform(adam, action, employee_id=adam.id, **arguments)
    perform(adam, change_employee, employee_id=ann.id, role="administrator")
    perform(adam, change_employee, employee_id=adam.id, role="manager")
    with pytest.raises(Forbidden):
        perform(people.actor("adam"), change_employee, employee_id=ann.id, role="manager")


def test_a_role_is_changed_but_the_administrators_is_whole(adam: Actor) -> None:
    perform(adam, change_role, role_id=role_id("marketer"), permission="employee.manage", scope="all")
    assert people.actor("mary").may("employee.manage")
    with pytest.raises(RuleBroken):
        perform(adam, change_role, role_id=role_id("administrator"), permission="employee.manage", scope="")
    with pytest.raises(BadInput):
        perform(adam, change_role, role_id=role_id("marketer"), permission="no.such", scope="all")


def test_a_role_is_copied_renamed_and_removed_when_nobody_has_it(adam: Actor, ann: Actor) -> None:
    perform(adam, set_field_right, role_id=role_id("manager"), card="client", field="inn", level="hidden")
    mine = perform(adam, add_role, name=" Ведущий  менеджер ", copied_from=role_id("manager"))
    assert (mine.name, mine.permissions["client.see"]) == ("Ведущий менеджер", "department")
    perform(adam, change_role, role_id=mine.id, permission="client.see", scope="all")
    perform(adam, change_employee, employee_id=ann.id, role=mine.key)
    promoted = people.actor("ann")
    assert promoted.scope("client.see") == "all" and "inn" in promoted.hidden["client"]
    assert people.actor("bob").scope("client.see") == "department"
    with pytest.raises(RuleBroken, match="1 сотрудника"):
        perform(adam, remove_role, role_id=mine.id)
    perform(adam, change_employee, employee_id=ann.id, role="manager")
    assert perform(adam, rename_role, role_id=mine.id, name="Старший").key == mine.key
    perform(adam, remove_role, role_id=mine.id)
    assert mine.key not in [key for _, key, _, _ in perform(adam, list_roles)]


def test_roles_keep_their_names_apart_and_what_every_installation_has(adam: Actor, ann: Actor) -> None:
    for wrong in ({"name": ""}, {"name": "х" * 201}):
        with pytest.raises(BadInput):
            perform(adam, add_role, **wrong)
    taken = next(name for _, key, name, _ in perform(adam, list_roles) if key == "manager")
    with pytest.raises(RuleBroken, match="уже есть"):
        perform(adam, add_role, name=taken.upper())
    for key in ("manager", "administrator"):
        with pytest.raises(RuleBroken):
            perform(adam, remove_role, role_id=role_id(key))
    with pytest.raises(RuleBroken):
        perform(adam, add_role, name="Второй", copied_from=role_id("administrator"))
    for forbidden, arguments in (
        (add_role, {"name": "Мой"}),
        (rename_role, {"role_id": role_id("manager"), "name": "Мой"}),
        (remove_role, {"role_id": role_id("manager")}),
    ):
        with pytest.raises(Forbidden):
            perform(ann, forbidden, **arguments)


def test_one_changes_ones_own_preferences_and_no_others(ann: Actor, bob: Actor) -> None:
    perform(ann, set_own_preferences, locale="en", timezone="Asia/Tomsk", name="Анна Б.")
    again = people.actor("ann")
    assert (again.locale, again.timezone, again.name) == ("en", "Asia/Tomsk", "Анна Б.")
    assert people.actor("bob").locale == bob.locale
    with pytest.raises(BadInput):
        perform(ann, set_own_preferences, timezone="Mars/Olympus")
    with pytest.raises(CrmError):
        perform(NOBODY, set_own_preferences, locale="en")


def test_a_key_acts_as_its_employee_within_its_scopes(ann: Actor) -> None:
    key = perform(ann, create_key, name="склад", scopes=["client.see"])
    actor = sessions.resolve_key(key)
    assert (actor.id, actor.via, set(actor.permissions)) == (ann.id, "api", {"client.see"})
    (row,) = perform(ann, list_keys)
    assert key not in str(row)
    perform(ann, revoke_key, key_id=row.id)
    assert sessions.resolve_key(key) is NOBODY


def test_a_key_is_refused_for_unknown_scopes_and_to_strangers(ann: Actor, bob: Actor) -> None:
    with pytest.raises(BadInput):
        perform(ann, create_key, name="x", scopes=["everything"])
    perform(ann, create_key, name="мой")
    (row,) = perform(ann, list_keys)
    assert perform(bob, list_keys) == []
    with pytest.raises(NotFound):
        perform(bob, revoke_key, key_id=row.id)
    with pytest.raises(CrmError):
        perform(NOBODY, create_key, name="x")


def test_a_key_never_reaches_beyond_its_employee(ann: Actor) -> None:
    key = perform(ann, create_key, name="x", scopes=["employee.manage"])
    assert not sessions.resolve_key(key).may("employee.manage")


def test_a_company_is_set_up_once(adam: Actor) -> None:
    with pytest.raises(RuleBroken):
        perform(SYSTEM, set_up, company="Ещё", email="x@y.example", name="x", password_hash=hash_password("12345678"))
    with pytest.raises(Forbidden):
        perform(adam, set_up, company="Ещё", email="x@y.example", name="x", password_hash="")
