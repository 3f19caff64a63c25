"""A running application for browser tests and benchmarks: the built page, an own data folder, a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.servers import free_port

START_SECONDS = 180
END_SECONDS = 20


@dataclass(frozen=True)
class Application:
    """Where a running application is found."""

    address: str
    data: Path
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def running(folder: Path, **chosen: str) -> Iterator[Application]:
    """Start `python -m crm_app serve --prepare`, healthy at the beginning of the block and ended after it.

    chosen: settings by their names, such as CRM_LOCALE="ru"; without CRM_PORT a port that is free.

    Raises RuntimeError with the log of one that won't start.
    """
    with starting(folder, **chosen) as application:
        wait_until_healthy(application)
        yield application


@contextmanager
def starting(folder: Path, **chosen: str) -> Iterator[Application]:
    """The same, but at the moment when its process has just been started."""
    port = int(chosen.pop("CRM_PORT", 0) or free_port())
    log = folder / "serve.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "crm_app", "serve", "--prepare"],
            env=environment(CRM_PORT=str(port), CRM_DATA=str(folder / "data"), **chosen),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Application(f"http://localhost:{port}", folder / "data", process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(END_SECONDS)


def environment(**chosen: str) -> dict[str, str]:
    """The environment of the application: no setting of the person who runs the tests gets in.

    Python keeps what it has compiled, as it does for everybody: else each start would compile all libraries anew.
    """
    kept_out = ("CRM_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(kept_out)}
    return {**inherited, "CRM_LOCALE": "en", **chosen}


def wait_until_healthy(application: Application) -> None:
    """Wait for /api/health. Raises RuntimeError, with the log, where the application does not get there."""
    deadline = time.monotonic() + START_SECONDS
    while application.process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{application.address}/api/health", timeout=START_SECONDS).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise RuntimeError(f"the application does not start:\n{application.log.read_text(errors='replace')[-5000:]}")
