"""`python -m crm_app user …`: employees from the machine itself, for when nobody can log in."""

from __future__ import annotations

import argparse
import getpass
import sys

from crm_app import features
from crm_app.access.actions.employees import add_employee, reset_password
from crm_app.access.actions.keys import create_key_for
from crm_app.access.passwords import hash_password
from crm_app.core.actor import SYSTEM
from crm_app.core.commands import CommandFailed
from crm_app.core.door import perform
from crm_app.core.errors import CrmError


def arguments(parser: argparse.ArgumentParser) -> None:
    """`user add EMAIL --name N --role R --password-stdin`, `user reset EMAIL`, `user key EMAIL --scope …`."""
    verbs = parser.add_subparsers(dest="verb", metavar="add|reset|key", required=True)
    add = verbs.add_parser("add", help="add an employee")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, help="administrator, head, manager, marketer or a role's own key")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    reset = verbs.add_parser("reset", help="set a new password; a disabled employee is enabled")
    reset.add_argument("email")
    reset.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    key = verbs.add_parser("key", help="print a new API key, once")
    key.add_argument("email")
    key.add_argument("--name", default="command line")
    key.add_argument(
        "--scope", action="append", default=[], help="a permission that the key is narrowed to; may be repeated"
    )


def run(options: argparse.Namespace) -> None:
    """The sub-command `user`."""
    features.load()
    actor = SYSTEM.by("cli")
    try:
        if options.verb == "add":
            password_hash = hash_password(_password(options))
            perform(
                actor,
                add_employee,
                email=options.email,
                name=options.name,
                role=options.role,
                password_hash=password_hash,
            )
        elif options.verb == "reset":
            perform(actor, reset_password, email=options.email, password_hash=hash_password(_password(options)))
        else:
            print(perform(actor, create_key_for, email=options.email, name=options.name, scopes=options.scope))
    except CrmError as error:
        raise CommandFailed(error.text()) from None


def _password(options: argparse.Namespace) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")
