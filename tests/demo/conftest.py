"""An empty database, and the story in it."""

from __future__ import annotations

from datetime import date

import pytest

from crm_app import fill
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.demo.actions import found_company
from crm_app.demo.scene import Recipe
from tests import people
from tests.conftest import wipe

TODAY = date(2026, 11, 22)
CLIENTS, DEALS = 60, 90


def tell(seed: int = 1, locale: str = "ru", clients: int = CLIENTS, deals: int = DEALS) -> int:
    """Found the demo company and fill it; gives the number of rows."""
    perform(SYSTEM, found_company, locale=locale, password_hash=people.HASH, today=TODAY)
    recipe = Recipe(clients, deals, seed, locale, password_hash=people.HASH)
    return fill.write(recipe, TODAY, is_own_company=False)


def employee(login: str) -> Actor:
    """One of the demo company."""
    from crm_app.access.queries import actor_by_email

    return perform(SYSTEM, actor_by_email, email=f"{login}@demo.example", via="screen")


@pytest.fixture
def empty(database: Database) -> Database:
    """A database without a company."""
    wipe(database)
    return database


@pytest.fixture
def story(empty: Database) -> Database:
    """The demo company with a small story."""
    tell()
    return empty
