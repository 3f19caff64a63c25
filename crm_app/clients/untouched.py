"""Which cards carry nothing any more of the changes of many that they were part of: what was given was taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, literal, select, union_all

from crm_app.cards.bulk_rules import VIA
from crm_app.cards.events import ChangedFact, GroupsChanged, RemovedFact, RestoredFact, TagsChanged
from crm_app.core.door import Tx
from crm_app.core.events import Fact, FactLink, FactRow
from crm_app.core.keys import among

_ROW: Any = FactRow
_LINK: Any = FactLink
_ITS_OWN = select(_ROW.card_id, _ROW.name, _ROW.details, _ROW.id, literal(0).label("other")).where(
    _ROW.card == bindparam("card"), among(_ROW.card_id, "ids"), _ROW.via == VIA
)
_OF_OTHERS = (
    select(_LINK.card_id, _ROW.name, _ROW.details, _ROW.id, _ROW.card_id.label("other"))
    .join(FactRow, _ROW.id == _LINK.fact_id)
    .where(_LINK.card == bindparam("card"), among(_LINK.card_id, "ids"), _ROW.via == VIA)
)
_FACTS = union_all(_ITS_OWN, _OF_OTHERS).order_by("id")
Pairs = Mapping[str, tuple[Any, Any]]
"""What a fact has changed: (before, after) of each thing."""
CHANGED_BY: dict[type[Fact], Callable[[int, dict[str, Any]], Pairs]] = {}
"""By kind of fact, what one has changed on a card, as each feature tells of its own: from the id of the other card
whose fact it is, 0 for the card's own, and its details. Nothing of what comes back by itself with the rest."""


def as_before(tx: Tx, card: str, ids: Collection[int]) -> set[int]:
    """Of cards that were changed among many, those on which all of it has been taken back."""
    told: dict[int, list[Any]] = defaultdict(list)
    for fact in tx.all(_FACTS, card=card, ids=ids) if ids else []:
        told[fact.card_id].append(fact)
    return {card_id for card_id, facts in told.items() if _come_to_nothing(facts)}


def _come_to_nothing(facts: list[Any]) -> bool:
    """Whether facts, the earliest first, leave a card as it was. A kind of fact that is not known here does not."""
    names: Counter[tuple[type[Fact], str]] = Counter()
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    in_bin = 0
    for fact in facts:
        kind = Fact.registry[fact.name]
        pairs = _changed_by(kind, fact)
        if issubclass(kind, (TagsChanged, GroupsChanged)):
            names.update((kind, name) for name in fact.details["added"])
            names.subtract((kind, name) for name in fact.details["removed"])
        elif issubclass(kind, (RemovedFact, RestoredFact)):
            in_bin += 1 if issubclass(kind, RemovedFact) else -1
        elif pairs is not None:
            for thing, (before, after) in pairs.items():
                first.setdefault(thing, before)
                last[thing] = after
        else:
            return False
    return not any(names.values()) and first == last and in_bin == 0


def _changed_by(kind: type[Fact], fact: Any) -> Pairs | None:
    if kind in CHANGED_BY:
        return CHANGED_BY[kind](fact.other, fact.details)
    return (fact.details.get("changes") or {}) if issubclass(kind, ChangedFact) and not fact.other else None
