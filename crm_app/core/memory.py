"""Memory that a process needs only while it starts, what its threads keep, and libraries that nobody asked for."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

_MOST_POOLS = -8
"""M_ARENA_MAX of the C library's mallopt."""


def share() -> None:
    """Have all threads take memory from two pools: each of its own would keep what one large answer has needed."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MOST_POOLS, 2)


def settle() -> None:
    """Give back what the imports left over, and spare the garbage collector what will never be garbage."""
    gc.collect()
    gc.freeze()
    # Only the C library of Linux has it; elsewhere there is nothing to do.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def without(*libraries: str) -> Iterator[None]:
    """Import what comes in the block as if these libraries were not installed, unless they are in use already.

    For what others import only where they find it, to do what is never asked of them here.
    """
    with _instead(dict.fromkeys(libraries)):  # None is how Python is told that there is none
        yield


@contextmanager
def hollow(*modules: str) -> Iterator[None]:
    """Import what comes in the block with modules that have every name, and None behind each.

    For what others import to have it at hand, for a case that this installation is known not to be.
    """
    with _instead({name: _Hollow(name) for name in modules}):
        yield


class _Hollow(ModuleType):
    def __getattr__(self, _name: str) -> None:
        return None


@contextmanager
def _instead(modules: dict[str, Any]) -> Iterator[None]:
    """Have modules stand in for those of these names, unless they are in use already."""
    absent = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
