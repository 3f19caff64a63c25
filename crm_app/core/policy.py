"""Row policies: what may not be seen does not exist.

Each table has one, told once by `policy(Model, see=…, change=…)`. A session hook adds it to every ORM statement:
select, get, join, count, sub-query, bulk update and delete. A statement that names a table past the ORM is refused, and
the start is refused while a table has no policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, event, exists, false, inspect, select, true, tuple_
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlmodel import SQLModel

from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import DoorSession
from crm_app.core.errors import Forbidden
from crm_app.core.fields import PLACES, place_of
from crm_app.core.questions import Command, Question, Unfit
from crm_app.core.shapes import shape_of

Condition = ColumnElement[bool] | bool
Rule = Callable[[Actor], Condition]
K = TypeVar("K", Question, Command)


@dataclass(frozen=True)
class RowPolicy:
    """see: rows that exist for the actor. change: those that the actor may update or delete."""

    see: Rule
    change: Rule


_POLICIES: dict[type[SQLModel], RowPolicy] = {}


def policy(model: type[SQLModel], *, see: Rule, change: Rule | None = None) -> None:
    """Tell who sees and who changes the rows of a table; without `change`, whoever sees them."""
    if model in _POLICIES:
        raise AssertionError(f"{model.__name__} has a policy already")
    _POLICIES[model] = RowPolicy(see, change or see)


def check_complete() -> None:
    """Refuse to start while a table has no policy."""
    missing = {mapper.class_.__name__ for mapper in SQLModel._sa_registry.mappers} - {m.__name__ for m in _POLICIES}
    if missing:
        raise RuntimeError(f"tables without a row policy: {', '.join(sorted(missing))}")


def nobody(_: Actor) -> Condition:
    return False


def everyone(_: Actor) -> Condition:
    return True


def employees(actor: Actor) -> Condition:
    return actor.is_employee


def holders(permission: str) -> Rule:
    """Those who hold a permission, whatever its scope."""
    return lambda actor: actor.may(permission)


def own(column: Any) -> Rule:
    """The employee whose id stands in the column."""
    return lambda actor: (column == actor.id) if actor.is_employee else False


def by_scope(column: Any, permission: str) -> Rule:
    """Rows by the scope of a permission: own, of the department, all. column: the responsible employee's id."""

    def rule(actor: Actor) -> Condition:
        scope = actor.scope(permission)
        if scope == "all":
            return True
        if scope == "department":
            return column.in_(actor.colleagues)
        return (column == actor.id) if scope == "own" else False

    return rule


def reaches(actor: Actor, permission: str, responsible_id: int | None) -> bool:
    """Whether the actor's permission speaks of that responsible employee's rows: by_scope, of one row in hand."""
    scope = actor.scope(permission)
    if scope in ("own", "department"):
        return responsible_id in ((actor.id,) if scope == "own" else actor.colleagues)
    return scope == "all"


def visible(model: type[SQLModel], actor: Actor, *, with_bin: bool = False) -> ColumnElement[bool]:
    """The condition under which a row exists for the actor: for sub-queries inside other policies."""
    condition = True if actor.is_system else _POLICIES[model].see(actor)
    return _with_bin_rule(model, condition, with_bin)


def exists_visible(model: type[SQLModel], row_id: Any, actor: Actor, *, with_bin: bool = False) -> ColumnElement[bool]:
    """The condition that a row of another table, named by its id in a column, exists for the actor.

    It is asked row by row, by primary key: `in_` would collect the ids of all visible rows first.
    """
    row = exists().where(model.id == row_id, visible(model, actor, with_bin=with_bin))
    return row.correlate_except(model)


def exists_changeable(model: type[SQLModel], row_id: Any, actor: Actor) -> ColumnElement[bool]:
    """The condition that a row of another table, named by its id in a column, is the actor's to change."""
    condition = True if actor.is_system else _POLICIES[model].change(actor)
    return exists().where(model.id == row_id, _as_expression(condition)).correlate_except(model)


def changeable(model: type[SQLModel], actor: Actor) -> ColumnElement[bool]:
    """The condition under which the actor may change a row of a table that they see."""
    return _as_expression(True if actor.is_system else _POLICIES[model].change(actor))


def _with_bin_rule(model: type[SQLModel], condition: Condition, with_bin: bool) -> ColumnElement[bool]:
    expression = _as_expression(condition)
    if hasattr(model, "deleted_at") and not with_bin:
        return expression & model.deleted_at.is_(None)
    return expression


