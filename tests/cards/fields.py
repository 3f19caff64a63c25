"""Makes custom fields for tests, each in one line."""

from __future__ import annotations

from typing import Any

from crm_app.cards.actions.fields import add_field
from crm_app.cards.field_rules import Definition
from crm_app.cards.models import CustomField
from crm_app.core.door import perform
from tests import people

COLOURS = [{"ru": "Красный", "en": "Red"}, {"ru": "Синий", "en": "Blue"}]


def field(kind: str = "text", name: str = "Размер", card: str = "client", **values: Any) -> CustomField:
    """A custom field, by the administrator. Its key is the name in Latin letters."""
    if kind in ("choice", "choices"):
        values.setdefault("options", COLOURS)
    return perform(people.actor("adam"), add_field, card=card, kind=kind, values={"name_ru": name, **values})


def definition(key: str, kind: Any, formula: str = "") -> Definition:
    """A field of clients that no database knows."""
    return Definition(1, "client", key, kind, key, "", "", "", [], "RUB", formula, [], "never", [], None, 1, None)
