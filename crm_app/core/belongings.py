"""What an installation has beside its data, and a backup takes along: the settings that were given, the DKIM key.

A restore never puts them to use by itself: they come to `CRM_DATA/restored/`, where a person looks at them and takes
over what fits the new machine. Its database, addresses and ports are other ones, and whoever gets somebody to restore
an archive must not choose through which mail server letters go.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from crm_app.core.commands import CommandFailed
from crm_app.core.settings import Settings

SETTINGS, DKIM_KEY = "settings.env", "dkim.pem"
FOLDER = "restored"
_SHAPES = {
    SETTINGS: re.compile(rb"(CRM_[A-Z_]{1,60}=[^\r\n\0]{0,4000}\n){0,200}"),
    DKIM_KEY: re.compile(rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\r\n]+-----END [A-Z ]+-----\s*"),
}
NAMES = frozenset(_SHAPES)
LARGEST = 100_000
"""Bytes of one of them."""


def belongings_of(chosen: Settings) -> dict[str, bytes]:
    """The installation's, by the names that they have in an archive. Raises CommandFailed where the key is missing."""
    lines = [f"{name}={_quoted(value)}\n" for name, value in chosen.given.items() if not set(value) & set("\r\n\0")]
    found = {SETTINGS: "".join(lines).encode()}
    if chosen.dkim_key_file is None:
        return found
    try:
        return found | {DKIM_KEY: chosen.dkim_key_file.read_bytes()}
    except OSError as problem:
        raise CommandFailed(f"{chosen.dkim_key_file} can't be read: {problem.strerror or problem}.") from None


def check(name: str, content: bytes) -> None:
    """Raises ValueError for what is not what its name says."""
    if not _SHAPES[name].fullmatch(content):
        raise ValueError(f"its {name} is none")


def lay_aside(data: Path, found: dict[str, bytes]) -> list[Path]:
    """Put what an archive held where a person looks at it; gives the files."""
    folder = data / FOLDER
    if found:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in found.items():
        put_private(folder / name, content)
    return [folder / name for name in found]


def put_private(place: Path, content: bytes) -> None:
    """Write a file that only its owner reads: whole, or not at all."""
    draft = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)


def _quoted(value: str) -> str:
    """A value as `.env` gives it back: its reader strips blanks and one pair of quotes."""
    return f'"{value}"' if value != value.strip() or value[:1] in "\"'" else value
