"""The parent's side of child.py: starts it, reads its frames, ends it whatever happens."""

from __future__ import annotations

import fcntl
import json
import logging
import signal
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pydantic_core

from crm_app.clients.importer import CLIENT
from crm_app.core import confined
from crm_app.core.errors import BadInput, TooBig
from crm_app.integrations.contacts.excel.guard import LIMITS, Limits, check_file

LONGEST_FRAME = 64 * 2**20

_CHILD = "crm_app.integrations.contacts.excel.child"

_PIPE_BYTES = 2**20
"""Two thousand rows: the parser goes on while those before them are compared and saved."""

log = logging.getLogger(__name__)


class ParserProcess:
    """One file being parsed elsewhere. A context manager: leaving it ends the process."""

    def __init__(
        self,
        path: Path,
        wanted: dict[str, Any] | None = None,
        *,
        sheet: str = "",
        limits: Limits = LIMITS,
        card: str = CLIENT,
    ) -> None:
        """wanted: None for plain rows; for batches of cards what each column feeds ("fields"), the "currency" of
        amounts and the "terms" of the import. card: what the rows are. Raises BadInput, TooBig.
        """
        about = {"path": str(path.resolve()), "format": check_file(path, limits), "sheet": sheet}
        request = {**about, "card": card, "wanted": wanted}
        self._limits = limits
        self._is_late = threading.Event()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 closed by close()
        self._process = self._start({**request, "limits": asdict(limits)})

    def _start(self, request: dict[str, Any]) -> subprocess.Popen[bytes]:
        process = confined.start(_CHILD, self._complaints)
        assert process.stdin and process.stdout
        _widen(process.stdout)
        try:
            process.stdin.write(json.dumps(request).encode())
            process.stdin.close()
        except BrokenPipeError:
            log.warning("the spreadsheet parser ended before it was asked")
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if it still runs, and forget its pipes. More than once is fine."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._complaints):
            if pipe:
                pipe.close()

    def messages(self) -> Iterator[dict[str, Any]]:
        """The frames, without the last. Raises BadInput or TooBig with what the child, or its death, says."""
        while True:
            message = self._next()
            if "error" in message:
                raise (TooBig if message["too_big"] else BadInput)(message["error"], **message["params"])
            if "end" in message:
                return
            yield message

    def _next(self) -> dict[str, Any]:
        watchdog = threading.Timer(self._limits.wait_seconds, self._kill_late)
        watchdog.daemon = True
        watchdog.start()
        try:
            frame = self._read_frame()
        finally:
            watchdog.cancel()
        message: dict[str, Any] = pydantic_core.from_json(frame)
        return message

    def _read_frame(self) -> bytes:
        assert self._process.stdout
        head = self._process.stdout.read(4)
        length = struct.unpack(">I", head)[0] if len(head) == 4 else 0
        frame = self._process.stdout.read(length) if 0 < length <= LONGEST_FRAME else b""
        if not frame or len(frame) < length:
            raise self._why_it_died()
        return frame

    def _kill_late(self) -> None:
        self._is_late.set()
        self._process.kill()

    def _why_it_died(self) -> BadInput:
        """What the way of its death says about the file."""
        if self._process.poll() is None and not self._is_late.is_set():
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
        code = self._process.wait()
        self._complaints.seek(0)
        log.warning(
            "spreadsheet parser ended with %s: %s", code, self._complaints.read()[-2000:].decode(errors="replace")
        )
        if self._is_late.is_set() or code == -signal.SIGXCPU:
            return TooBig("contacts.error.too_slow")
        if code in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV):
            return TooBig("contacts.error.too_much_memory")
        return BadInput("contacts.error.broken_file")


def _widen(pipe: IO[bytes]) -> None:
    """Have a pipe hold more than the 64 kB that it has by itself; only Linux can."""
    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
