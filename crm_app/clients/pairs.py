"""Pairs of cards that may be one: of some cards, by what they have in common with others, for all of them at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from crm_app.cards.kinds import KINDS
from crm_app.cards.models import CardEmail, CardPhone
from crm_app.clients.alike import likenesses
from crm_app.clients.matching import is_same
from crm_app.core.door import Tx
from crm_app.core.keys import among
from crm_app.duplicates.kinds import FoundPair

_MOST = 3_000
"""Of one key among some cards: a thousand rows called Vector must not make a million pairs."""


def find_pairs(tx: Tx, card: str, ids: list[int]) -> list[FoundPair]:
    """Pairs of which one is among these cards, each once, by the surest thing that they have in common."""
    found: dict[tuple[int, int], str] = {}
    for by, statement in _ways(card).items():
        for one, other in tx.all(statement, ids=ids, **({"card": card} if by in ("phone", "email") else {})):
            found.setdefault((min(one, other), max(one, other)), by)
    known = likenesses(tx, card, sorted({card_id for pair in found for card_id in pair}))
    return [
        FoundPair(one, other, by)
        for (one, other), by in found.items()
        if one in known and other in known and is_same(known[one], known[other])
    ]


def _ways(card: str) -> dict[str, Select[Any]]:
    model: Any = KINDS[card].model
    ways = {"inn": _same(model, "inn")} if hasattr(model, "inn") else {}
    return ways | {
        "phone": _reached(CardPhone, "number"), "email": _reached(CardEmail, "address"),
        "name": _same(model, "match_name"),
    }  # fmt: skip


def _same(model: Any, column: str) -> Select[Any]:
    """Cards with one value in a column that has an index."""
    one, other = aliased(model), aliased(model)
    mine, theirs = getattr(one, column), getattr(other, column)
    pairs = select(one.id, other.id.label("other")).where(theirs == mine, other.id != one.id)
    return pairs.where(among(one.id, "ids"), mine != "").limit(_MOST)


def _reached(way: Any, column: str) -> Select[Any]:
    one, other = aliased(way), aliased(way)
    pairs = select(one.card_id, other.card_id.label("other")).where(
        getattr(other, column) == getattr(one, column), other.card == one.card, other.card_id != one.card_id
    )
    return pairs.where(one.card == bindparam("card"), among(one.card_id, "ids")).limit(_MOST)
