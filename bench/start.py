"""The start, what an idle installation weighs, and the first load. `python -m bench.start`

Each line: name value unit budget. The page must be built: `make setup`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
from playwright.sync_api import Page, sync_playwright

from tests.application import Application, running, starting, wait_until_healthy
from tests.browser import SWITCHES, chromium

IDLE_SECONDS = 10
MEGABYTE = 1_000_000
PAGES = ("/login", "/setup")


def calibrate() -> float:
    """Milliseconds of a fixed loop: a shared processor has two speeds."""
    begun = time.perf_counter()
    sum(number * number for number in range(1_000_000))
    return (time.perf_counter() - begun) * 1000


def figure(name: str, value: float, unit: str, budget: str) -> None:
    """One line of the benchmark."""
    print(f"{name} {value:.2f} {unit} {budget}", flush=True)


def seconds_until(answered: Callable[[], bool]) -> float:
    """How long it takes until something is true for the first time."""
    begun = time.perf_counter()
    while not answered():
        time.sleep(0.01)
    return time.perf_counter() - begun


def has_page(application: Application) -> bool:
    """Whether the first page is answered."""
    try:
        return httpx.get(application.address, timeout=5, follow_redirects=True).is_success
    except httpx.TransportError:
        return False


def memory(application: Application) -> float:
    """Megabytes of the web process, its worker and their children; what they share is counted once."""
    web, used = psutil.Process(application.process.pid), 0
    for process in (web, *web.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # a parser that has just ended
            used += process.memory_full_info().pss
    return float(used) / MEGABYTE


def weight(page: Page, address: str) -> float:
    """Kilobytes over the wire, with an empty cache, until the network is quiet."""
    received: list[float] = []
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on("Network.loadingFinished", lambda finished: received.append(finished["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    return sum(received) / 1000


def measure_start(folder: Path) -> None:
    """A second start: the database is there, the page is built, and nothing has changed."""
    with running(folder):
        pass
    with starting(folder) as application:
        begun = time.perf_counter()
        figure("start_to_first_page", seconds_until(lambda: has_page(application)), "s", "<=2")
        wait_until_healthy(application)
        figure("start_to_all_ready", time.perf_counter() - begun, "s", "-")
        time.sleep(IDLE_SECONDS)
        figure("idle_memory_with_worker", memory(application), "MB", "<=180")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
            for path in PAGES:
                page = browser.new_page()
                figure(f"first_load_{path.strip('/')}", weight(page, application.address + path), "kB", "<=220")
                page.close()
            browser.close()


def main() -> None:
    figure("calibration", calibrate(), "ms", "-")
    with TemporaryDirectory(prefix="kartoteka-bench-") as folder:
        measure_start(Path(folder))
    figure("calibration", calibrate(), "ms", "-")


if __name__ == "__main__":
    main()
