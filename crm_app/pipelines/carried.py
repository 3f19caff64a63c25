"""What the features whose cards go through pipelines tell of them: how many stand where, and how they get elsewhere.

register_carried("deal", Carried(Deal, retell))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from crm_app.core import ranks
from crm_app.core.door import Tx
from crm_app.core.policy import past_the_policies
from crm_app.pipelines.models import Pipeline, Stage


@dataclass(frozen=True)
class Carried:
    """Cards of one kind. model: has id, stage_id, return_stage_id, rank, entered_stage_at, updated_at, version.

    carry_over: what is kept and told besides of one card that has got into another stage by no will of its own.
    """

    model: Any
    carry_over: Callable[[Tx, Any, Stage, Stage], None]


CARRIED: dict[str, Carried] = {}
NAMED_BY: list[Callable[[Tx, Pipeline], Iterable[tuple[str, str]]]] = []
"""What else names a pipeline: each gives the kind of what does ("form", "rule") and its name."""

WAITING: list[Callable[[Tx, Pipeline], int]] = []
"""How many requests for approval are under way in a pipeline, as the features tell whose cards can be asked for."""


def cards_on(tx: Tx, card: str, stage_ids: Iterable[int]) -> dict[int, int]:
    """How many cards stand on stages, whoever sees them, and in the bin too: each would have to go somewhere."""
    model = CARRIED[card].model
    with past_the_policies(tx.session), tx.with_bin():
        counted = select(model.stage_id, func.count()).where(model.stage_id.in_(list(stage_ids)))
        return dict(tuple(row) for row in tx.all(counted.group_by(model.stage_id)))


def cards_bound_for(tx: Tx, card: str, stages: Iterable[Stage]) -> dict[int, int]:
    """How many cards stand on each of some stages, those counted that a stage which is to go hands on to it."""
    all_of_them = list(stages)
    counts = cards_on(tx, card, [stage.id or 0 for stage in all_of_them])
    for stage in all_of_them:
        if stage.leaving_to_id and (coming := counts.pop(stage.id or 0, 0)):
            counts[stage.leaving_to_id] = counts.get(stage.leaving_to_id, 0) + coming
    return counts


def carry_some(tx: Tx, card: str, here: Stage, there: Stage, most: int) -> int:
    """Move some cards to the foot of another stage; how many they were. Run as the system, which sees them all."""
    kind = CARRIED[card]
    model = kind.model
    with tx.with_bin():
        wanted = select(model).where(model.stage_id == here.id).order_by(model.rank, model.id).limit(most)
        cards = tx.all(wanted.with_for_update())
        rank = tx.one(select(model.rank).where(model.stage_id == there.id).order_by(model.rank.desc()))
        for each in cards:
            rank = each.rank = ranks.between(rank, None)
            each.stage_id, each.version = there.id, each.version + 1
            each.entered_stage_at = each.updated_at = tx.now
            kind.carry_over(tx, each, here, there)
        tx.session.flush()
    return len(cards)


def remember_elsewhere(tx: Tx, card: str, here: Stage, there: Stage) -> None:
    """Cards on hold, or closed, that would come back to a stage which is no more, come back to another."""
    model = CARRIED[card].model
    with tx.with_bin():
        tx.run(update(model).where(model.return_stage_id == here.id).values(return_stage_id=there.id))