def _as_expression(condition: Condition) -> ColumnElement[bool]:
    if isinstance(condition, bool):
        return true() if condition else false()
    return condition


# ---- the session hooks -----------------------------------------------------------------------------------------------


def guard(session: Session, actor: Actor, *, writes: bool) -> None:
    """Put a session under the policies, for one actor."""
    session.info.update(actor=actor, writes=writes, with_bin=False)


@contextmanager
def past_the_policies(session: Session) -> Iterator[None]:
    """Within the block the row policies are off: for what an actor may cause but not see. A test lists each use."""
    actor = session.info["actor"]
    session.info["actor"] = SYSTEM
    try:
        yield
    finally:
        session.info["actor"] = actor


def is_there(session: Session, row: SQLModel) -> bool:
    """Whether a row that the actor has found in this transaction is still there for them: not in the bin since."""
    return bool(session.info["with_bin"]) or getattr(row, "deleted_at", None) is None


@event.listens_for(DoorSession, "do_orm_execute")
def _restrict(state: ORMExecuteState) -> None:
    info = state.session.info
    if state.is_column_load or state.is_relationship_load or "actor" not in info:
        return
    if not state.is_select and not info["writes"]:
        raise AssertionError("a query can't write")
    if state.is_insert and getattr(state.statement, "select", None) is None:
        return
    side = "change" if state.is_update or state.is_delete else "see"
    # also for INSERT … SELECT: the compiler of the inner select looks for options on the outermost statement alone
    state.statement = _restricted(info, state.statement, side)


def read(session: Session, statement: Any, values: dict[str, Any]) -> list[Any]:
    """The rows of a select under the policies, read past the session: what it does to load objects is most of the cost.

    Each is a value where one thing is selected, else a tuple with names. values: of the statement's named parameters.
    Rows of models are there to be read alone.
    """
    found, has_models = _ask(session, statement, values)
    if has_models:
        session.info.setdefault("read", []).append(found)
    return found


def load(session: Session, statement: Any, values: dict[str, Any]) -> list[Any]:
    """The same, but rows of models are the session's own: what is changed of them is saved."""
    found, has_models = _ask(session, statement, values)
    return [_taken_up(session, row) for row in found] if has_models else found


def _ask(session: Session, statement: Any, values: dict[str, Any]) -> tuple[list[Any], bool]:
    """The rows, and whether rows of models are among them that no session holds."""
    info = session.info
    if info["writes"]:
        session.flush()
    connection = session.connection()
    question = _kept(Question, info, statement, connection.dialect)
    if question is None:
        outcome = session.execute(statement, values)
        is_one = len(getattr(statement, "column_descriptions", ())) == 1
        return list(outcome.scalars().all() if is_one else outcome.all()), False
    return question.ask(connection, _given(statement, values)), question.has_models


def give(session: Session, statement: Any, values: dict[str, Any]) -> None:
    """Do an update or delete that a module keeps, under the policies. Rows that the session holds don't learn of it."""
    session.flush()
    connection = session.connection()
    command = _kept(Command, session.info, statement, connection.dialect)
    assert command is not None, f"no statement to be kept: {statement}"
    command.give(connection, _given(statement, values))


def _given(statement: Any, values: dict[str, Any]) -> list[Any]:
    binds = statement._generate_cache_key().bindparams
    return [values[bind.key] if bind.required else bind.effective_value for bind in binds]


def _kept(kind: type[K], info: dict[Any, Any], statement: Any, dialect: Dialect) -> K | None:
    """The statement as it is said for the session's actor; None where it can't be kept."""
    known = shape_of(statement).questions.setdefault(info["actor"], {})
    key = (info["with_bin"], dialect)
    if key not in known:
        own = statement._generate_cache_key()
        side = "see" if kind is Question else "change"
        try:
            known[key] = kind(_restricted(info, statement, side), own.bindparams, dialect) if own else None
        except Unfit:
            known[key] = None
    return cast("K | None", known[key])


def _taken_up(session: Session, row: Any) -> Any:
    """A row as the session's own: the one that it has already, changed or not, else this one."""
    if isinstance(row, tuple):
        return row._make(_taken_up(session, part) for part in row)
    if not isinstance(row, SQLModel):
        return row
    known = session.identity_map.get(inspect(row).key)
    if known is None:
        session.add(row)
    return known or row


