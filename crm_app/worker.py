"""`python -m crm_app worker`: does the jobs that the database holds. Any number may run; claims keep them apart.

`python -m crm_app serve` keeps one as a child process; `python -m crm_app worker` is one by itself.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from crm_app import features
from crm_app.core import clock, jobs, lifeline, live, memory, presence, search
from crm_app.core.db import FAILURES, database
from crm_app.core.kept_process import end_with_parent
from crm_app.core.settings import settings

log = logging.getLogger("crm.worker")

HANDS = 4
"""Jobs that one worker does at once."""
LOOK_SECONDS = 0.1
"""Most who asked for a job watch it: looking costs a hundredth of a processor."""
BEAT_SECONDS = 5.0
TIDY_SECONDS = 1_800.0


class Worker:
    """Claims jobs and does them in threads until it is told to stop."""

    def __init__(self) -> None:
        self.holder = _new_name()
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._running: dict[Future[None], jobs.Run] = {}

    def stop(self) -> None:
        """Claim nothing more; long jobs put down what they have, the others are finished."""
        self._stop.set()
        self._wake.set()
        for run in list(self._running.values()):
            run.stopping.set()

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        memory.share()
        features.load()
        memory.settle()
        live.watch(lambda _topics: self._wake.set())
        folder = lifelines()
        alive = lifeline.Lifeline(folder, self.holder)
        threading.Thread(target=self._beat, name="worker-beat", daemon=True).start()
        with ThreadPoolExecutor(HANDS, thread_name_prefix="job") as hands:
            while not self._stop.is_set():
                self._look(hands, folder)
        with contextlib.suppress(*FAILURES):
            jobs.leave(database(), self.holder)
        alive.let_go()

    def _look(self, hands: ThreadPoolExecutor, folder: Path) -> None:
        self._running = {future: run for future, run in self._running.items() if not future.done()}
        free = HANDS - len(self._running)
        busy = Counter(run.name for run in self._running.values())
        try:
            _bury(folder)
            claimed = jobs.claim(database(), self.holder, free, busy) if free else []
        except (SQLAlchemyError, OSError, TimeoutError):
            log.warning("no jobs can be claimed: the database is away", exc_info=True)
            self._stop.wait(1.0)
            return
        for run in claimed:
            future = hands.submit(jobs.execute, database(), run)
            self._running[future] = run
            future.add_done_callback(lambda _: self._wake.set())
        if self._stop.is_set():
            self.stop()
        if len(claimed) < free or not free:
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _beat(self) -> None:
        started_at, tidied = clock.now(), 0.0
        while not self._stop.is_set():
            try:
                jobs.beat(database(), self.holder, started_at)
                if self._running:
                    jobs.renew(database(), self.holder)
                if time.monotonic() - tidied > TIDY_SECONDS:
                    jobs.forget_done(database())
                    jobs.ask_now_and_then(database())
                    database().study()
                    search.put_in_order(database())
                    tidied = time.monotonic()
            except (SQLAlchemyError, OSError, TimeoutError):
                log.warning("the worker can't say that it lives", exc_info=True)
            self._stop.wait(min(BEAT_SECONDS, jobs.LEASE / timedelta(seconds=3)))


def _new_name() -> str:
    """What a worker holds its jobs by."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


def do_here(key: str) -> None:
    """Do the due job of a key in this process, unless a worker has it: for a command where no worker runs."""
    run = jobs.claim_one(database(), _new_name(), key)
    if run is not None:
        jobs.execute(database(), run)


def lifelines() -> Path:
    """The folder in which the workers of this machine show that they live."""
    return settings().data / "workers"


def _bury(folder: Path) -> None:
    """Take what dead workers of this machine held."""
    dead = lifeline.dead(folder)
    if not dead:
        return
    log.warning("workers have died: %s", ", ".join(dead))
    jobs.release(database(), dead)
    for name in dead:
        lifeline.forget(folder, name)


def arguments(_: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(_: argparse.Namespace) -> None:
    """The sub-command `worker`: works until a signal asks to stop."""
    worker = Worker()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: worker.stop())
    end_with_parent(worker.stop)
    with presence.among_others(settings().data):
        worker.run()
