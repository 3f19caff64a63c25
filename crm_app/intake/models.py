"""How leads come in by themselves, forms with a public page each, and the rules by which they are given out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from crm_app.core.db import Json, Moment


class LeadForm(SQLModel, table=True):
    """A form that strangers fill in; each one that is sent makes a lead.

    key: of its public address. asks: field → "asked" or "required"; a field that is not there is not asked for; the
    company's own stand last, by their full names.
    consent: what has to be ticked, "" for nothing. thanks_url: where to go on to, else `thanks` is said. pipeline_id:
    None for the first pipeline of leads. frame_origins: sites that may show it in a frame. takes_at_once: whether what
    comes from HTML on another site, which can't be signed, is taken without asking once more. taken: how many leads it
    has brought.
    """

    __tablename__ = "lead_form"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, index=True)
    name: str
    heading: str = ""
    intro: str = ""
    asks: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    consent: str = ""
    consent_url: str = ""
    thanks: str = ""
    thanks_url: str = ""
    source: str = "site"
    channel: str = "form"
    pipeline_id: int | None = Field(default=None, foreign_key="pipeline.id", ondelete="SET NULL")
    frame_origins: list[str] = Field(default_factory=list, sa_type=Json)
    takes_at_once: bool = False
    is_open: bool = True
    taken: int = 0
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class LeadRule(SQLModel, table=True):
    """A rule of distribution: the first one that fits a lead of nobody's says to whom it goes.

    conditions: a filter of leads, see cards/filters.py. days: of the week, 1 being Monday, empty for any; from_hour,
    to_hour: of the company's day, equal for the whole of it. worktime: "in" for what comes while the company works,
    "out" for what comes when it does not, "" for either; see worktime/rules.py. way: "employee" (the first of the
    chosen who works here), "round" (in turn) or "load" (who has the fewest open leads). last_id: who had the last turn.
    """

    __tablename__ = "lead_rule"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    position: int
    is_on: bool = True
    conditions: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    days: list[int] = Field(default_factory=list, sa_type=Json)
    from_hour: int = 0
    to_hour: int = 0
    worktime: str = Field(default="", sa_column_kwargs={"server_default": ""})
    way: str = "round"
    employee_ids: list[int] = Field(default_factory=list, sa_type=Json)
    last_id: int | None = None
