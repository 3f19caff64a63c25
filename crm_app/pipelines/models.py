"""What is stored of pipelines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from crm_app.core.db import Json, Moment

DEAL, LEAD = "deal", "lead"
"""The kinds of card that go through pipelines."""


class Pipeline(SQLModel, table=True):
    """A named, ordered set of stages.

    order_rule: "free" (any open stage), "strict" (stage after stage), "both" (a step forward or back) or "named": only
    where a transition leads, [{"from_id", "to_id", "required_fields", "is_guarded"}]. card: the kind of card that goes
    through it, "deal" or "lead". touch_minutes: within how many a new lead has to be touched first; 0: it may wait.
    approvals: rules by which an entry has to be approved, as drafts.ApprovalPlan with "from_id" and "to_id" for keys.
    rights: what roles are kept from, as drafts.RightPlan with "stage_id" for the key, 0 for every stage.
    version: grows with each change.
    """

    __tablename__ = "pipeline"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    card: str = DEAL
    position: int
    order_rule: str
    touch_minutes: int = 0
    transitions: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"}
    )
    approvals: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"}
    )
    rights: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"})
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    created_at: datetime = Field(sa_type=Moment)


class Stage(SQLModel, table=True):
    """A step of a pipeline.

    kind: "open", "won", "lost" or "hold". colour: a name of the palette. probability: of winning from here, per cent.
    required_fields: deal fields without which nothing enters. rot_days: how many working days a deal may lie here; 0:
    for ever; rot_from: counted from its "entry" or from the last "touch" by anybody. wip_limit: how many deals are
    meant to stand here at once; 0: any number; wip_rule: one more is let in with a word ("warn") or not ("refuse").
    leaving_to_id: where its cards are being moved, since it is to go: nothing enters it any more. deleted_at: since
    when it is no part of the pipeline; the row stays, for the history and for older versions.
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
    rot_from: str = Field(default="entry", sa_column_kwargs={"server_default": "entry"})
    wip_limit: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    wip_rule: str = Field(default="warn", sa_column_kwargs={"server_default": "warn"})
    leaving_to_id: int | None = None
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class PipelineVersion(SQLModel, table=True):
    """What a pipeline was like from one change to the next. plan: as drafts.PipelinePlan, keys being ids of stages.

    restored: of which version it is the return, 0 for none.
    """

    __tablename__ = "pipeline_version"
    __table_args__ = (Index("ix_pipeline_version_number", "pipeline_id", "number", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    pipeline_id: int = Field(foreign_key="pipeline.id", ondelete="CASCADE")
    number: int
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    restored: int = 0
    created_by_id: int | None = None
    created_at: datetime = Field(sa_type=Moment)
