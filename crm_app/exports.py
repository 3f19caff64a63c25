"""`python -m crm_app export …`: the workbook that the list of clients gives, for who has the machine at hand."""

from __future__ import annotations

import argparse
import json
import os
import secrets
from pathlib import Path
from typing import Any

from crm_app.acting import actor_for, as_argument
from crm_app.clients.export import write_clients
from crm_app.core.commands import CommandFailed
from crm_app.core.settings import settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """`export clients FILE [--filter JSON] [--q TEXT]`."""
    verbs = parser.add_subparsers(dest="verb", metavar="clients", required=True)
    clients = verbs.add_parser("clients", help="write clients into a workbook (.xlsx)")
    clients.add_argument("file", type=Path, metavar="FILE")
    clients.add_argument(
        "--filter",
        type=_filter,
        metavar="JSON",
        help="""as in the list's address: {"field": "status", "op": "eq", …}""",
    )
    clients.add_argument("--q", default="", metavar="TEXT", help="only those that a search finds")
    as_argument(clients)


def _filter(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError("a filter is a JSON object, see /api/docs")
    return found


def run(options: argparse.Namespace) -> None:
    """The sub-command `export`: the file is there whole, or as it was."""
    actor = actor_for(options.email)
    target: Path = options.file
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.xlsx")
    try:
        written = write_clients(actor, draft, options.filter, options.q, actor.locale or settings().locale)
        os.replace(draft, target)
    except OSError as problem:
        raise CommandFailed(f"{target} can't be written: {problem.strerror or problem}.") from None
    finally:
        draft.unlink(missing_ok=True)
    print(f"{written} clients in {target}, as {actor.name} sees them.")
