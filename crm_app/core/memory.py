"""Memory that a process needs only while it starts."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress


def settle() -> None:
    """Give back what the imports left over, and spare the garbage collector what will never be garbage."""
    gc.collect()
    gc.freeze()
    # Only the C library of Linux has it; elsewhere there is nothing to do.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
