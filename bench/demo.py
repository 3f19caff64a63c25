"""Demo data: rows written a second, on SQLite and on PostgreSQL. `python -m bench.demo [CLIENTS]`

Each line: name value unit budget. The second figure of each pair is by the time of this process on its processor, which
others who share the machine leave as it is; PostgreSQL works in processes of its own, so there the first one counts.
"""

from __future__ import annotations

import sys
from datetime import date
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sqlmodel import SQLModel

from bench.measure import calibrate, figure
from crm_app import features, fill
from crm_app.core import db, search
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform
from crm_app.demo.actions import found_company
from crm_app.demo.scene import Recipe
from tests.servers import postgres_url

TODAY = date(2026, 11, 22)


def filled(url: str, clients: int) -> tuple[float, float]:
    """Rows a second by the clock, and by the processor."""
    database = db.Database(url)
    db.use(database)
    with database.writer.begin() as connection:
        SQLModel.metadata.create_all(connection)
        search.create(connection)
    perform(SYSTEM, found_company, locale="ru", password_hash="", today=TODAY)
    clock, processor = perf_counter(), process_time()
    rows = fill.write(Recipe(clients, clients // 10, 1, "ru"), TODAY, is_own_company=False)
    rates = rows / (perf_counter() - clock), rows / (process_time() - processor)
    database.dispose()
    return rates


def main(clients: int) -> None:
    features.load()
    figure("calibration-before", calibrate(), "ms")
    with TemporaryDirectory() as folder:
        for name, url in (("sqlite", f"sqlite:///{folder}/demo.db"), ("postgresql", postgres_url())):
            by_clock, by_processor = filled(url, clients)
            figure(f"demo-{name}", by_clock, "rows/s", ">=10000")
            figure(f"demo-{name}-processor", by_processor, "rows/s", ">=10000")
    figure("calibration-after", calibrate(), "ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
