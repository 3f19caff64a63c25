"""`python -m crm_app import …`: clients, contacts and leads from a file, by the same abilities as on the screens."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from crm_app import worker
from crm_app.access.queries import actor_by_email
from crm_app.acting import VIA, actor_for, as_argument
from crm_app.clients.actions.imports import (
    JOB,
    add_import,
    check_import,
    set_up_import,
    start_import,
    undo_import,
)
from crm_app.clients.import_queries import ImportState, list_faults, list_import_rows, see_import, sum_up_remarks
from crm_app.clients.import_rights import need_kind
from crm_app.clients.importer import (
    ABSENT,
    AT_WORK,
    BAD,
    CHANGED,
    CREATE,
    DUPLICATE,
    FAILED,
    KEYS,
    LEFT,
    MODES,
    NEW,
    REMARK,
    SAME,
    STUCK,
    TAKEN,
    Options,
    sources,
)
from crm_app.core import files, i18n, jobs
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.commands import CommandFailed
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import NotFound
from crm_app.core.settings import settings

SOURCE = "excel"
CARDS = ("clients", "contacts", "leads")
CHUNK = 1 << 20
LOOK_SECONDS = 0.2
MOST_LINES = 100
"""Rows that are named on the screen; the report has them all."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """`import clients|contacts|leads FILE [--dry-run]`, `import undo ID`."""
    verbs = parser.add_subparsers(dest="verb", metavar="clients|contacts|leads|undo", required=True)
    for cards in CARDS:
        _add_cards_parser(
            verbs.add_parser(cards, help=f"add the {cards} of a file (.xlsx, .xls, .ods, .csv, .vcf)"), cards
        )
    undo = verbs.add_parser("undo", help="take back what an import added and nobody has touched since")
    undo.add_argument("id", type=int, metavar="ID")
    as_argument(undo)


def _add_cards_parser(clients: argparse.ArgumentParser, cards: str) -> None:
    clients.add_argument("file", type=Path, metavar="FILE")
    clients.add_argument("--dry-run", action="store_true", help="tell what would become of each row, add nothing")
    clients.add_argument("--mode", choices=MODES, default=CREATE, help=f"add {cards}, change known ones, or both")
    clients.add_argument("--key", choices=KEYS, default="", help="by what a row finds its card")
    clients.add_argument("--duplicates", action="store_true", help="add second copies too")
    clients.add_argument(
        "--responsible", metavar="EMAIL", help="whose the cards become that name nobody; of the one who does it"
    )
    clients.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="where the faulty rows go as a workbook; CRM_DATA/reports by default",
    )
    as_argument(clients)


def run(options: argparse.Namespace) -> None:
    """The sub-command `import`."""
    actor = actor_for(options.email)
    if options.verb == "undo":
        _undo(actor, options.id)
    else:
        _import(actor, options)


def _import(actor: Actor, options: argparse.Namespace) -> None:
    import_id = _bring(actor, options.file, _wishes(options), options.verb.removesuffix("s"))
    perform(actor, check_import if options.dry_run else start_import, import_id=import_id)
    state = _finished(actor, import_id)
    counts = {name: state.counts.get(name, 0) for name in (NEW, DUPLICATE, BAD, REMARK)}
    print(f"Import {import_id} of {state.name} by {actor.name}{' (nothing is added)' if options.dry_run else ''}:")
    copies = "added too, duplicates" if options.duplicates else "proposed as duplicates, not added"
    print(f"{counts[NEW]:8} {'would go in' if options.dry_run else 'in'}")
    if options.mode != CREATE:
        print(f"{state.counts.get(CHANGED, 0):8} {'would be changed' if options.dry_run else 'changed'}")
        print(f"{state.counts.get(SAME, 0):8} the same already")
        print(f"{state.counts.get(ABSENT, 0):8} not found")
    print(f"{counts[DUPLICATE]:8} {copies}")
    print(f"{counts[BAD]:8} refused")
    print(f"{counts[REMARK]:8} in with a remark")
    for kind in perform(actor, sum_up_remarks, import_id=import_id):
        print(f"{kind.rows:16} {kind.problem.text()}")
    if counts[BAD] or counts[REMARK]:
        _tell_faults(actor, state, options.report)
    if not options.dry_run:
        print(f"To take it back: python -m crm_app import undo {import_id}")


def _wishes(options: argparse.Namespace) -> Options:
    wishes: Options = {"duplicates": options.duplicates, "mode": options.mode, "key": options.key}
    if options.responsible is not None:
        colleague = perform(SYSTEM, actor_by_email, email=options.responsible, via=VIA)
        if colleague is NOBODY:
            raise CommandFailed(f"No employee who may log in has the address {options.responsible}.")
        wishes["responsible_id"] = colleague.id
    return wishes


def _bring(actor: Actor, path: Path, wishes: Options, card: str) -> int:
    """Keep the file's bytes and recognise its columns, as an upload does; gives the import's id."""
    source = sources()[SOURCE]
    need_kind(actor, card)
    try:
        kept = asyncio.run(files.keep(_chunks(path), source.largest_file))
    except OSError as problem:
        raise CommandFailed(f"{path} can't be read: {problem.strerror}.") from None
    with files.only_if_told(kept):
        preview = source.preview(files.path_of(kept.place), card=card)
        told = {"name": path.name, "place": kept.place, "source": SOURCE, "preview": preview, "card": card}
        added = perform(actor, add_import, **told)
    perform(actor, set_up_import, import_id=added.id, options=wishes)
    return added.id or 0


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _finished(actor: Actor, import_id: int) -> ImportState:
    """The import when its work is done, by a worker or, where none lives, here. Raises CommandFailed."""
    key = f"{JOB}:{import_id}"
    while (state := perform(actor, see_import, import_id=import_id)).state in AT_WORK:
        _show(state)
        if not jobs.health(database()).alive:
            worker.do_here(key)
        if error := jobs.failure(database(), key):
            raise CommandFailed(f"Import {import_id} broke off: {error}")
        time.sleep(LOOK_SECONDS)
    if state.state == FAILED:
        reason = i18n.text(state.error, **state.error_params)
        raise CommandFailed(f"Import {import_id} stopped at row {state.cursor}: {reason}")
    return state


def _show(state: ImportState) -> None:
    if sys.stderr.isatty():
        print(f"\r{state.state} {state.cursor} of {state.rows}", end="\r", file=sys.stderr, flush=True)


def _tell_faults(actor: Actor, state: ImportState, target: Path | None) -> None:
    """Name the refused rows, and write all faulty ones into a workbook to be mended."""
    refused = perform(actor, list_import_rows, import_id=state.id, outcome=BAD, limit=MOST_LINES)
    for line in refused:
        reasons = "; ".join(
            f"{problem.column}: {problem.text()}" if problem.column else problem.text()
            for problem in line.problems
            if problem.level == "error"
        )
        print(f"  row {line.row}: {reasons}")
    if state.counts.get(BAD, 0) > len(refused):
        print(f"  … and {state.counts[BAD] - len(refused)} more")
    place = target or settings().data / "reports" / f"import-{state.id}.xlsx"
    place.parent.mkdir(parents=True, exist_ok=True)
    faults = perform(actor, list_faults, import_id=state.id)
    path, sheet = files.path_of(state.place), state.options.get("sheet", "")
    sources()[state.source].write_report(place, path, faults, sheet, actor.locale or settings().locale, state.card)
    print(f"The report, to be mended and imported again: {place}")


def _undo(actor: Actor, import_id: int) -> None:
    try:
        perform(actor, undo_import, import_id=import_id)
    except NotFound:
        raise CommandFailed(f"{actor.name} has no import {import_id}: name whose it is with --as EMAIL.") from None
    state = _finished(actor, import_id)
    print(f"Import {import_id} of {state.name} is taken back:")
    print(f"{state.counts.get(TAKEN, 0):8} taken back")
    print(f"{state.counts.get(LEFT, 0):8} left: worked with since")
    print(f"{state.counts.get(STUCK, 0):8} could not be taken back: another employee's by now, or gone")
