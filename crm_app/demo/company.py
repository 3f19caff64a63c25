"""The demo company: five employees of two departments, all with one password."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.access.actions.employees import add_department, add_employee
from crm_app.access.actions.setup import set_up
from crm_app.access.models import Department, Employee, Role
from crm_app.access.roles import ADMINISTRATOR, HEAD, MANAGER, MARKETER
from crm_app.core.door import Tx
from crm_app.demo.scene import Cast, Person
from crm_app.demo.words import words_of

DOMAIN = "demo.example"
LOGINS = ("adam", "olga", "ann", "bob", "mary")
SAMPLE_LOGINS = ("ann", "bob")
SAMPLE_DOMAIN = "sample.example"
SENDER = "news"


def found(tx: Tx, locale: str, password_hash: str) -> None:
    """Make the company and its people."""
    words = words_of(locale)
    names = words["cast"]
    set_up(tx, words["company"], f"adam@{DOMAIN}", names["adam"], password_hash, locale)
    sales = tx.one(select(Department))
    sales.name = words["departments"]["sales"]
    service = add_department(tx, words["departments"]["service"])
    _hire(tx, "olga", names, HEAD, password_hash, sales.id)
    _hire(tx, "ann", names, MANAGER, password_hash, sales.id)
    _hire(tx, "bob", names, MANAGER, password_hash, service.id or 0)
    _hire(tx, "mary", names, MARKETER, password_hash, None)


def _hire(tx: Tx, login: str, names: dict[str, str], role: str, password_hash: str, department_id: int | None) -> None:
    add_employee(tx, f"{login}@{DOMAIN}", names[login], role, password_hash, department_id)


def demo_cast(tx: Tx) -> Cast:
    """The people of the demo company as the story knows them."""
    adam, olga, ann, bob, mary = (_by_email(tx, f"{login}@{DOMAIN}") for login in LOGINS)
    return Cast(sellers=(ann, olga), fitters=(bob,), boss=olga, marketer=mary, director=adam)


def sample_cast(tx: Tx, administrator_id: int, locale: str) -> Cast:
    """The newcomer and two sample colleagues: named as samples, without a password, so that nobody logs in as them."""
    employee = tx.need(Employee, administrator_id)
    newcomer = Person(administrator_id, employee.name)
    ann, bob = (
        _sample_colleague(tx, login, name, employee.department_id)
        for login, name in zip(SAMPLE_LOGINS, words_of(locale)["colleagues"], strict=True)
    )
    return Cast(sellers=(ann, newcomer), fitters=(bob, newcomer), boss=newcomer, marketer=newcomer, director=newcomer)


def _sample_colleague(tx: Tx, login: str, name: str, department_id: int | None) -> Person:
    added = add_employee(tx, f"{login}@{SAMPLE_DOMAIN}", name, MANAGER, department_id=department_id)
    return Person(added.id or 0, added.name)


def own_cast(tx: Tx) -> Cast:
    """The people of a company that is there already: its managers get the clients; without any, its administrator."""
    people: dict[str, list[Person]] = {}
    working = select(Employee.id, Employee.name, Role.key).join(Role, Role.id == Employee.role_id)
    for employee_id, name, role in tx.all(working.where(Employee.disabled_at.is_(None)).order_by(Employee.id)):
        people.setdefault(role, []).append(Person(employee_id, name))
    director = people[ADMINISTRATOR][0]
    team = tuple([*people.get(MANAGER, []), *people.get(HEAD, [])] or [director])
    boss = people.get(HEAD, [director])[0]
    marketer = people.get(MARKETER, [boss])[0]
    return Cast(sellers=team, fitters=team[::-1], boss=boss, marketer=marketer, director=director)


def _by_email(tx: Tx, email: str) -> Person:
    row = tx.one(select(Employee).where(Employee.email == email))
    return Person(row.id, row.name)
