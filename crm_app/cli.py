"""`python -m crm_app …`: finds the sub-command and says in one line what went wrong."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from crm_app.core.commands import Command, CommandFailed
from crm_app.core.settings import BadSetting

COMMANDS = {
    "serve": Command("crm_app.serve", "serve the pages, the API and, unless CRM_WORKER is off, the worker"),
    "build": Command("crm_app.build", "build the page if its sources have changed"),
    "dev": Command("crm_app.dev", "serve with hot reload, for who changes the program"),
    "worker": Command("crm_app.worker", "do the work that waits in the database: reactions, imports, mailings"),
    "migrate": Command("crm_app.migrate", "bring the database to the shape of the program, with a backup before"),
    "backup": Command("crm_app.backup", "put the whole installation into one file, while it is in use"),
    "restore": Command("crm_app.restore", "put what a backup holds in the place of this installation"),
    "demo": Command("crm_app.fill", "fill the database with a story to try things on, of any size"),
    "import": Command("crm_app.imports", "add clients from a spreadsheet, or take an import back"),
    "export": Command("crm_app.exports", "write clients into a workbook"),
    "user": Command("crm_app.users", "add an employee, set a password, print an API key"),
    "doctor": Command("crm_app.doctor", "show every setting, where it came from, and what is missing"),
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of printing the whole usage."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(2)


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """A parser that knows all names but has imported only the command that is asked for."""
    parser = _Parser(prog="python -m crm_app", description="Kartoteka: a CRM for one company, on its own machine.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        sub_parser = commands.add_parser(name, help=command.help, description=command.help)
        if name in arguments[:1]:
            module = import_module(command.module)
            module.arguments(sub_parser)
            sub_parser.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did its work, 2 when it could not."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        options = parser_for(arguments).parse_args(arguments)
        options.run(options)
    except (CommandFailed, BadSetting) as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # who reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:
        said = _refusal(problem)
        if not said:
            raise
        print(said, file=sys.stderr)
        return 2
    return 0


def _refusal(problem: Exception) -> str:
    """What a person reads of a refusal or of a database that is away; "" for a mistake of the program."""
    from crm_app.core.db import FAILURES  # only now: a start that goes well needs neither
    from crm_app.core.errors import CrmError

    if isinstance(problem, CrmError):
        return problem.text()
    return " ".join(str(problem).split())[:500] if isinstance(problem, FAILURES) else ""
