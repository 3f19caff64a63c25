"""Who works with a data folder: many servers and workers at once, or one restore all alone.

The kernel keeps the lock for as long as the process lives, and lets it go however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_app.core.commands import CommandFailed

NAME = "in-use"


@contextmanager
def among_others(folder: Path) -> Iterator[None]:
    """Work with a data folder beside others. Raises CommandFailed while it is being restored."""
    with _locked(folder, fcntl.LOCK_SH, "A backup is being restored here: start again when that has ended."):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep everybody out of a data folder. Raises CommandFailed where a server or a worker is at work."""
    with _locked(folder, fcntl.LOCK_EX, f"A server or a worker is at work on {folder}: stop it first."):
        yield


@contextmanager
def _locked(folder: Path, kind: int, refusal: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / NAME, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandFailed(refusal) from None
        yield
    finally:
        os.close(file)
