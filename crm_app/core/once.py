"""A request that may arrive twice is done once: its answer is kept in the same transaction as the change.

The asker names the request by a key of its own. The first to claim the key does the work; a second one with the same
request waits for the first and gets its answer; a second one with another request is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Field, SQLModel

from crm_app.core.db import Moment
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, RuleBroken

KEEP = timedelta(hours=24)
LONGEST_KEY = 200


class KeptAnswer(SQLModel, table=True):
    """The answer to a request. digest: of what was asked; status 0: not answered yet."""

    __tablename__ = "kept_answer"

    employee_id: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    status: int = 0
    body: bytes = b""
    at: datetime = Field(sa_type=Moment, index=True)


@dataclass(frozen=True)
class Once:
    """One request by its name. digest: of its method, address and body."""

    key: str
    digest: str


def claim(tx: Tx, once: Once) -> KeptAnswer | None:
    """The answer that was given before, or None: then the key is ours, and whoever else comes with it waits.

    Raises BadInput for a key that is too long, RuleBroken where the key named another request.
    """
    if not 0 < len(once.key) <= LONGEST_KEY:
        raise BadInput("core.error.once_key", field="Idempotency-Key", longest=LONGEST_KEY)
    tx.run(delete(KeptAnswer).where(KeptAnswer.at < tx.now - KEEP))
    ours = _insert(tx).values(employee_id=tx.actor.id, key=once.key, digest=once.digest, status=0, body=b"", at=tx.now)
    if tx.run(ours.on_conflict_do_nothing().returning(KeptAnswer.key)).first():
        return None
    known: KeptAnswer = tx.one(select(KeptAnswer).where(KeptAnswer.key == once.key))
    if known.digest != once.digest:
        raise RuleBroken("core.error.once_other", field="Idempotency-Key")
    return known


def _insert(tx: Tx) -> Any:
    """An insert that may meet a conflict, as the database's own dialect has it: the other one's is never imported."""
    dialect = tx.session.get_bind().dialect.name
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(KeptAnswer)


def keep(tx: Tx, once: Once, status: int, body: bytes) -> None:
    """Keep the answer for a day, together with the change."""
    answer = tx.need(KeptAnswer, (tx.actor.id, once.key))
    answer.status, answer.body = status, body
