"""The start, what an idle installation weighs, and the first load. `python -m bench.start`

Each line: name value unit budget. The page must be built: `make setup`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import sync_playwright

from bench.measure import as_installed, calibrate, figure, memory, weight
from tests.application import Application, running, starting, wait_until_healthy
from tests.browser import SWITCHES, chromium

IDLE_SECONDS = 10
PAGES = ("/login", "/setup")


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


def measure_start(folder: Path) -> None:
    """A second start: the database is there, the page is built, and nothing has changed."""
    with running(folder):
        pass
    with starting(folder, **as_installed(folder)) as application:
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
