"""A whole installation in one file: a zip of the tables as JSON lines, the uploaded files, and the secret.

    backup.json            what this is: format, program, revision of the database, number of rows of each table
    tables/client.jsonl    the names of the columns, then one row a line
    files/ab/ab12…         uploaded files
    secret                 links that were sent to people stay true only with it
    settings.env, dkim.pem the settings that were given, passwords among them, and the key that signs letters

It is made while the server runs, in one reading transaction, fits either kind of database, and needs no other program.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from crm_app import __version__
from crm_app.core import clock, tables
from crm_app.core.db import Database

FORMAT = 2
"""1 had neither settings nor key beside the secret."""
FILE = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{38})")
"""An uploaded file in its folder, as core/files.py names it."""
MANIFEST, SECRET = "backup.json", "secret"
QUICK = 3
"""How hard zlib tries: further steps cost much and save little."""


@dataclass
class Manifest:
    """What an archive says of itself. is_whole: the files and the secret are in it too, not the tables alone."""

    revision: str
    made_at: str
    is_whole: bool
    program: str = __version__
    format: int = FORMAT
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)


def write_archive(
    database: Database,
    target: Path,
    revision: str,
    *,
    files: Path | None = None,
    secret: Path | None = None,
    belongings: Mapping[str, bytes] | None = None,
) -> Manifest:
    """Write an archive that only its owner can read: whole, or not at all.

    files: the folder of uploaded files; without it the archive holds the tables alone. belongings: see belongings.py.
    """
    manifest = Manifest(revision, clock.now().isoformat(timespec="seconds"), is_whole=files is not None)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as archive,
        ):
            with reading(database) as connection:
                _write_tables(archive, connection, manifest)
            if files is not None:
                manifest.files = _write_files(archive, files)
            if secret is not None and secret.is_file():
                archive.write(secret, SECRET)
            for name, content in (belongings or {}).items():
                archive.writestr(name, content)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def unused(folder: Path, name: str, suffix: str) -> Path:
    """A path for a copy made now, named by the second: what is there is never written over, even of this second."""
    stem, number = f"{name}-{clock.now():%Y%m%d-%H%M%S}", 1
    path = folder / f"{stem}{suffix}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def reading(database: Database) -> Any:
    """One look at the whole database: what others change meanwhile is not seen."""
    if database.is_sqlite:
        return database.reader.begin()
    return database.reader.execution_options(isolation_level="REPEATABLE READ").begin()


def _write_tables(archive: zipfile.ZipFile, connection: Connection, manifest: Manifest) -> None:
    for table in tables.tables_of(connection):
        written = 0
        with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
            member.write(_line(table.columns.keys()))
            for written, row in enumerate(tables.rows_of(connection, table), start=1):  # noqa: B007
                member.write(_line(row))
        manifest.rows[table.name] = written


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write_files(archive: zipfile.ZipFile, folder: Path) -> int:
    written = 0
    for path in sorted(folder.glob("??/*")):
        name = f"{path.parent.name}/{path.name}"
        if not FILE.fullmatch(name):
            continue
        try:
            archive.write(path, f"files/{name}")
        except FileNotFoundError:
            continue  # deleted meanwhile
        written += 1
    return written
