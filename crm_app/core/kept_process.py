"""Child processes that are started again whenever they end before they should: the worker, several web processes.

A child is a program of its own, `python -m crm_app COMMAND`; or, the first time, one that was forked ahead, while the
parent had no thread yet: it shares with the parent the memory of all that both had imported by then.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from crm_app.core.commands import CommandFailed

log = logging.getLogger("crm.serve")

PARENT = "CRM_CHILD_OF"
PAUSE_SECONDS = 1.0
END_SECONDS = 6.0
"""As long as a child may take to end; what it has not finished by then is left to its leases."""
LOOK_SECONDS = 0.5


class _Child(Protocol):
    """What is asked of a child, however it was started."""

    def wait(self) -> int | None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class _Forked:
    """A child that was forked ahead: it begins when it is told to."""

    def __init__(self, command: str, run: Callable[[], object]) -> None:
        told, self._tell = multiprocessing.Pipe(duplex=False)
        self._process = multiprocessing.get_context("fork").Process(
            target=_be_forked, args=(command, told, self._tell, run), daemon=True
        )
        self._process.start()
        told.close()

    def begin(self) -> None:
        """Let it begin; one that has died meanwhile is found dead by who waits for it, and followed by another."""
        with suppress(BrokenPipeError):
            self._tell.send(True)

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


_ahead: dict[str, _Forked] = {}


def fork_ahead(command: str, run: Callable[[], object]) -> None:
    """Fork the child that the first `KeptProcess(command)` will be; where forking isn't safe, nothing is done.

    run: what it does once it is kept. It ends if that never happens.
    """
    # Only Linux can go on safely after a fork without an exec; and no thread may hold a lock in that moment.
    if sys.platform == "linux" and threading.active_count() == 1:
        _ahead[command] = _Forked(command, run)


def _be_forked(command: str, told: Connection, tell: Connection, run: Callable[[], object]) -> None:
    """The life of a child that was forked ahead."""
    tell.close()  # the parent's end alone is open now: where the parent dies, the wait below ends
    os.environ[PARENT] = str(os.getppid())
    Path("/proc/self/comm").write_text(f"crm-{command}", encoding="ascii")  # its name in the list of processes
    try:
        told.recv()
        run()
    except EOFError:
        pass
    except CommandFailed as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)


class KeptProcess:
    """`python -m crm_app COMMAND` as a child, kept alive. settings: what differs from this process's environment."""

    def __init__(self, command: str, **settings: str) -> None:
        self._command, self._settings = command, settings
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._child = self._start()
        self._keeper = threading.Thread(target=self._keep, name=f"{command}-keeper", daemon=True)
        self._keeper.start()

    def tell_to_end(self) -> None:
        """Ask the child to end, and don't start it again."""
        with self._lock:
            self._ending.set()
        self._child.terminate()

    def end_by(self, moment: float) -> None:
        """Wait for the end until a moment of time.monotonic(), then kill."""
        self._keeper.join(max(0.0, moment - time.monotonic()))
        self._child.kill()

    def _start(self) -> _Child:
        if forked := _ahead.pop(self._command, None):
            forked.begin()
            return forked
        environment = {**os.environ, **self._settings, PARENT: str(os.getpid())}
        command = [sys.executable, "-m", "crm_app", self._command]
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)

    def _keep(self) -> None:
        while True:
            code = self._child.wait()
            if self._ending.is_set():
                return
            log.error("%s ended with %s and is started again", self._command, code)
            self._ending.wait(PAUSE_SECONDS)
            with self._lock:  # a child that were started while the last one is ended would be nobody's
                if self._ending.is_set():
                    return
                self._child = self._start()


def end_all(kept: Sequence[KeptProcess]) -> None:
    """End children together."""
    for child in kept:
        child.tell_to_end()
    moment = time.monotonic() + END_SECONDS
    for child in kept:
        child.end_by(moment)


def is_child() -> bool:
    """Whether this process is one that another keeps."""
    return PARENT in os.environ


def end_with_parent(end: Callable[[], object]) -> None:
    """Have a function called when the process that keeps this one is gone, however that ended."""
    if is_child():
        threading.Thread(target=_watch_parent, args=(int(os.environ[PARENT]), end), daemon=True).start()


def _watch_parent(parent: int, end: Callable[[], object]) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    end()
