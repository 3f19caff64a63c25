"""Which cards carry nothing any more of the changes of many that they were part of: what was given was taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select

from crm_app.cards.bulk_rules import VIA
from crm_app.cards.events import ChangedFact, GroupsChanged, RemovedFact, RestoredFact, TagsChanged
from crm_app.core.door import Tx
from crm_app.core.events import Fact, FactRow
from crm_app.core.keys import among

_ROW: Any = FactRow
_FACTS = (
    select(_ROW.card_id, _ROW.name, _ROW.details)
    .where(_ROW.card == bindparam("card"), among(_ROW.card_id, "ids"), _ROW.via == VIA)
    .order_by(_ROW.id)
)


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
        if issubclass(kind, (TagsChanged, GroupsChanged)):
            names.update((kind, name) for name in fact.details["added"])
            names.subtract((kind, name) for name in fact.details["removed"])
        elif issubclass(kind, ChangedFact):
            for field, (old, new) in (fact.details.get("changes") or {}).items():
                first.setdefault(field, old)
                last[field] = new
        elif issubclass(kind, (RemovedFact, RestoredFact)):
            in_bin += 1 if issubclass(kind, RemovedFact) else -1
        else:
            return False
    return not any(names.values()) and first == last and in_bin == 0
