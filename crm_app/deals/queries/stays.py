"""How long deals stay where: each stay of one deal, what is usual in a stage, and when a deal was touched last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import bindparam, case, func, select

from crm_app.access.models import Employee
from crm_app.core.door import Tx, query
from crm_app.core.events import FactRow
from crm_app.core.policy import past_the_policies
from crm_app.deals.models import Deal, StageSpan
from crm_app.pipelines.models import Stage
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import CLOSED, WON

JUST_NOW = timedelta(minutes=1)
LATEST = 300
"""Of how many stays in a stage the median is told: the latest ones, so that a board of many years is as quick."""


@dataclass(frozen=True)
class StayRow:
    """One stay of a deal in a stage. left_at: None while it is there; by: who brought it there, "" for nobody."""

    stage_id: int
    stage_name: str
    colour: str
    entered_at: datetime
    left_at: datetime | None
    by: str
    seconds: int


@dataclass(frozen=True)
class UsualStay:
    """What is usual in a stage: the median of its latest finished stays, in seconds, and of how many."""

    stage_id: int
    seconds: float
    stays: int


@dataclass(frozen=True)
class ConversionRow:
    """Of `closed` deals that have been in a stage and are closed now, so many were won."""

    stage_id: int
    won: int
    closed: int


@dataclass(frozen=True)
class ArrivalRow:
    """A deal that somebody has brought to a stage."""

    title: str
    stage: str
    by: str


_STAYS = (
    select(StageSpan.stage_id, StageSpan.entered_at, StageSpan.left_at, Employee.name)
    .outerjoin(Employee, Employee.id == StageSpan.entered_by_id)
    .where(StageSpan.deal_id == bindparam("deal"))
    .order_by(StageSpan.entered_at, StageSpan.id)
)
_FINISHED = (
    select(StageSpan.entered_at, StageSpan.left_at)
    .where(StageSpan.stage_id == bindparam("stage"), StageSpan.left_at.is_not(None))
    .order_by(StageSpan.left_at.desc())
    .limit(bindparam("most"))
)
_TOUCHED = (
    select(FactRow.card_id, func.max(FactRow.at))
    .where(FactRow.card == "deal", FactRow.card_id.in_(bindparam("ids", expanding=True)), FactRow.actor_id > 0)
    .group_by(FactRow.card_id)
)


@query("deal.see")
def list_stays(tx: Tx, deal_id: int) -> list[StayRow]:
    """Where a deal has been and for how long, from its beginning. Raises NotFound."""
    deal = tx.need(Deal, deal_id)
    with tx.with_bin():  # of stages that are no more, too
        stages = {stage.id: stage for stage in stages_of(tx, deal.pipeline_id)}
    return [
        StayRow(
            stage_id, stages[stage_id].name, stages[stage_id].colour, entered_at, left_at, by or "",
            int(((left_at or tx.now) - entered_at).total_seconds()),
        )
        for stage_id, entered_at, left_at, by in tx.all(_STAYS, deal=deal_id)
        if stage_id in stages
    ]  # fmt: skip


@query("deal.see")
def list_usual_stays(tx: Tx, pipeline_id: int) -> list[UsualStay]:
    """How long deals usually stay in each stage of a pipeline, of those deals that the reader sees."""
    found = []
    for stage in stages_of(tx, pipeline_id):
        stays = [(left - entered).total_seconds() for entered, left in tx.all(_FINISHED, stage=stage.id, most=LATEST)]
        if stays:
            found.append(UsualStay(stage.id or 0, median(stays), len(stays)))
    return found


@query("deal.see")
def list_conversions(tx: Tx, pipeline_id: int) -> list[ConversionRow]:
    """How many of the closed deals that have been in each stage were won, of those that the reader sees."""
    won = func.sum(case((Stage.kind == WON, 1), else_=0))
    been = select(StageSpan.stage_id, StageSpan.deal_id).distinct().subquery()
    counted = (
        select(been.c.stage_id, won, func.count())
        .select_from(been)
        .join(Deal, Deal.id == been.c.deal_id)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(Deal.pipeline_id == pipeline_id, Stage.kind.in_(CLOSED))
        .group_by(been.c.stage_id)
    )
    return [ConversionRow(stage_id, int(won), count) for stage_id, won, count in tx.all(counted)]


@query("deal.see")
def list_arrivals(tx: Tx, deal_ids: list[int]) -> list[ArrivalRow]:
    """Of some deals those that somebody else has just brought to where they are, and who that was."""
    wanted = (
        select(Deal.name, Stage.name, Employee.name)
        .join(StageSpan, StageSpan.deal_id == Deal.id)
        .join(Stage, Stage.id == StageSpan.stage_id)
        .join(Employee, Employee.id == StageSpan.entered_by_id)
        .where(Deal.id.in_(deal_ids), StageSpan.left_at.is_(None), StageSpan.entered_by_id != tx.actor.id)
        .where(StageSpan.entered_at > tx.now - JUST_NOW)
        .order_by(StageSpan.entered_at, StageSpan.id)
    )
    return [ArrivalRow(*row) for row in tx.all(wanted)]


def loads_of(tx: Tx, stage_ids: Iterable[int]) -> dict[int, int]:
    """How many deals stand in stages, whoever sees them: what is told where only so many are meant to."""
    wanted = list(stage_ids)
    if not wanted:
        return {}
    with past_the_policies(tx.session):
        counted = select(Deal.stage_id, func.count()).where(Deal.stage_id.in_(wanted), Deal.deleted_at.is_(None))
        return dict(tuple(row) for row in tx.all(counted.group_by(Deal.stage_id)))


def touched_at(tx: Tx, deal_ids: list[int]) -> dict[int, datetime]:
    """When somebody did something with deals for the last time, as far as the history tells."""
    if not deal_ids:
        return {}
    with past_the_policies(tx.session):  # only of deals that the reader has in hand
        return dict(tuple(row) for row in tx.all(_TOUCHED, ids=deal_ids))
