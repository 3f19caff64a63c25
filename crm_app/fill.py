"""`python -m crm_app demo`: fills the database with a story, of any size."""

from __future__ import annotations

import argparse
import secrets
from datetime import date
from pathlib import Path
from time import perf_counter

from crm_app import migrate
from crm_app.access.passwords import LONGEST, SHORTEST, hash_password
from crm_app.access.queries import is_set_up
from crm_app.core import clock
from crm_app.core.actor import SYSTEM
from crm_app.core.commands import CommandFailed
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.i18n import LOCALES
from crm_app.core.settings import Settings, settings
from crm_app.demo.actions import begin, found_company, is_filled, tell
from crm_app.demo.company import DOMAIN, LOGINS
from crm_app.demo.scene import Recipe
from crm_app.demo.tales import GUEST_LOGIN

CLIENTS, DEALS, SEED = 1_000, 400, 1
MOST = 5_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """`demo --clients N --deals N --seed S --locale ru`."""
    parser.add_argument("--clients", type=_count, default=CLIENTS, metavar="N", help=f"how many, {CLIENTS} by default")
    parser.add_argument("--deals", type=_count, default=DEALS, metavar="N", help=f"how many, {DEALS} by default")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S", help="the same seed tells the same story")
    parser.add_argument("--locale", choices=LOCALES, help="the language of the story, CRM_LOCALE by default")
    parser.add_argument("--today", type=date.fromisoformat, metavar="DAY", help="when the story ends: 2026-11-22")
    parser.add_argument("--more", action="store_true", help="add to demo data that are there already")
    parser.add_argument("--if-empty", action="store_true", help="only where there is no company yet")


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"must be from 0 to {MOST}")
    return number


def run(options: argparse.Namespace) -> None:
    """The sub-command `demo`."""
    chosen = settings()
    migrate.prepare(chosen, database())
    filled: bool = perform(SYSTEM, is_filled)
    if filled and options.if_empty:
        print_logins(chosen)
    elif filled and not options.more:
        raise CommandFailed("There are demo data already: --more adds to them.")
    elif options.if_empty and perform(SYSTEM, is_set_up):
        raise CommandFailed(f"{chosen.data} holds a company of its own: demo data would mix with it.")
    else:
        fill(options, chosen)


def fill(options: argparse.Namespace, chosen: Settings) -> None:
    """Make the company where there is none, tell the story, say who may log in. Raises CommandFailed."""
    password = _new_password(chosen)
    password_hash = hash_password(password)
    today = options.today or clock.now().date()
    recipe = Recipe(
        options.clients, options.deals, options.seed, options.locale or chosen.locale, password_hash=password_hash
    )
    start = perf_counter()
    is_new = perform(SYSTEM, found_company, locale=recipe.locale, password_hash=password_hash, today=today)
    rows = write(recipe, today, is_own_company=not is_new)
    database().study()
    seconds = perf_counter() - start
    print(f"Filled: {recipe.clients} clients, {recipe.deals} deals, {rows} rows in {seconds:.1f} s.")
    if is_new:
        _keep(chosen, password)
        print_logins(chosen)


def write(recipe: Recipe, today: date, *, is_own_company: bool) -> int:
    """Tell the whole story; gives the number of rows."""
    chronicle = perform(SYSTEM, begin, recipe=recipe, today=today, is_own_company=is_own_company)
    rows = 0
    while page := perform(SYSTEM, tell, chronicle=chronicle):
        rows += page
    return rows


def print_logins(chosen: Settings) -> None:
    """Who may log in, all with one password; nothing where the company is not the demo company."""
    place = _place(chosen)
    if place.is_file():
        print(*(f"  {login}@{DOMAIN}" for login in LOGINS), f"  {GUEST_LOGIN} (guest)", sep="\n")
        print(f"Password of all: {place.read_text(encoding='utf-8')}", flush=True)


def _place(chosen: Settings) -> Path:
    """Where the password is kept: it opens nothing but made-up data, and is printed at every start."""
    return chosen.data / "demo-password"


def _keep(chosen: Settings, password: str) -> None:
    place = _place(chosen)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch(mode=0o600)
    place.write_text(password, encoding="utf-8")


def _new_password(chosen: Settings) -> str:
    password = chosen.demo_password or secrets.token_urlsafe(9)
    if not SHORTEST <= len(password) <= LONGEST:
        raise CommandFailed(f"CRM_DEMO_PASSWORD must have {SHORTEST} to {LONGEST} characters.")
    return password
