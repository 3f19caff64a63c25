"""The installation's secret: made at the first start, kept outside the database in a file of mode 0600.

Nobody uses it itself: each purpose gets a key derived from it, so that what is signed for one is nothing to another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from crm_app.core.settings import settings


def key_for(purpose: str) -> bytes:
    """32 bytes, the same at each start and in each process of an installation."""
    return _derived(settings().secret_file, purpose)


@lru_cache(maxsize=64)
def _derived(path: Path, purpose: str) -> bytes:
    return hmac.digest(_secret(path), purpose.encode(), hashlib.sha256)


def _secret(path: Path) -> bytes:
    """What the file holds; it is made where there is none, by exactly one of the processes that start at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was faster: its secret counts
            pass
        finally:
            draft.unlink()
    return bytes.fromhex(path.read_text().strip())
