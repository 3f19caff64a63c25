"""A tag for a million clients, and off again, by the worker, while others click. `python -m bench.bulk [CLIENTS]`

The seconds are all that a person waits for: the choice of the cards, the worker's look for jobs, every batch with its
facts. Memory is what the processes hold by themselves: what they have mapped of the database's file, which the system
takes back when it needs it, has a line of its own. Each line: name value unit budget. Filling takes minutes. The page
must be built: `make setup`.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.api import Program
from bench.clients import CLICK_SECONDS, IDLE_SECONDS, Clicks, meanwhile, wait_for_worker
from bench.company import fill
from bench.measure import as_installed, calibrate, figure, mapped, memory
from tests.application import Application, running

LOOK_SECONDS = 0.5
IN_WORK = ("running", "undoing")


def ended(program: Program, change: dict[str, Any]) -> dict[str, Any]:
    """The change, once the worker has done with it."""
    while change["state"] in IN_WORK:
        time.sleep(LOOK_SECONDS)
        change = program.get(f"/bulk/{change['id']}")
    return change


def measure(name: str, application: Application, keys: list[str], path: str, body: Any) -> dict[str, Any]:
    """One change of all clients: seconds, memory over what the idle server has, and what it costs the others."""
    time.sleep(IDLE_SECONDS)
    program, clicks = Program(application.address, keys[0]), Clicks(application, keys[0])
    files = [mapped(application)]
    used = [memory(application) - files[0]]

    def look() -> None:
        files.append(mapped(application))
        used.append(memory(application) - files[-1])

    began = time.perf_counter()
    with meanwhile(look, 1.0), meanwhile(clicks.click, CLICK_SECONDS):
        change = ended(program, program.send("POST", path, body))
    figure(f"{name}_seconds", time.perf_counter() - began, "s", "<=600")
    figure(f"{name}_memory_over_idle", max(used) - used[0], "MB", "<=150")
    figure(f"{name}_mapped_over_idle", max(files) - files[0], "MB")
    figure(f"{name}_click_p95", clicks.p95(), "ms", "<100")
    print(f"# {change['state']} {change['counts']}", flush=True)
    return change


def main(clients: int) -> None:
    """clients: how many get the tag."""
    with TemporaryDirectory(prefix="kartoteka-bench-") as made:
        folder = Path(made)
        keys = fill(folder / "data", clients, 0)
        with running(folder, **as_installed(folder)) as application:
            wait_for_worker(application)
            figure("bulk_calibration_before", calibrate(), "ms")
            body = {"card": "client", "operation": "tag", "arguments": {"name": "рассылка"}, "filter": {"all": []}}
            change = measure("bulk_tag", application, keys, "/bulk", body)
            measure("bulk_undo", application, keys, f"/bulk/{change['id']}/undo", {})
            figure("bulk_calibration_after", calibrate(), "ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
