"""Pictures that people send, made small and harmless: pixels alone, in two sizes, as WebP.

They are read in a child process (picture_child.py), which is the only one that knows the library: the server neither
pays for it nor meets what a hostile file does to it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import logging
import signal
import subprocess
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import pydantic_core

from crm_app.core import confined
from crm_app.core.errors import BadInput, TooBig

MEGABYTE = 2**20
LARGEST = 15 * MEGABYTE
"""Bytes of a file that is sent."""
MEDIA_TYPE = "image/webp"
REFUSALS: dict[str, tuple[type[BadInput], str]] = {
    "broken": (BadInput, "core.error.picture_broken"), "svg": (BadInput, "core.error.picture_svg"),
    "unknown": (BadInput, "core.error.picture_unknown"), "slow": (TooBig, "core.error.picture_slow"),
    "wide": (TooBig, "core.error.picture_wide"),
}  # fmt: skip
"""Why a file becomes no picture."""

_CHILD = "crm_app.core.picture_child"
_LONGEST_ANSWER = MEGABYTE
_AT_ONCE = threading.BoundedSemaphore(2)
"""Children of this process: a crowd of senders waits, and does not fill the memory."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost. pixels: as the file tells, before anything is unpacked; the rest: of the child."""

    pixels: int = 50_000_000
    memory_bytes: int = 640 * MEGABYTE
    cpu_seconds: int = 15
    wait_seconds: float = 30


LIMITS = Limits()


@dataclass(frozen=True)
class Shrunk:
    """A picture in two sizes, WebP. digest: of both; the same file comes to the same one."""

    large: bytes
    small: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.large + b"|" + self.small).hexdigest()[:32]


def shrink(path: Path, limits: Limits = LIMITS) -> Shrunk:
    """What a sent file becomes. Blocking: call it in a thread. Raises BadInput or TooBig with a sentence that helps."""
    with _AT_ONCE, tempfile.TemporaryFile() as complaints:
        process = confined.start(_CHILD, complaints)
        is_late = threading.Event()
        watchdog = threading.Timer(limits.wait_seconds, _end_late, (process, is_late))
        watchdog.start()
        try:
            answer = _ask(process, {"path": str(path.resolve()), "limits": asdict(limits)})
        finally:
            watchdog.cancel()
            process.kill()
            code = process.wait()
        if answer is None:
            complaints.seek(0)
            said = complaints.read()[-2000:].decode(errors="replace")
            log.warning("the reader of pictures ended with %s: %s", code, said)
            raise _refusal("slow" if is_late.is_set() or code == -signal.SIGXCPU else "broken")
    return answer


def _ask(process: subprocess.Popen[bytes], request: dict[str, object]) -> Shrunk | None:
    """What the child answers; None where it dies, or says what no child of ours says. Raises its refusal."""
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
        said = process.stdout.read(_LONGEST_ANSWER)
        process.stdout.close()
        process.wait(timeout=5)
        told = pydantic_core.from_json(said)
        if "error" in told:
            raise _refusal(told["error"])
        shrunk = Shrunk(*(base64.b64decode(told[size], validate=True) for size in ("large", "small")))
    except (OSError, ValueError, TypeError, KeyError, binascii.Error, subprocess.TimeoutExpired):
        return None
    return shrunk if _is_webp(shrunk.large) and _is_webp(shrunk.small) else None


def _is_webp(made: bytes) -> bool:
    """Whether these are a WebP from the first byte to the last."""
    return made[:4] == b"RIFF" and made[8:12] == b"WEBP" and int.from_bytes(made[4:8], "little") == len(made) - 8


def _end_late(process: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    process.kill()


def _refusal(why: str) -> BadInput:
    kind, key = REFUSALS[why]
    return kind(key)
