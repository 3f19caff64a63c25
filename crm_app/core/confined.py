"""Child processes that read what a stranger has sent: a fresh interpreter with limits, and nothing worth stealing.

Not a fork: threads and connections of the server stay out of its reach. It answers in JSON, never pickle: should a
hostile file take it over, it still can't make the parent run anything.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).resolve().parents[2]


def start(module: str, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """`python -m MODULE` with pipes to speak through, and no secret in its environment. complaints: its stderr."""
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")},
        cwd=_ROOT,
        start_new_session=True,  # Ctrl+C in the terminal is for the server
    )


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """In the child: no more memory and processor than allowed, no file written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
