"""Clients from a spreadsheet, by a real server and its worker. `python -m bench.clients [ROWS [MANY]]`

An import of ROWS rows, then one of MANY while others click. The seconds are all that a program waits for: upload,
recognising of the columns, the worker's look for jobs, the rows with their index and history, the report. That is more
than others were measured by, from the start of the import to its end. What the worker does after the report (statistics
for the planner, the search index put in order) is not in them. All columns are mapped, duplicates are sought in the
file and among the clients that are there. A second figure is by the time of all processors that web, worker and parser
have used: others who share the machine leave it as it is.
Each line: name value unit budget.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import httpx
import psutil

from bench.api import Program
from bench.company import STATUSES, WORDS, fill
from bench.measure import as_installed, calibrate, figure, memory
from bench.sheets import stretched
from crm_app.core.sheets import write_xlsx
from tests.application import Application, running

THERE_BEFORE = 20_000
LOOK_SECONDS, CLICK_SECONDS, IDLE_SECONDS = 0.2, 0.1, 5.0


def imported(application: Application, key: str, path: Path) -> tuple[float, dict[str, int]]:
    """Seconds from the upload to the last row, and how many rows came to what."""
    began = time.perf_counter()
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{application.address}/api/v1", headers=headers, timeout=120) as client:
        with path.open("rb") as content:
            answer = client.post("/clients/import", files={"file": (path.name, content)})
        report = answer.raise_for_status().json()
        while report["state"] == "running":
            time.sleep(LOOK_SECONDS)
            report = client.get(f"/imports/{report['id']}").json()
    assert report["state"] == "done", report
    return time.perf_counter() - began, report["counts"]


def wait_for_worker(application: Application) -> None:
    """Until the worker, which starts beside the server, says that it lives."""
    while not httpx.get(f"{application.address}/api/health").json()["worker"]["alive"]:
        time.sleep(LOOK_SECONDS)


def processors(application: Application) -> float:
    """Seconds of processors that the application has used up to now, with its children that have ended."""
    web = psutil.Process(application.process.pid)
    return sum(sum(process.cpu_times()[:4]) for process in (web, *web.children(recursive=True)))


@contextmanager
def meanwhile(work: Any, seconds: float) -> Iterator[None]:
    """Do something again and again beside the block."""
    stop = threading.Event()

    def repeat() -> None:
        while not stop.wait(seconds):
            work()

    thread = threading.Thread(target=repeat)
    thread.start()
    yield
    stop.set()
    thread.join()


class Clicks:
    """Another person at work: a filtered list, a card that is changed."""

    def __init__(self, application: Application, key: str) -> None:
        self._program = Program(application.address, key)
        self.milliseconds: list[float] = []

    def click(self) -> None:
        number = len(self.milliseconds)
        began = time.perf_counter()
        if number % 2:
            self._program.send("PATCH", f"/clients/{number % 1000 + 1}", {"note": f"Звонок {number}"})
        else:
            where = quote(json.dumps({"field": "status", "op": "eq", "value": STATUSES[number % len(STATUSES)]}))
            self._program.get(f"/clients?limit=50&q={quote(WORDS[number % len(WORDS)])}&filter={where}")
        self.milliseconds.append((time.perf_counter() - began) * 1000)

    def p95(self) -> float:
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.95)]


def main(rows: int, many: int) -> None:
    """rows, many: of the two spreadsheets."""
    with TemporaryDirectory(prefix="kartoteka-bench-") as name:
        folder = Path(name)
        keys = fill(folder / "data", THERE_BEFORE, 0)
        small, large = folder / "small.xlsx", folder / "large.xlsx"
        write_xlsx(small, *stretched(rows))
        write_xlsx(large, *stretched(many))
        with running(folder, **as_installed(folder)) as application:
            figure("calibration_before", calibrate(), "ms")
            wait_for_worker(application)
            used = processors(application)
            seconds, counts = imported(application, keys[0], small)
            figure("import_rows", rows / seconds, "rows/s", ">=4000")
            figure("import_rows_per_processor_second", rows / (processors(application) - used), "rows")
            print(f"# {counts}")
            measure_many(application, keys, large)
            figure("calibration_after", calibrate(), "ms")


def measure_many(application: Application, keys: list[str], path: Path) -> None:
    """The large import: seconds, memory over what the idle server has, and what it costs the others."""
    time.sleep(IDLE_SECONDS)
    idle = memory(application)
    used: list[float] = []
    clicks = Clicks(application, keys[0])
    with meanwhile(lambda: used.append(memory(application)), 1.0), meanwhile(clicks.click, CLICK_SECONDS):
        seconds, counts = imported(application, keys[0], path)
    figure("import_many_seconds", seconds, "s", "<=30")
    print(f"# {counts}")
    figure("import_many_memory_over_idle", max(used) - idle, "MB", "<=150")
    figure("import_many_click_p95", clicks.p95(), "ms", "<100")


if __name__ == "__main__":
    chosen = [int(number) for number in sys.argv[1:]]
    main(*(chosen + [10_000, 100_000][len(chosen) :]))
