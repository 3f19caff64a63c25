"""The board of 10,000 deals and the moves on it, through the door and without HTTP. `python -m bench.deals [DEALS]`

Each line: name value unit budget. The same over HTTP: bench/api.py.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select

from bench.company import ADMINISTRATOR, WORDS, fill
from bench.measure import calibrate, figure, timed
from crm_app.access.queries import actor_by_email
from crm_app.core import db
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.door import Tx, action, perform
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.models import Deal, StageSpan
from crm_app.deals.queries.board import see_board, see_column
from crm_app.deals.queries.moves import moves
from crm_app.deals.queries.stays import list_conversions, list_stays, list_usual_stays
from crm_app.pipelines.actions.plans import save_pipeline
from crm_app.pipelines.queries import see_pipeline

CLIENTS = 1_000


def steps(actor: Actor, board: Any) -> Iterator[dict[str, int]]:
    """Moves that are all allowed: to and fro between open stages that ask for nothing, each under another deal."""
    columns = [c for c in board.columns if c.stage.kind == "open" and not c.stage.required_fields]
    places = {card.id: column.stage.id for column in columns for card in column.cards}
    while True:
        deal_id, beside = random.sample(list(places), 2)
        stage_id = next(c.stage.id for c in columns if c.stage.id != places[deal_id])
        places[deal_id] = stage_id
        yield {"deal_id": deal_id, "stage_id": stage_id, "after_id": beside}


def guard(adam: Actor) -> None:
    """Give the pipeline five rules of approval for each stage that no deal fits."""
    row = perform(adam, see_pipeline, pipeline_id=1)
    own = ("name", "kind", "colour", "probability", "rot_days", "required_fields")
    plan: dict[str, Any] = {"name": row.name, "order_rule": row.order_rule}
    plan["stages"] = [{"key": one.id, **{field: getattr(one, field) for field in own}} for one in row.stages]
    ways = [{"from_key": way.from_id, "to_key": way.to_id} for way in row.transitions]
    never = [{"field": "amount", "op": "lt", "value": 0}, {"field": "delivery", "op": "eq", "value": "by air ship"}]
    open_ones = [one.id for one in row.stages if one.kind == "open"][:4]
    rules = [
        {
            "key": -1 - place,
            "to_key": open_ones[place % len(open_ones)],
            "approvers": ["head"],
            "conditions": {"any": never},
        }
        for place in range(5 * len(open_ones))
    ]
    perform(adam, save_pipeline, pipeline_id=1, plan={**plan, "transitions": ways, "approvals": rules})


@action("bench.past")
def give_past(tx: Tx, stays: int) -> None:
    """Let deals have been in other stages before, four times each."""
    deals = tx.all(select(Deal.id, Deal.stage_id))
    stages = sorted({row.stage_id for row in deals})
    for _ in range(stays):
        rows = []
        for deal_id, _stage in deals:
            left_at = tx.now - timedelta(hours=random.randint(1, 4_000))
            spent = timedelta(hours=random.randint(1, 400))
            rows.append(
                {
                    "deal_id": deal_id,
                    "stage_id": random.choice(stages),
                    "entered_at": left_at - spent,
                    "left_at": left_at,
                }
            )
        tx.run(insert(StageSpan), rows)


def main(deals: int) -> None:
    random.seed(1)
    with TemporaryDirectory(prefix="kartoteka-bench-") as name:
        fill(Path(name), CLIENTS, deals)
        db.use(db.Database(f"sqlite:///{name}/crm.db"))
        adam = perform(SYSTEM, actor_by_email, email=ADMINISTRATOR)
        ann = perform(SYSTEM, actor_by_email, email="ann@bench.example")
        perform(SYSTEM, give_past, stays=4)
        figure("calibration_before", calibrate(), "ms")
        board = perform(adam, see_board, pipeline_id=1)
        column = board.columns[0]
        way = steps(adam, board)

        def show(actor: Actor, **chosen: Any) -> Any:
            return lambda: perform(actor, see_board, pipeline_id=1, with_closed=False, **chosen)

        timed("deals_board", 100, show(adam), "<=30", "-")
        timed("deals_board_of_a_manager", 100, show(ann, mine=True), "<=30", "-")
        timed("deals_board_by_words", 100, lambda: show(adam, q=random.choice(WORDS))(), "<=30", "-")
        more = {"stage_id": column.stage.id, "after": column.after}
        timed("deals_more_of_a_column", 100, lambda: perform(adam, see_column, **more), "<=30", "-")
        timed("deals_usual_stays", 100, lambda: perform(adam, list_usual_stays, pipeline_id=1), "<=15", "-")
        timed("deals_usual_stays_of_a_manager", 100, lambda: perform(ann, list_usual_stays, pipeline_id=1), "<=15", "-")
        timed("deals_conversions", 30, lambda: perform(adam, list_conversions, pipeline_id=1), "<=100", "-")
        no_step = {"all": [{"field": "no_step", "op": "eq", "value": True}]}
        timed("deals_board_without_next_step", 100, show(adam, filter=no_step), "<=30", "-")
        asked = {"deal_id": column.cards[0].id}
        timed("deals_stays", 100, lambda: perform(adam, list_stays, **asked), "<=8", "-")
        timed("deals_moves", 100, lambda: perform(adam, moves, **asked), "<=8", "-")
        timed("deals_move", 300, lambda: perform(adam, move_deal, **next(way)), "<=8", "<=15")
        guard(adam)
        timed("deals_move_with_5_rules", 300, lambda: perform(adam, move_deal, **next(way)), "<=8", "<=15")
        figure("calibration_after", calibrate(), "ms")
        db.use(None)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
