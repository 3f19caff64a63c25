"""An installation out of an archive of core/backups.py: all of it, or nothing.

The whole database changes in one transaction. Before its commit the files come in beside the old ones, under names that
nobody refers to yet; after it the old files go. Whatever ends the process on the way leaves the old state.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from crm_app.core import belongings, migrations, tables
from crm_app.core.backups import FILE, FORMAT, MANIFEST, SECRET, Manifest
from crm_app.core.commands import CommandFailed
from crm_app.core.db import Database
from crm_app.core.settings import Settings

log = logging.getLogger("crm.restores")

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, TypeError, KeyError, NotImplementedError)
"""What a broken archive, or a file that is none, raises."""
_TABLE = re.compile(r"tables/([a-z_]+)\.jsonl")
_FILE = re.compile(rf"files/{FILE.pattern}")
_SECRET = re.compile(rb"[0-9a-f]{64}\s*")


@dataclass(frozen=True)
class Restored:
    """What an archive said of itself, and what of it was laid aside for a person to look at."""

    manifest: Manifest
    aside: list[Path]


def restore(archive_path: Path, database: Database, chosen: Settings, files: Path) -> Restored:
    """Put what an archive holds in the place of everything. Raises CommandFailed; all is as before then.

    files: the folder of uploaded files.
    """
    try:
        with zipfile.ZipFile(archive_path) as archive:
            manifest = _manifest(archive)
            new_secret = _secret(archive) if manifest.is_whole else None
            found = _belongings(archive) if manifest.is_whole else {}
            with migrations.alone(database) as connection:
                _put_tables(archive, manifest, connection)
                kept = _put_files(archive, files) if manifest.is_whole else set()
    except SQLAlchemyError as problem:
        reason = str(problem).partition("\n")[0][:300]
        raise CommandFailed(f"{archive_path} can't be put in, and nothing was changed: {reason}") from None
    except OSError as problem:
        raise CommandFailed(f"{archive_path} can't be restored: {problem.strerror or problem}.") from None
    except DAMAGED as problem:
        raise CommandFailed(f"{archive_path} is damaged, or is no backup: {problem}. Nothing was changed.") from None
    if new_secret:
        belongings.put_private(chosen.secret_file, new_secret)
    if manifest.is_whole:
        _drop_other_files(files, kept)
    return Restored(manifest, belongings.lay_aside(chosen.data, found))


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    """What the archive says of itself, once its members are known to be what they should. Raises CommandFailed."""
    try:
        manifest = TypeAdapter(Manifest).validate_json(archive.read(MANIFEST))
    except ValidationError:
        raise ValueError("it doesn't say what it is") from None
    if not 1 <= manifest.format <= FORMAT or not migrations.knows(manifest.revision):
        raise CommandFailed(f"The backup is of a newer version ({manifest.program}) than this program.")
    if broken := archive.testzip():
        raise ValueError(f"{broken} can't be read")
    names = archive.namelist()
    known = {MANIFEST, SECRET, *belongings.NAMES}
    strange = [n for n in names if n not in known and not _TABLE.fullmatch(n) and not _FILE.fullmatch(n)]
    if strange or len(names) != len(set(names)):
        raise ValueError(f"it holds {ascii(strange[0][:80]) if strange else 'something twice'}")
    found = {match[1] for name in names if (match := _TABLE.fullmatch(name))}
    if found != manifest.rows.keys() or sum(bool(_FILE.fullmatch(name)) for name in names) != manifest.files:
        raise ValueError("it doesn't hold what it says")
    return manifest


def _secret(archive: zipfile.ZipFile) -> bytes | None:
    if SECRET not in archive.namelist():
        return None
    found = archive.read(SECRET)
    if not _SECRET.fullmatch(found):
        raise ValueError("its secret is none")
    return found


def _belongings(archive: zipfile.ZipFile) -> dict[str, bytes]:
    found = {}
    for name in sorted(belongings.NAMES & set(archive.namelist())):
        if archive.getinfo(name).file_size > belongings.LARGEST:
            raise ValueError(f"its {name} is too large")
        found[name] = archive.read(name)
        belongings.check(name, found[name])
    return found


def _put_files(archive: zipfile.ZipFile, folder: Path) -> set[Path]:
    """Bring the files in, each under its own name when all of it is there."""
    kept = set()
    for name in archive.namelist():
        match = _FILE.fullmatch(name)
        if match is None:
            continue
        place = folder / match[1] / match[2]
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f".{place.name}")
        with archive.open(name) as source, draft.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(place)
        kept.add(place)
    return kept


def _put_tables(archive: zipfile.ZipFile, manifest: Manifest, connection: Connection) -> None:
    """The whole database anew: emptied, made as the archive's version made it, filled."""
    others = tables.drop_all(connection)
    migrations.upgrade(connection, manifest.revision)
    tables.references_later(connection)
    known = {table.name: table for table in tables.tables_of(connection) if table.name not in others}
    if strange := manifest.rows.keys() - known.keys():  # another program's, in the same database
        log.warning("left out, since they are not of this program: %s", ", ".join(sorted(strange)))
    for name, table in known.items():
        if name not in manifest.rows:
            continue
        lines = _lines(archive, name)
        if tables.put_rows(connection, table, next(lines, []), lines) != manifest.rows[name]:
            raise ValueError(f"rows of {name} are missing")
    tables.references_now(connection)


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[list[Any]]:
    with archive.open(f"tables/{table}.jsonl") as member:
        for line in member:
            values = json.loads(line)
            if not isinstance(values, list):
                raise ValueError(f"a row of {table} is none")
            yield values


def _drop_other_files(folder: Path, kept: set[Path]) -> None:
    for path in folder.glob("??/*"):
        if path not in kept:
            path.unlink(missing_ok=True)
