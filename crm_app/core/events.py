"""Facts: what has happened, in the past tense, saved with the change itself.

From this one stream come timeline and audit, reactions, notifications, live screens and `GET /events`. Facts of one
database have ids in the order of their commits, so that a reader who remembers the last id loses none.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from crm_app.core.bulk import insert_many
from crm_app.core.db import BigId, Json, Moment
from crm_app.core.ids import draw_ids
from crm_app.core.jobs import JobRow

if TYPE_CHECKING:
    from crm_app.core.door import Tx

MOST_TOPICS = 40
"""More topics than this in one commit and only those of whole lists are told."""
_LOCK = 0x4B4152  # an advisory lock of PostgreSQL: who holds it numbers the facts


@cache
def origin() -> str:
    """Names this process in announcements: it is told of what others do, not of what it did itself."""
    return secrets.token_hex(8)


os.register_at_fork(after_in_child=origin.cache_clear)  # a forked child is another process


class FactRow(SQLModel, table=True):
    """One fact as it is stored: about a card, by an actor, through a door."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_card", "card", "card_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=Moment)
    name: str
    card: str = ""
    card_id: int = 0
    actor_kind: str
    actor_id: int = 0
    via: str
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class FactLink(SQLModel, table=True):
    """Another card on whose timeline a fact is shown too."""

    __tablename__ = "fact_link"
    __table_args__ = (Index("ix_fact_link_card", "card", "card_id", "fact_id"),)

    fact_id: int = Field(primary_key=True, foreign_key="fact.id", ondelete="CASCADE", sa_type=BigId)
    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)


