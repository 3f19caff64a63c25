"""`python -m crm_app restore FILE`: the installation that a backup holds, in the place of this one."""

from __future__ import annotations

import argparse
from pathlib import Path

from crm_app import features, migrate
from crm_app.access.queries import is_set_up
from crm_app.core import files, jobs, presence
from crm_app.core.actor import SYSTEM
from crm_app.core.backups import unused, write_archive
from crm_app.core.belongings import belongings_of
from crm_app.core.commands import CommandFailed
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.migrations import current
from crm_app.core.restores import restore
from crm_app.core.settings import Settings, settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """`restore FILE [--replace]`."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="also where a company is: a backup of it is made first")


def run(options: argparse.Namespace) -> None:
    """The sub-command `restore`."""
    chosen = settings()
    features.load()
    with presence.alone(chosen.data):
        revision = current(database())
        if revision is not None:
            _check_nobody_works()
            if _holds_a_company():
                _keep_the_old(chosen, revision, agreed=options.replace)
        restored = restore(options.file, database(), chosen, files.folder())
        migrate.prepare(chosen, database())
    made = restored.manifest
    print(f"Restored: {sum(made.rows.values())} rows and {made.files} files, as they were at {made.made_at}.")
    if not made.is_whole:
        print("The archive holds the tables alone: files and secret are left as they are.")
    if restored.aside:
        places = " and ".join(map(str, restored.aside))
        print(f"It ran with what is in {places}: look through it, take over what fits this machine, then delete it.")


def _check_nobody_works() -> None:
    """Workers of other machines are known by their beat. Raises CommandFailed."""
    if jobs.health(database()).alive:
        raise CommandFailed("A worker has been at work on this database within the last 15 seconds: stop it first.")


def _holds_a_company() -> bool:
    return perform(SYSTEM, is_set_up)


def _keep_the_old(chosen: Settings, revision: str, *, agreed: bool) -> None:
    """Back up what will be replaced. Raises CommandFailed where nobody has agreed to that."""
    if not agreed:
        raise CommandFailed("There is a company in this installation: --replace puts the backup in its place.")
    kept_in = chosen.data / "backups"
    kept_in.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = unused(kept_in, "replaced", ".zip")
    beside, secret = belongings_of(chosen), chosen.secret_file
    write_archive(database(), place, revision, files=files.folder(), secret=secret, belongings=beside)
    print(f"What was here is kept in {place}.", flush=True)
