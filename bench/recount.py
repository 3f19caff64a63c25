"""Leads that wait counted anew under another calendar, while others click. `python -m bench.recount [LEADS]`

Each line: name value unit budget. The longest write is what a click that writes has waited at most: no batch holds the
lock for longer. The page must be built: `make setup`.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from bench.api import Program
from bench.clients import Clicks, meanwhile, wait_for_worker
from bench.company import fill
from bench.measure import as_installed, calibrate, figure
from crm_app.core import clock, db, ranks
from crm_app.core.actor import SYSTEM
from crm_app.core.bulk import insert_many
from crm_app.core.door import Tx, action, perform
from crm_app.leads.models import Lead
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset
from crm_app.pipelines.queries import stages_of
from tests.application import running

CLIENTS, WARMING_CLICKS, CLICK_SECONDS, LOOK_SECONDS = 2_000, 20, 0.05, 0.5
TOUCH_MINUTES = 8 * 60


@action("bench.fill")
def write_leads(tx: Tx, count: int) -> None:
    """Leads that came just now and wait, in the first stage of one pipeline."""
    way = tx.do(create_pipeline_from_preset, "leads", locale="ru")
    stage, rank = stages_of(tx, way.id or 0)[0], ""
    blank = Lead(
        name="", sort_name="", pipeline_id=way.id or 0, stage_id=stage.id or 0, rank="", entered_stage_at=tx.now,
        touch_minutes=TOUCH_MINUTES, touch_due_at=tx.now + timedelta(minutes=TOUCH_MINUTES), created_at=tx.now,
        updated_at=tx.now,
    ).model_dump()  # fmt: skip
    rows = []
    for number in range(1, count + 1):
        rank = ranks.between(rank or None, None)
        rows.append({**blank, "id": number, "name": f"Лид {number}", "sort_name": f"лид {number}", "rank": rank})
    insert_many(tx.session.connection(), Lead.__table__, rows)  # type: ignore[attr-defined]


def counted(database: db.Database, before: Any) -> int:
    """How many leads are due at another minute by now."""
    with database.session(writes=False) as session:
        asked = select(func.count()).select_from(Lead).where(Lead.touch_due_at != before)
        return int(session.connection().execute(asked).scalar_one())


def main(leads: int) -> None:
    """leads: how many wait."""
    with TemporaryDirectory(prefix="kartoteka-bench-") as made:
        folder = Path(made)
        keys = fill(folder / "data", CLIENTS, 0)
        database = db.Database(f"sqlite:///{folder / 'data' / 'crm.db'}")
        db.use(database)
        perform(SYSTEM, write_leads, count=leads)
        with database.session(writes=False) as session:
            due_at = session.connection().execute(select(Lead.touch_due_at).limit(1)).scalar_one()
        with running(folder, **as_installed(folder)) as application:
            wait_for_worker(application)
            figure("recount_calibration_before", calibrate(), "ms")
            clicks, program = Clicks(application, keys[0]), Program(application.address, keys[0])
            tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
            today = clock.now().date().isoformat()
            for _ in range(WARMING_CLICKS):
                clicks.click()
            clicks.milliseconds.clear()
            began = time.perf_counter()
            with meanwhile(clicks.click, CLICK_SECONDS):
                off = [{"day": day, "hours": None, "name": ""} for day in (today, tomorrow)]
                program.send("PATCH", "/worktime", {"days": off})
                while counted(database, due_at) < leads:
                    time.sleep(LOOK_SECONDS)
            figure("recount_seconds", time.perf_counter() - began, "s", "<=300")
            figure("recount_click_p95", clicks.p95(), "ms", "<100")
            figure("recount_longest_write", max(clicks.milliseconds[1::2]), "ms", "<=100")
            figure("recount_calibration_after", calibrate(), "ms")
        db.use(None)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
