"""What is stored of tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from crm_app.core.blanks import blank_index
from crm_app.core.db import Json, Moment, bin_index


class Task(SQLModel, table=True):
    """What one employee asks of another. status: "open", "done" or "cancelled"; closed_at: since when it is closed."""

    __tablename__ = "task"
    __table_args__ = (
        bin_index("task"),
        Index("ix_task_responsible", "responsible_id", "status", "deadline", "id"),
        Index("ix_task_author", "author_id", "status", "deadline", "id"),
        blank_index("task", "body"),
        Index("ix_task_deadline", "status", "deadline", "id"),
    )
    __card__: ClassVar[str] = "task"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    body: str = ""
    status: str = "open"
    author_id: int = Field(foreign_key="employee.id")
    responsible_id: int = Field(foreign_key="employee.id")
    deadline: datetime | None = Field(default=None, sa_type=Moment)
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)


class TaskLink(SQLModel, table=True):
    """A card that a task is about: ("client", 7), ("deal", 12)."""

    __tablename__ = "task_link"
    __table_args__ = (Index("ix_task_link_card", "card", "card_id", "task_id"),)

    task_id: int = Field(primary_key=True, foreign_key="task.id", ondelete="CASCADE")
    card: str = Field(primary_key=True)
    card_id: int = Field(primary_key=True)
