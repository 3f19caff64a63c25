"""Any stored field of a card can be asked about; those that can't are named here, with why."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import inspect

from crm_app.cards.kinds import KINDS
from crm_app.cards.lists import LISTS

THE_APPLICATIONS = {"id", "fields", "version", "deleted_at", "sort_name", "match_name", "rank", "return_stage_id"}
"""What the application keeps for itself: numbers, the place on a board, what names are sorted and matched by, where a
hold leads back to. Own fields have conditions of their own, the bin a page."""
IN_ANOTHER: dict[str, set[str]] = {
    "client": {"picture"},
    "contact": {"first_name", "patronymic", "last_name", "picture"},
    "lead": {"converted_by_id", "touch_minutes", "touch_due_at", "touched_at", "converted_at"},
    "deal": {"position"},
    "task": set(),
}
"""Parts of the name, which is asked for whole; digests of pictures; times of a lead that its states tell of."""


def asked(card: str) -> set[str]:
    """Columns that some condition of a kind of card reads, and the names of conditions."""
    found: set[str] = set()
    for name, field in LISTS[card].fields.items():
        found |= {name, *(each.key for each in (field.column, field.known_by) if each is not None)}
    return found


@pytest.mark.parametrize("card", sorted(IN_ANOTHER))
def test_any_stored_field_can_be_asked_about(card: str) -> None:
    model: Any = KINDS[card].model
    stored = {column.key for column in inspect(model).columns}
    assert stored - asked(card) - THE_APPLICATIONS - IN_ANOTHER[card] - {"import_row"} == set()
