"""What all benchmarks share: a clock's speed, a line of figures, what a server weighs."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:  # a browser's library weighs 17 MB, in benchmarks that weigh themselves too
    from playwright.sync_api import Page

    from tests.application import Application

MEGABYTE = 1_000_000
ONLY_IN_TESTS = ("opentelemetry", "requests")
"""Packages that tests bring along, and that libraries of the application load where they find them: 10 MB."""


def calibrate() -> float:
    """Milliseconds of a fixed loop: a shared processor has two speeds."""
    begun = time.perf_counter()
    sum(number * number for number in range(1_000_000))
    return (time.perf_counter() - begun) * 1000


def figure(name: str, value: float, unit: str, budget: str = "-") -> None:
    """One line of the benchmark."""
    print(f"{name} {value:.2f} {unit} {budget}", flush=True)


def timed(name: str, times: int, work: Callable[[], object], median: str, p95: str) -> None:
    """Two lines: how long one piece of work takes, one after another."""
    took = sorted(milliseconds(work) for _ in range(times))
    figure(f"{name}_median", took[len(took) // 2], "ms", median)
    figure(f"{name}_p95", took[int(len(took) * 0.95)], "ms", p95)


def milliseconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def as_installed(folder: Path) -> dict[str, str]:
    """A setting for `running`: the application finds the packages that `make setup` installs, and no others."""
    absent = folder / "absent"
    for name in ONLY_IN_TESTS:
        (absent / name).mkdir(parents=True, exist_ok=True)
        (absent / name / "__init__.py").write_text("raise ImportError\n", encoding="utf-8")
    return {"PYTHONPATH": str(absent)}


def memory(application: Application) -> float:
    """Megabytes of the web process, its worker and their children; what they share is counted once."""
    web, used = psutil.Process(application.process.pid), 0
    for process in (web, *web.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # a parser that has just ended
            used += process.memory_full_info().pss
    return float(used) / MEGABYTE


def mapped(application: Application) -> float:
    """Of `memory`: megabytes of files that are mapped, which the system takes back when it needs them."""
    web, used = psutil.Process(application.process.pid), 0
    for process in (web, *web.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess, OSError):
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
            used += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss_File:"))
    return used * 1024 / MEGABYTE


def forget_peak() -> None:
    """Have `peak` tell of what comes from here on: a start may need more for a moment, as for a password."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    """The most megabytes that this process has had since `forget_peak`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (most,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(most) * 1024 / MEGABYTE


def weight(page: Page, address: str) -> float:
    """Kilobytes over the wire, with an empty cache, until the network is quiet."""
    received: list[float] = []
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on("Network.loadingFinished", lambda finished: received.append(finished["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    return sum(received) / 1000
