"""`python -m crm_app backup FILE`: the whole installation in one file, made while the server runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from crm_app.core import files
from crm_app.core.backups import write_archive
from crm_app.core.belongings import DKIM_KEY, belongings_of
from crm_app.core.commands import CommandFailed
from crm_app.core.db import database
from crm_app.core.migrations import current
from crm_app.core.settings import settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """`backup FILE`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a zip; one that is there already is replaced")


def run(options: argparse.Namespace) -> None:
    """The sub-command `backup`."""
    revision, target, chosen = current(database()), options.file, settings()
    if revision is None:
        raise CommandFailed("There is no database to back up yet.")
    beside, secret = belongings_of(chosen), chosen.secret_file
    try:
        made = write_archive(database(), target, revision, files=files.folder(), secret=secret, belongings=beside)
    except OSError as problem:
        raise CommandFailed(f"{target} can't be written: {problem.strerror or problem}.") from None
    size = target.stat().st_size / 2**20
    print(f"{sum(made.rows.values())} rows and {made.files} files in {target} ({size:.1f} MB).")
    key = ", the DKIM key" if DKIM_KEY in beside else ""
    print(
        f"It holds all data, the secret{key} and the settings with their passwords: only you can read it. Keep it so."
    )
