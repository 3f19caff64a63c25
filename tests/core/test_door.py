"""The door: permission, policy, facts, one commit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, insert, select, text, update

from crm_app.access.actions.employees import add_department, add_employee, disable_employee
from crm_app.access.models import Department, Employee, Password
from crm_app.access.queries import list_employees
from crm_app.core import jobs
from crm_app.core.actor import LOGGED_IN, NOBODY, SYSTEM, Actor
from crm_app.core.door import Tx, action, dry_run, perform, query
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.core.events import FactRow


@query(LOGGED_IN)
def count_passwords(tx: Tx) -> int:
    return tx.scalar(select(func.count()).select_from(Password))


@query(LOGGED_IN)
def peek_past_the_orm(tx: Tx) -> int:
    return tx.scalar(select(func.count()).select_from(Password.__table__))


@query(LOGGED_IN)
def rename_in_a_query(tx: Tx) -> None:
    tx.need(Department, 1).name = "no"
    tx.session.flush()


@action(LOGGED_IN)
def rename_department(tx: Tx, department_id: int, name: str) -> Department:
    department = tx.need(Department, department_id)
    department.name = name
    return department


@action(LOGGED_IN)
def rename_all_departments(tx: Tx, name: str) -> int:
    return tx.run(update(Department).values(name=name)).rowcount


@query(LOGGED_IN)
def department_names(tx: Tx) -> list[str]:
    return tx.all(select(Department.name).order_by(Department.id))


def test_what_is_not_marked_is_refused(ann: Actor) -> None:
    with pytest.raises(TypeError):
        perform(ann, lambda tx: 1)


def test_a_stranger_is_asked_to_log_in(database: object) -> None:
    with pytest.raises(NeedsLogin):
        perform(NOBODY, list_employees)


def test_without_the_permission_nothing_happens(ann: Actor, adam: Actor) -> None:
    with pytest.raises(Forbidden):
        perform(ann, add_department, name="Север")
    perform(adam, add_department, name="Север")
    assert "Север" in perform(ann, department_names)


@action(LOGGED_IN)
def copy_passwords_into_departments(tx: Tx) -> None:
    tx.run(insert(Department).from_select(["name"], select(Password.account)))


def test_what_may_not_be_seen_is_not_copied_either(ann: Actor) -> None:
    before = perform(ann, department_names)
    perform(ann, copy_passwords_into_departments)
    assert perform(ann, department_names) == before


def test_rows_that_may_not_be_seen_do_not_exist(ann: Actor) -> None:
    assert perform(ann, count_passwords) == 0


def test_a_table_past_the_orm_is_refused(ann: Actor) -> None:
    with pytest.raises(AssertionError, match="past the door"):
        perform(ann, peek_past_the_orm)


def test_a_query_cannot_write(ann: Actor) -> None:
    with pytest.raises(AssertionError, match="can't write"):
        perform(ann, rename_in_a_query)


def test_a_seen_row_is_not_therefore_changed(ann: Actor) -> None:
    before = perform(ann, department_names)
    with pytest.raises(Forbidden):
        perform(ann, rename_department, department_id=1, name="моё")
    assert perform(ann, rename_all_departments, name="моё") == 0
    assert perform(ann, department_names) == before


@pytest.mark.parametrize(
    "arguments", [{}, {"name": 7}, {"name": "x", "extra": 1}, {"name": "a\x00b"}, {"name": ["x"]}, {"name": None}]
)
def test_arguments_of_a_wrong_shape_are_refused(adam: Actor, arguments: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        perform(adam, add_department, **arguments)


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: (inner,), lambda inner: {"all": inner}])
def test_arguments_nested_thousands_deep_are_refused(adam: Actor, wrap: Callable[[object], object]) -> None:
    deep: object = "x"
    for _ in range(5_000):
        deep = wrap(deep)
    with pytest.raises(BadInput) as refusal:
        perform(adam, add_department, name=deep)
    assert refusal.value.key == "core.error.too_deep"


def test_a_number_too_large_for_the_database_is_refused(adam: Actor) -> None:
    with pytest.raises((BadInput, NotFound)):
        perform(adam, disable_employee, employee_id=10**30)


def test_a_dry_run_changes_nothing(adam: Actor) -> None:
    before = perform(adam, department_names)
    assert dry_run(adam, add_department, name="Юг").name == "Юг"
    assert perform(adam, department_names) == before


def test_a_fact_is_saved_with_its_change_or_not_at_all(adam: Actor, database: object) -> None:
    def facts() -> int:
        return perform(SYSTEM, count_facts)

    before = facts()
    added = perform(adam, add_employee, email="New@test.example", name="Новый", role="manager")
    assert added.email == "new@test.example" and facts() == before + 1
    with pytest.raises(RuleBroken):
        perform(adam, add_employee, email="new@test.example", name="Ещё", role="manager")
    assert facts() == before + 1


@query("test.count_facts")
def count_facts(tx: Tx) -> int:
    return tx.scalar(select(func.count()).select_from(FactRow))


@query("test.raw")
def raw(tx: Tx) -> int:
    return tx.scalar(select(func.count()).select_from(Employee)) + tx.session.execute(text("SELECT 1")).scalar_one()


def test_the_last_administrator_stays(adam: Actor) -> None:
    with pytest.raises(RuleBroken, match="администратор"):
        perform(adam, disable_employee, employee_id=adam.id)


def test_a_job_with_a_key_is_one_job(database: object) -> None:
    first, second = perform(SYSTEM, ask_twice)
    assert first == second


@action("test.ask_twice")
def ask_twice(tx: Tx) -> tuple[int | None, int | None]:
    return jobs.enqueue(tx, "test", key="a").id, jobs.enqueue(tx, "test", key="a").id
