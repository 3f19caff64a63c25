"""Keeps one worker process alive beside a web process: CRM_WORKER=inside."""

from __future__ import annotations

import logging
import threading

from crm_app import worker

log = logging.getLogger("crm.serve")
PAUSE_SECONDS = 1.0
END_SECONDS = 20.0


class WorkerChild:
    """A worker process that is started again whenever it ends before it should."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._child = worker.start_child()
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        """End the worker; what it does not finish in time is left to its leases."""
        with self._lock:
            self._ending.set()
        self._child.terminate()
        self._keeper.join(END_SECONDS)
        self._child.kill()

    def _keep(self) -> None:
        while True:
            code = self._child.wait()
            if self._ending.is_set():
                return
            log.error("the worker ended with %s and is started again", code)
            self._ending.wait(PAUSE_SECONDS)
            with self._lock:  # a child that were started while `stop` ends the last one would be nobody's
                if self._ending.is_set():
                    return
                self._child = worker.start_child()
