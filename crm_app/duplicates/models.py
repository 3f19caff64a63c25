"""What is stored of duplicates: pairs that were found, and what people say of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from crm_app.core.db import Moment


class CardPair(SQLModel, table=True):
    """Two cards of a kind that may be one. one_id: the smaller id.

    by: what they have in common, "inn", "phone", "email" or "name"; sureness: 0 for the surest of these. judged_at:
    since when they are known to be two.
    """

    __tablename__ = "card_pair"
    __table_args__ = (
        UniqueConstraint("card", "one_id", "other_id"),
        Index("ix_card_pair_open", "card", "judged_at", "sureness", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    card: str
    one_id: int
    other_id: int
    by: str
    sureness: int
    found_at: datetime = Field(sa_type=Moment)
    judged_at: datetime | None = Field(default=None, sa_type=Moment)
    judged_by_id: int | None = None
