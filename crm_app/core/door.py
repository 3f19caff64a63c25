"""The one door to the data: screens, REST, command line, worker, scenarios and tests all pass it.

`perform(actor, move_deal, deal_id=7, stage_id=3)` asks for the permission, checks the arguments, opens one transaction
under the row policies, runs the ability, saves its facts and commits: the only commit in the code base. A function that
is not marked by `@action` or `@query` is refused, and a query can't write.
"""

from __future__ import annotations

import inspect
import logging
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from sqlalchemy import Select, bindparam, select
from sqlalchemy import inspect as inspected
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from sqlmodel import Session, SQLModel

from crm_app.core import clock, events, fields, live, misfits, policy
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.bulk import insert_many
from crm_app.core.db import database
from crm_app.core.errors import BadInput, CrmError, Forbidden, NeedsLogin, NotFound, RuleBroken

log = logging.getLogger("crm.security")

R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])
Row = TypeVar("Row", bound=SQLModel)

_inside: ContextVar[bool] = ContextVar("inside_the_door", default=False)
_TRIES = 3
_DEEPEST = 100
"""Lists within lists; filters, the deepest arguments that are meant, have a few."""


class Tx:
    """One transaction of one actor: what an ability works with.

    Rows that the actor may not see are not there. `now` is one aware moment for the whole transaction. via: by what
    door its facts are said to come, where that is not the actor's own. cause: the fact that a reaction follows from.
    """

    def __init__(self, session: Session, actor: Actor, *, writes: bool) -> None:
        self.session = session
        self.actor = actor
        self.writes = writes
        self.now: datetime = clock.now()
        self.via = ""
        self.facts: list[events.Fact] = []
        self.cause: events.FactRow | None = None
        self.topics: set[str] = set()
        self.refusal: CrmError | None = None
        self._held: dict[tuple[type[SQLModel], int], SQLModel] = {}
        self._changes = writes

    def find(self, model: type[Row], row_id: int | None) -> Row | None:
        """The row, or None where there is none for this actor. Where it may be changed it is locked until the end."""
        if row_id is None:
            return None
        held = self._held.get((model, row_id))
        is_fit = held is not None and (not self._changes or held in self.session)
        if held is not None and is_fit and policy.is_there(self.session, held):
            return cast("Row", held)
        row = self._read(model, row_id)
        if row is not None and self.session.info["actor"] is self.actor:  # and not found past the policies
            self._held[model, row_id] = row
        return row

    def _read(self, model: type[Row], key: Any) -> Row | None:
        parts = key if isinstance(key, tuple) else (key,)
        identity = inspected(model).identity_key_from_primary_key(parts)
        if self._changes and identity in self.session.identity_map:
            # it was read without a lock: now as it has become meanwhile
            return self.session.get(model, key, with_for_update={"key_share": True})
        rows = self.all(_by_id(model, self._changes), **_numbered(parts))
        return rows[0] if rows else None

    def need(self, model: type[Row], row_id: int | None) -> Row:
        """The row. Raises NotFound, also for one that the actor may not see."""
        row = self.find(model, row_id)
        if row is None:
            raise NotFound("core.error.not_found")
        return row

    def may_change(self, row: SQLModel) -> bool:
        """Whether the row policy lets the actor change a row."""
        return policy.may_change(self.session, self.actor, row)

    def check_change(self, row: SQLModel) -> None:
        """Raises Forbidden where the actor may not change a row: for what is done beside the row itself."""
        if not self.may_change(row):
            raise Forbidden("core.error.not_yours")

    def add(self, row: Row) -> Row:
        """Save a new row; it has its id afterwards."""
        self.session.add(row)
        self.session.flush()
        return row

    def add_many(self, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
        """Save many new rows of the same columns at once. What they say is checked by whoever makes them."""
        assert self.writes, "a query can't write"
        if rows:
            self.session.flush()
            insert_many(self.session.connection(), inspected(model).local_table, rows)

    def remove(self, row: SQLModel) -> None:
        self.session.delete(row)
        self.session.flush()

    def all(self, statement: Any, **values: Any) -> list[Any]:
        """All rows of a select or union: the values themselves where one thing is selected, else tuples with names.

        values: of its named parameters, where a module keeps the statement to have it built once.
        """
        return (policy.load if self._changes else policy.read)(self.session, statement, values)

    def one(self, statement: Select[Any], **values: Any) -> Any:
        """The first row of a select, or None."""
        rows = self.all(_first_of(statement), **values)
        return rows[0] if rows else None

    def scalar(self, statement: Select[Any], **values: Any) -> Any:
        """The first value of the first row, or None."""
        rows = self.all(statement, **values)
        first = rows[0] if rows else None
        return first[0] if isinstance(first, tuple) else first

    def run(self, statement: Any, rows: list[dict[str, Any]] | None = None) -> Any:
        """Execute an ORM insert, update or delete, under the policies."""
        self.session.flush()
        return self.session.execute(statement, rows) if rows is not None else self.session.execute(statement)

    def give(self, statement: Any, **values: Any) -> None:
        """Run an ORM update or delete that a module keeps, with values by name, under the policies.

        Rows that this transaction holds don't learn of it.
        """
        assert self.writes, "a query can't write"
        policy.give(self.session, statement, values)

    def record(self, fact: events.Fact) -> None:
        """Tell what has happened; it is saved together with the change."""
        assert self.writes, "a query can't record facts"
        self.facts.append(fact)

    def refuse_yet_keep(self, refusal: CrmError) -> None:
        """Keep what is done here, and tell the actor then that what they wanted is not done: it has been asked for."""
        self.refusal = refusal

    def announce(self, *topics: str) -> None:
        """Wake the screens that watch a topic, without a fact."""
        self.topics.update(topics)

    def do(self, ability: Callable[..., R], /, *args: Any, **kwargs: Any) -> R:
        """Run another ability within this transaction, asking for its permission too."""
        marked = ability_of(ability)
        _check_permission(self.actor, marked)
        if marked.writes:
            return ability(self, *args, **kwargs)
        with self.reading():
            return ability(self, *args, **kwargs)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within the block rows are read and not changed: neither locked nor looked after, which is cheaper."""
        before, self._changes = self._changes, False
        try:
            yield
        finally:
            self._changes = before

    @contextmanager
    def with_bin(self) -> Iterator[None]:
        """Within the block, deleted rows exist."""
        self.session.info["with_bin"] = True
        try:
            yield
        finally:
            self.session.info["with_bin"] = False


@cache
def _by_id(model: type[SQLModel], is_locked: bool) -> Select[Any]:
    """The row of a model with an id, or with the several values that are its key."""
    keys = inspected(model).primary_key
    row = select(model).where(*(key == bindparam(name) for name, key in _numbered(keys).items()))
    return row.with_for_update(key_share=True) if is_locked else row


def _numbered(parts: tuple[Any, ...]) -> dict[str, Any]:
    return {f"key_{number}": part for number, part in enumerate(parts)}


_FIRST: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def _first_of(statement: Select[Any]) -> Select[Any]:
    """A select of its first row alone: the same one each time, for a statement that a module keeps."""
    first = _FIRST.get(statement)
    if first is None:
        first = _FIRST[statement] = statement.limit(1)
    return cast("Select[Any]", first)


@dataclass(frozen=True)
class Ability:
    """One thing that can be done or asked. name: its permission's name, or @public, @logged_in, @guest, @anybody."""

    function: Callable[..., Any]
    permission: str
    writes: bool

    @property
    def name(self) -> str:
        return f"{self.function.__module__.removeprefix('crm_app.')}.{self.function.__name__}"

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The pydantic model of what the ability takes; unknown names are refused."""
        hints = typing.get_type_hints(self.function, include_extras=True)
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        shape: dict[str, Any] = {
            p.name: (hints.get(p.name, Any), ... if p.default is p.empty else p.default) for p in parameters
        }
        config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
        return create_model(self.function.__name__, __config__=config, **shape)

    def check(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments in their declared types. Raises BadInput with a reason for each that does not fit."""
        _refuse_unstorable(arguments)
        try:
            model = self.arguments.model_validate(arguments)
        except ValidationError as error:
            raise misfits.refusal(error) from None
        return {name: getattr(model, name) for name in type(model).model_fields}


ABILITIES: dict[str, Ability] = {}


def action(permission: str) -> Callable[[F], F]:
    """Mark a function as something that can be done by whoever holds the permission."""
    return _mark(permission, writes=True)


def query(permission: str) -> Callable[[F], F]:
    """Mark a function as something that can be asked by whoever holds the permission."""
    return _mark(permission, writes=False)


def _mark(permission: str, *, writes: bool) -> Callable[[F], F]:
    def mark(function: F) -> F:
        ability = Ability(function, permission, writes)
        function.__ability__ = ability  # type: ignore[attr-defined]
        ABILITIES[ability.name] = ability
        return function

    return mark


def ability_of(function: Callable[..., Any]) -> Ability:
    """What the door knows of a function. Raises TypeError where it was never marked."""
    ability: Ability | None = getattr(function, "__ability__", None)
    if ability is None:
        raise TypeError(f"{function!r} is not an action or a query")
    return ability


def perform(actor: Actor, function: Callable[..., R], /, **arguments: Any) -> R:
    """Run one ability for an actor, in a transaction of its own. Raises CrmError where it is refused."""
    return _pass(actor, function, arguments, keep=True)


def dry_run(actor: Actor, function: Callable[..., R], /, **arguments: Any) -> R:
    """Run an ability to its end and take everything back: what it gives is what it would have given."""
    return _pass(actor, function, arguments, keep=False)


def _pass(actor: Actor, function: Callable[..., R], arguments: dict[str, Any], *, keep: bool) -> R:
    ability = ability_of(function)
    assert not _inside.get(), f"{ability.name} was performed inside another ability: use tx.do"
    _check_permission(actor, ability)
    arguments = ability.check(arguments)
    for left in reversed(range(_TRIES)):
        try:
            outcome, topics, refusal = _transact(actor, ability, arguments, keep)
            break
        except IntegrityError:
            raise RuleBroken("core.error.conflict") from None
        except OperationalError as error:  # a deadlock of PostgreSQL: one of the two starts again
            if left == 0 or getattr(error.orig, "sqlstate", "") not in {"40P01", "40001"}:
                raise
        except (DataError, OverflowError):
            raise BadInput("core.error.bad_arguments", fields="") from None
        except StatementError as error:
            if isinstance(error.orig, OverflowError):
                raise BadInput("core.error.bad_arguments", fields="") from None
            raise
    if keep and topics:
        live.publish(topics)
    if refusal is not None:
        raise refusal
    return outcome


def _transact(
    actor: Actor, ability: Ability, arguments: dict[str, Any], keep: bool
) -> tuple[Any, set[str], CrmError | None]:
    mark = _inside.set(True)
    try:
        with database().session(writes=ability.writes) as session:
            policy.guard(session, actor, writes=ability.writes)
            tx = Tx(session, actor, writes=ability.writes)
            outcome = ability.function(tx, **arguments)
            policy.check_unchanged(session)
            if not ability.writes:
                return fields.mask(actor, outcome), set(), None
            session.flush()
            topics = events.save(tx)
            if keep:
                session.commit()
            return fields.mask(actor, outcome), topics, tx.refusal
    finally:
        _inside.reset(mark)


def check_permission(actor: Actor, function: Callable[..., Any]) -> None:
    """Refuse early, before something is prepared for the ability; the door itself asks again."""
    _check_permission(actor, ability_of(function))


def _check_permission(actor: Actor, ability: Ability) -> None:
    if actor.may(ability.permission):
        return
    log.warning("refused %s to %s %s by %s", ability.name, actor.kind, actor.id, actor.via)
    raise NeedsLogin() if actor.kind == NOBODY.kind else Forbidden()


def _refuse_unstorable(value: Any, depth: int = 0) -> None:
    """A NUL or half a surrogate pair can't be stored by every database: refused at the door, whoever sends it.

    So is what is nested deeper than anything that is meant, on which all that walks through it would break.
    """
    if depth > _DEEPEST:
        raise BadInput("core.error.too_deep")
    if isinstance(value, str):
        if "\x00" in value or (not value.isprintable() and any("\ud800" <= c <= "\udfff" for c in value)):
            raise BadInput("core.error.bad_characters")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _refuse_unstorable(key, depth + 1)
            _refuse_unstorable(inner, depth + 1)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_unstorable(inner, depth + 1)
