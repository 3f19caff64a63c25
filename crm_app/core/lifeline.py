"""Tells at once when a worker of this machine has died, however that happened: what it held need not wait for leases.

A living worker keeps a file locked. The kernel lets the lock go when the process ends, by `kill -9` too, and nothing
else does: not a long pause, not a busy machine, not a clock that was set. Workers of other machines don't see the file,
and wait for the lease.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path


class Lifeline:
    """The locked file of a living process. name: as it holds jobs; must be fit for a file's name."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / name
        born = folder / f".{name}"
        self._file = os.open(born, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        born.rename(self._path)  # only now do others see it: a file without a lock means death

    def let_go(self) -> None:
        """The end of an orderly life: nothing is held any more."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        os.close(self._file)


def dead(folder: Path) -> list[str]:
    """Names of those who have died without letting go."""
    return [entry.name for entry in _entries(folder) if _is_unlocked(entry.path)]


def forget(folder: Path, name: str) -> None:
    """Take the file of a dead one away, once what it held has been taken over."""
    with contextlib.suppress(FileNotFoundError):
        (folder / name).unlink()


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return [entry for entry in found if not entry.name.startswith(".")]
    except FileNotFoundError:
        return []


def _is_unlocked(path: str) -> bool:
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(file)