class Announcement(SQLModel, table=True):
    """The live topics of one commit, for the screens of other processes. Kept for minutes."""

    __tablename__ = "announcement"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=Moment)
    origin: str
    topics: list[str] = Field(sa_type=Json)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What all facts have. A subclass names its card and adds what there is to know, as plain JSON values.

    changes: field → [old, new].
    """

    card: ClassVar[str] = ""
    registry: ClassVar[dict[str, type[Fact]]] = {}

    card_id: int
    changes: dict[str, list[Any]] | None = None

    def __init_subclass__(cls) -> None:
        Fact.registry[cls.__name__] = cls

    def links(self) -> Iterable[tuple[str, int]]:
        """Other cards (kind, id) on whose timeline this is shown."""
        return ()

    def topics(self) -> Iterable[str]:
        """Live topics whose watchers ask again."""
        return (f"{self.card}:{self.card_id}", f"{self.card}s")

    def details(self) -> dict[str, Any]:
        """What is stored beside the card and the actor."""
        told = ((name, getattr(self, name)) for name in _told(type(self)))
        return {name: value for name, value in told if value is not None}

    @classmethod
    def restore(cls, row: FactRow) -> Fact:
        """The fact that a stored row tells of."""
        return cls.registry[row.name](card_id=row.card_id, **row.details)


@cache
def _told(kind: type[Fact]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name != "card_id")


Reaction = Callable[["Tx", Any], None]
_REACTIONS: dict[type[Fact], list[Reaction]] = {}
REACTIONS: dict[str, Reaction] = {}
Among = Callable[["Tx", Mapping[int, Any]], set[int]]
_AMONG: dict[Reaction, Among] = {}


def reaction(*kinds: type[Fact], among: Among | None = None) -> Callable[[Reaction], Reaction]:
    """Mark a function as what follows from a fact: run by the worker as SYSTEM, exactly once per (fact, reaction).

    Its changes are committed together with the note that it has run. `tx.cause` is the fact as it is stored. among: of
    the facts of a commit by their places, the places of those that it does follow from; so others cost no job.
    """

    def mark(function: Reaction) -> Reaction:
        name = f"{function.__module__}.{function.__name__}"
        REACTIONS[name] = function
        if among is not None:
            _AMONG[function] = among
        for kind in kinds:
            _REACTIONS.setdefault(kind, []).append(function)
        return function

    return mark


def save(tx: Tx) -> set[str]:
    """Write the facts of a transaction, the jobs of their reactions and the announcement; gives the topics."""
    topics = _topics(tx)
    if not tx.facts and not topics:
        return topics
    _take_turn(tx)
    if tx.facts:
        actor = tx.actor
        ids = _insert_rows(tx, [_row(tx.now, actor.kind, actor.id, tx.via or actor.via, fact) for fact in tx.facts])
        _insert_links(tx, tx.facts, ids)
        _insert_jobs(tx, ids)
    announced = {"at": tx.now, "origin": origin(), "topics": sorted(topics)}
    insert_many(tx.session.connection(), Announcement.__table__, [announced])
    return topics


@dataclass(frozen=True)
class PastFact:
    """A fact of a history that is brought along: it has a time and an actor of its own."""

    at: datetime
    actor_kind: str
    actor_id: int
    fact: Fact
    via: str = "screen"


def save_past(tx: Tx, past: Sequence[PastFact]) -> int:
    """Write a history, the oldest first: nothing reacts to it, nobody is told. Gives how many links were written."""
    if not past:
        return 0
    _take_turn(tx)
    rows = [_row(told.at, told.actor_kind, told.actor_id, told.via, told.fact) for told in past]
    return _insert_links(tx, [told.fact for told in past], _insert_rows(tx, rows))


def _topics(tx: Tx) -> set[str]:
    topics = {*tx.topics}
    for fact in tx.facts:
        topics.update(fact.topics())
    return topics if len(topics) <= MOST_TOPICS else {topic for topic in topics if ":" not in topic}


def _take_turn(tx: Tx) -> None:
    """From here to the commit nobody else numbers facts."""
    connection = tx.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _row(at: datetime, actor_kind: str, actor_id: int, via: str, fact: Fact) -> dict[str, Any]:
    return {
        "at": at,
        "name": type(fact).__name__,
        "card": fact.card,
        "card_id": fact.card_id,
        "actor_kind": actor_kind,
        "actor_id": actor_id,
        "via": via,
        "details": fact.details(),
    }


def _insert_rows(tx: Tx, rows: list[dict[str, Any]]) -> list[int]:
    ids = draw_ids(tx.session, FactRow, len(rows))
    numbered = [{"id": fact_id, **row} for fact_id, row in zip(ids, rows, strict=True)]
    insert_many(tx.session.connection(), FactRow.__table__, numbered)
    return ids


def _insert_links(tx: Tx, facts: Sequence[Fact], ids: list[int]) -> int:
    links = [
        {"fact_id": fact_id, "card": card, "card_id": card_id}
        for fact_id, fact in zip(ids, facts, strict=True)
        for card, card_id in sorted(set(fact.links()))
    ]
    if links:
        insert_many(tx.session.connection(), FactLink.__table__, links)
    return len(links)


def _insert_jobs(tx: Tx, ids: list[int]) -> None:
    chosen = _chosen(tx)
    jobs = [
        {
            "name": "core.react",
            "key": f"{react.__module__}.{react.__name__}:{fact_id}",
            "arguments": {"fact_id": fact_id, "reaction": f"{react.__module__}.{react.__name__}"},
            "run_at": tx.now,
            "created_at": tx.now,
        }
        for place, (fact_id, fact) in enumerate(zip(ids, tx.facts, strict=True))
        for react in _REACTIONS.get(type(fact), ())
        if react not in chosen or place in chosen[react]
    ]
    if jobs:
        insert_many(tx.session.connection(), JobRow.__table__, jobs)


def _chosen(tx: Tx) -> dict[Reaction, set[int]]:
    """By each reaction that follows from some facts alone, the places of those."""
    asked: dict[Reaction, dict[int, Fact]] = {}
    for place, fact in enumerate(tx.facts):
        for react in _REACTIONS.get(type(fact), ()):
            if react in _AMONG:
                asked.setdefault(react, {})[place] = fact
    return {react: _AMONG[react](tx, facts) for react, facts in asked.items()}