def check_unchanged(session: Session) -> None:
    """Refuse to end where a row was changed that was only read: nothing would come of it."""
    for found in session.info.get("read", ()):
        for row in found:
            for part in row if isinstance(row, tuple) else (row,):
                assert not (isinstance(part, SQLModel) and inspect(part).modified), "a query can't write"


def _restricted(info: dict[Any, Any], statement: Any, side: str) -> Any:
    shape = shape_of(statement)
    if shape.bare and not info["actor"].is_system:
        raise AssertionError(f"tables read past the door: {sorted(shape.bare)}")
    options = [option for model in shape.models if (option := _option(info, model, side)) is not None]
    return statement.options(*options) if options else statement


_KNOWN: WeakKeyDictionary[Actor, dict[Any, Any]] = WeakKeyDictionary()
"""What each actor's rules have come to: an actor never changes, so they are asked once for each."""


def _option(info: dict[Any, Any], model: type[SQLModel], side: str) -> Any:
    actor: Actor = info["actor"]
    known = _KNOWN.setdefault(actor, {})
    key = (model, side, info["with_bin"])
    if key not in known:
        rules = _POLICIES[model]
        condition = True if actor.is_system else (rules.see if side == "see" else rules.change)(actor)
        has_bin = hasattr(model, "deleted_at") and not info["with_bin"]
        known[key] = (
            with_loader_criteria(model, _with_bin_rule(model, condition, info["with_bin"]), include_aliases=True)
            if condition is not True or has_bin
            else None
        )
    return known[key]


@event.listens_for(DoorSession, "before_flush")
def _check_flush(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Refuse changes of rows and fields that the actor may see but not change."""
    info = session.info
    if "actor" not in info:
        return
    if not info["writes"] and (session.new or session.dirty or session.deleted):
        raise AssertionError("a query can't write")
    actor: Actor = info["actor"]
    if actor.is_system:
        return
    touched: dict[type[SQLModel], list[Any]] = {}
    for row in [*(r for r in session.dirty if session.is_modified(r)), *session.deleted]:
        touched.setdefault(type(row), []).append(row)
        _check_fields(actor, row)
    for model, rows in touched.items():
        _check_rows(session, actor, model, rows)


def may_change(session: Session, actor: Actor, row: Any) -> bool:
    """Whether the policy of its table lets the actor change a row."""
    return actor.is_system or not _unchangeable(session, actor, type(row), [row])


def _check_rows(session: Session, actor: Actor, model: type[SQLModel], rows: list[Any]) -> None:
    if _unchangeable(session, actor, model, rows):
        raise Forbidden("core.error.not_yours")


def _unchangeable(session: Session, actor: Actor, model: type[SQLModel], rows: list[Any]) -> set[Any]:
    condition = _POLICIES[model].change(actor)
    if condition is True:
        return set()
    identities = {inspect(row).identity for row in rows}
    mapper = inspect(model)
    columns = [getattr(model, mapper.get_property_by_column(key).key) for key in mapper.primary_key]
    named = tuple_(*columns).in_(identities) if len(columns) > 1 else columns[0].in_([one for (one,) in identities])
    with session.no_autoflush:
        statement = select(*columns).where(named, _as_expression(condition))
        return identities - {tuple(row) for row in session.execute(statement)}


def _check_fields(actor: Actor, row: Any) -> None:
    kind = getattr(row, "__card__", "")
    locked = _locked(actor, kind, row)
    if not locked:
        return
    parted = {name.partition(".")[0] for name in locked if "." in name}
    for attribute in inspect(row).attrs:
        if attribute.key in locked and attribute.history.has_changes():
            raise Forbidden("core.error.field_read_only", field=attribute.key)
        if attribute.key in parted and attribute.history.has_changes():
            _check_parts(attribute, locked)


def _locked(actor: Actor, kind: str, row: Any) -> frozenset[str]:
    """What may not be changed where the card stands: what is filled in on its way elsewhere is filled in there."""
    if kind not in actor.locked_at:
        return actor.locked(kind)
    left = inspect(row).attrs[PLACES[kind].key].history.deleted
    return actor.locked_in(kind, left[0] if left else place_of(kind, row))


def _check_parts(attribute: Any, locked: frozenset[str]) -> None:
    """Refuse a change of a key of a dictionary: "fields.size" is the key "size" of the field "fields"."""
    old, new = ((side[0] if side else None) or {} for side in (attribute.history.deleted, attribute.history.added))
    for key in old.keys() | new.keys():
        name = f"{attribute.key}.{key}"
        if name in locked and old.get(key) != new.get(key):
            raise Forbidden("core.error.field_read_only", field=name)
