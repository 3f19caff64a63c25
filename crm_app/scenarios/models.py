"""What is stored of scenarios, their runs, and each step of a run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from crm_app.core.db import Json, Moment

RUNNING, WAITING, DONE, FAILED, STOPPED = "running", "waiting", "done", "failed", "stopped"
"""How a run stands. A step has "waiting", "done" or "failed"."""


class Scenario(SQLModel, table=True):
    """What happens by itself.

    card: the kind of card it is about. trigger: key of a plug-in, asked: what that asks for. conditions: a filter of
    the list, see cards/filters.py. steps: `{"do": key, "asked": {…}, "then": […], "otherwise": […]}`, the last two of a
    branch alone. owner_id: who changed it last, by whose rights it acts.
    """

    __tablename__ = "scenario"
    __table_args__ = (Index("ix_scenario_trigger", "is_on", "trigger"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    is_on: bool = False
    card: str = "deal"
    trigger: str
    asked: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    conditions: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    steps: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    owner_id: int = Field(foreign_key="employee.id")
    version: int = 1
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class ScenarioRun(SQLModel, table=True):
    """One run of a scenario for one card.

    key: names what set it off, so that this does so once. todo: the steps that are left, as the scenario had them when
    the run began; what is done is taken off, a branch puts its own in front. steps_done: how many are. depth: how many
    runs stand one behind the other, 1 for the first. wakes_at: of one that waits. outcome: why it ended as it did,
    {"key": of the dictionaries, "params": {…}}.
    """

    __tablename__ = "scenario_run"
    __table_args__ = (
        Index("ix_scenario_run_scenario", "scenario_id", "id"),
        Index("ix_scenario_run_card", "card", "card_id", "id"),
        Index("ix_scenario_run_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scenario_id: int = Field(foreign_key="scenario.id", ondelete="CASCADE")
    key: str = Field(unique=True)
    card: str
    card_id: int
    owner_id: int
    state: str = RUNNING
    depth: int = 1
    todo: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    steps_done: int = 0
    wakes_at: datetime | None = Field(default=None, sa_type=Moment)
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    began_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ScenarioStep(SQLModel, table=True):
    """One step of a run. asked: its input; outcome: what came of it, as the run's; tries: how often it was begun."""

    __tablename__ = "scenario_step"
    __table_args__ = (Index("ix_scenario_step_run", "run_id", "number", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="scenario_run.id", ondelete="CASCADE")
    number: int
    do: str
    asked: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    tries: int = 1
    began_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
