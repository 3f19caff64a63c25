"""Child processes that are started again whenever they end before they should: the worker, several web processes."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

log = logging.getLogger("crm.serve")

PARENT = "CRM_CHILD_OF"
PAUSE_SECONDS = 1.0
END_SECONDS = 6.0
"""As long as a child may take to end; what it has not finished by then is left to its leases."""
LOOK_SECONDS = 0.5


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

    def _start(self) -> subprocess.Popen[bytes]:
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
