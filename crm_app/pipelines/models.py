"""What is stored of pipelines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from crm_app.core.db import Json, Moment

DEAL, LEAD = "deal", "lead"
"""The kinds of card that go through pipelines."""


class Pipeline(SQLModel, table=True):
    """A named, ordered set of stages. order_rule: "strict" (stage after stage) or "free" (any open stage).

    card: the kind of card that goes through it, "deal" or "lead". touch_minutes: within how many a new lead has to be
    touched first; 0: it may wait.
    """

    __tablename__ = "pipeline"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    card: str = DEAL
    position: int
    order_rule: str
    touch_minutes: int = 0
    created_at: datetime = Field(sa_type=Moment)


class Stage(SQLModel, table=True):
    """A step of a pipeline.

    kind: "open", "won", "lost" or "hold". colour: a name of the palette. probability: of winning from here, per cent.
    required_fields: deal fields without which nothing enters. rot_days: how long a deal may lie here; 0: for ever.
    """

    __tablename__ = "stage"
    __table_args__ = (Index("ix_stage_pipeline", "pipeline_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    pipeline_id: int = Field(foreign_key="pipeline.id", ondelete="CASCADE")
    name: str
    kind: str
    position: int
    colour: str
    probability: int
    required_fields: list[str] = Field(default_factory=list, sa_type=Json)
    rot_days: int = 0
