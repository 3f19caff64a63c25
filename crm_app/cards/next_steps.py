"""What counts as a next step with a card: each feature whose cards are planned tells how to find theirs.

next_step("deal", lambda tx: select(DealPlan.deal_id).where(DealPlan.done_at.is_(None)))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, or_

from crm_app.core.door import Tx

Steps = Callable[[], tuple[Any, Select[Any]]]
"""Gives the column that holds the card's id, and the select of it for all cards that have such a step."""

_STEPS: dict[str, list[Steps]] = {}


def next_step(card: str, steps: Steps) -> None:
    """Tell of one kind of step of a kind of card: something that is still to be done."""
    _STEPS.setdefault(card, []).append(steps)


def with_next_step(tx: Tx, card: str, ids: list[int]) -> set[int]:
    """Those of some cards with which something is still to be done, as far as the reader sees it."""
    found: set[int] = set()
    for steps in _STEPS.get(card, []):
        left = [each for each in ids if each not in found]
        if left:
            column, select = steps()
            found |= set(tx.all(select.where(column.in_(left)).distinct()))
    return found


def has_next_step(card: str, card_id: Any) -> ColumnElement[bool]:
    """The condition that something is still to be done with a card."""
    return or_(*(card_id.in_(steps()[1]) for steps in _STEPS[card]))
