"""Memory that a process needs only while it starts, and what its threads keep for themselves."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

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
