"""On whose behalf a command acts: an employee that `--as` names, else the first administrator."""

from __future__ import annotations

import argparse

from crm_app import features
from crm_app.access.queries import actor_by_email, actor_of_administrator
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.commands import CommandFailed
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.migrations import is_current

VIA = "cli"


def as_argument(parser: argparse.ArgumentParser) -> None:
    """`--as EMAIL`: a command sees and may do what that employee does, and the history names them."""
    parser.add_argument(
        "--as", dest="email", metavar="EMAIL", help="the employee who does it; the first administrator by default"
    )


def actor_for(email: str | None) -> Actor:
    """The employee who does it. Raises CommandFailed where there is none, or the database is not ready."""
    features.load()
    if not is_current(database()):
        raise CommandFailed("The database is not of this program's version: run `python -m crm_app migrate`.")
    if email is None:
        actor = perform(SYSTEM, actor_of_administrator, via=VIA)
        said = "There is no company yet: set it up on the first page, or name an employee with --as EMAIL."
    else:
        actor = perform(SYSTEM, actor_by_email, email=email, via=VIA)
        said = f"No employee who may log in has the address {email}."
    if actor is NOBODY:
        raise CommandFailed(said)
    return actor
