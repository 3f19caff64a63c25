"""Mailings: what is said to whom, the letter to each recipient, and every attempt to hand it over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, column
from sqlmodel import Field, SQLModel

from crm_app.core.db import BigId, Json, Moment, bin_index


def _index_of_some(name: str) -> Index:
    """What finds the deliveries that name a card in one column. The others are not in it: they cost nothing."""
    is_named = column(name).is_not(None)
    return Index(f"ix_delivery_{name.removesuffix('_id')}", name, sqlite_where=is_named, info={"where": is_named})


class SenderIdentity(SQLModel, table=True):
    """A name and address that mailings may come from: no other ever stands in a letter's From."""

    __tablename__ = "sender_identity"

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    name: str = ""
    created_at: datetime = Field(sa_type=Moment)


class Mailing(SQLModel, table=True):
    """One message to many recipients.

    state: see rules.py. audience: {"card": kind of card, "ids": [ticked ones], "filter": {…} or null}; one that was
    written when there were only mailings to clients tells no kind. start_at: when it starts by itself;
    started_by_id: in whose name the audience is taken. left_out: why → how many at the start. total, sent, failed,
    skipped: deliveries by state, as last counted. trouble: why it does not go on, as {"key", "params", "since"}.
    test: the last letter to oneself, as {"address", "outcome", "answer", "at"}.
    """

    __tablename__ = "mailing"
    __card__: ClassVar[str] = "mailing"
    __table_args__ = (
        bin_index("mailing"),
        Index("ix_mailing_updated", "updated_at", "id"),
        Index("ix_mailing_responsible", "responsible_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    state: str
    sender_id: int | None = Field(default=None, foreign_key="sender_identity.id", ondelete="SET NULL")
    reply_to: str = ""
    title: str = ""
    body: str = ""
    locale: str = "ru"
    audience: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    start_at: datetime | None = Field(default=None, sa_type=Moment)
    started_by_id: int | None = None
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    left_out: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    total: int = 0
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    trouble: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    test: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    responsible_id: int | None = Field(default=None, foreign_key="employee.id")
    created_by_id: int | None = None
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class Delivery(SQLModel, table=True):
    """The letter of a mailing to one address, frozen at its start.

    client_id, contact_id, lead_id: whose card it goes to, one of them; none once that card was removed for good.
    state, reason: see rules.py. part: the job that has it in hand; holder: the run of that job, which alone may close
    it. attempts: all of them; tries: those since it was last queued. next_at: when it is due.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("mailing_id", "address"),
        Index("ix_delivery_due", "mailing_id", "state", "next_at", "id"),
        Index("ix_delivery_address", "address"),
        Index("ix_delivery_client", "client_id"),
        _index_of_some("contact_id"),
        _index_of_some("lead_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    mailing_id: int = Field(foreign_key="mailing.id", ondelete="CASCADE")
    client_id: int | None = Field(default=None, foreign_key="client.id", ondelete="SET NULL")
    contact_id: int | None = Field(default=None, foreign_key="contact.id", ondelete="SET NULL")
    lead_id: int | None = Field(default=None, foreign_key="lead.id", ondelete="SET NULL")
    address: str
    state: str
    reason: str = ""
    part: int | None = None
    holder: str | None = None
    attempts: int = 0
    tries: int = 0
    next_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


class Attempt(SQLModel, table=True):
    """One try to hand a letter over, and what the other side said. n: 1 for the first. outcome: see rules.py."""

    __tablename__ = "attempt"

    delivery_id: int = Field(primary_key=True, foreign_key="delivery.id", ondelete="CASCADE", sa_type=BigId)
    n: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    outcome: str
    code: int = 0
    status: str = ""
    answer: str = ""


class Suppression(SQLModel, table=True):
    """An address that no mailing reaches. reason: see rules.py; mailing_id: by which mailing it came, if by one."""

    __tablename__ = "suppression"

    address: str = Field(primary_key=True)
    reason: str
    note: str = ""
    mailing_id: int | None = Field(default=None, foreign_key="mailing.id", ondelete="SET NULL")
    at: datetime = Field(sa_type=Moment)
