"""`python -m crm_app migrate`: the database in the shape of the code, and the built-in roles with it."""

from __future__ import annotations

import argparse

from crm_app import features
from crm_app.core.db import Database, database
from crm_app.core.migrations import migrate
from crm_app.core.settings import Settings, settings


def arguments(_: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(_: argparse.Namespace) -> None:
    """The sub-command `migrate`."""
    applied = prepare(settings(), database())
    print(f"Migrated: {', '.join(applied)}" if applied else "The database is up to date.")


def prepare(chosen: Settings, target: Database) -> list[str]:
    """Migrate, give roles and lists what came with a newer version, and custom fields the indexes that are missing.

    Gives the revisions applied.
    """
    from crm_app.access.actions.setup import sync_roles
    from crm_app.access.queries import is_set_up
    from crm_app.cards.actions.fields import ensure_indexes
    from crm_app.cards.actions.filters import sync_presets
    from crm_app.cards.actions.link_kinds import sync_link_kinds
    from crm_app.core.actor import SYSTEM
    from crm_app.core.door import perform

    features.load()
    applied = migrate(target, chosen.data / "backups")
    if applied:
        company_exists: bool = perform(SYSTEM, is_set_up)
        if company_exists:
            perform(SYSTEM, sync_roles, locale=chosen.locale)
            perform(SYSTEM, sync_presets)
            perform(SYSTEM, sync_link_kinds)
    perform(SYSTEM, ensure_indexes)  # a table that was copied or put in has lost them
    return applied
