"""Fields of a card set back to how they were before a change: one of them, or the whole card.

A kind of card tells once how its fields are written: `register_history("client", write_back)`. What is written back
passes the same action as what a person types, so that rules and rights are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crm_app.cards.custom_fields import definitions, is_seen
from crm_app.cards.events import ChangedFact
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.field_values import value_json
from crm_app.cards.kinds import need_card
from crm_app.cards.ways import emails_of, phones_of
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action, query
from crm_app.core.errors import NotFound, RuleBroken
from crm_app.core.events import Fact, FactRow
from crm_app.core.fields import place_of

Writer = Callable[[Tx, int, dict[str, Any], int], Any]
"""(tx, id, values, version): changes the card, or refuses. values: as they are stored, custom ones under "fields"."""
WRITERS: dict[str, Writer] = {}
MOST = 2_000
"""So many changes are gone back through."""


def register_history(card: str, write: Writer) -> None:
    """Let cards of a kind be set back. write: the action that changes one, see Writer."""
    WRITERS[card] = write


@dataclass(frozen=True)
class FieldBack:
    """A field that would be set back. now, then: as it is stored; is_later: it was changed again since that change;
    is_written: by who asks.
    """

    field: str
    now: Any
    then: Any
    is_later: bool
    is_written: bool


@dataclass(frozen=True)
class CardBack:
    """What setting a card back would change. version: of the card that was compared; currency: of its amounts."""

    version: int
    currency: str
    fields: list[FieldBack]


@query(LOGGED_IN)
def may_set_back(tx: Tx, card: str, card_id: int) -> bool:
    """Whether the card is one that can be set back, by who asks."""
    return card in WRITERS and tx.may_change(need_card(tx, card, card_id))


@query(LOGGED_IN)
def see_set_back(tx: Tx, card: str, card_id: int, fact_id: int, field: str = "") -> CardBack:
    """What would change if a card were set back to how it was before a change. field: that one alone.

    Raises NotFound for a card or a change that the actor does not see, and for a kind that is not set back.
    """
    row = need_card(tx, card, card_id)
    if card not in WRITERS:
        raise NotFound()
    first, last = _since(tx, card, card_id, fact_id)
    if field:
        first = {name: value for name, value in first.items() if name == field}
    place = place_of(card, row)
    hidden, locked = tx.actor.hidden_in(card, place), tx.actor.locked_in(card, place)
    now = _values(tx, card, row, first.keys() - hidden)
    return CardBack(
        row.version,
        getattr(row, "currency", ""),
        [
            FieldBack(name, now[name], first[name], last[name] != 1, name not in locked)
            for name in first
            if name in now and now[name] != first[name]
        ],
    )


@action(LOGGED_IN)
def set_back(tx: Tx, card: str, card_id: int, fact_id: int, field: str = "", version: int | None = None) -> list[str]:
    """Set a field, or the whole card, back to how it was before a change; gives the names of what has changed.

    version: as `see_set_back` told it; another's change since then is a conflict. Fields that the actor may only read
    stay as they are. Raises RuleBroken where there is nothing to set back, and whatever the card's own rules say.
    """
    with tx.reading():
        back = see_set_back(tx, card, card_id, fact_id, field)
    wanted = {each.field: each.then for each in back.fields if each.is_written or field}
    if not wanted:
        raise RuleBroken("cards.history.same")
    WRITERS[card](tx, card_id, _written(tx, card, wanted), back.version if version is None else version)
    return sorted(wanted)


def _since(tx: Tx, card: str, card_id: int, fact_id: int) -> tuple[dict[str, Any], dict[str, int]]:
    """By field, what it was before the change and how often it was changed from there on."""
    mine = (FactRow.card == card, FactRow.card_id == card_id, FactRow.id >= fact_id)
    facts = tx.all(select(FactRow.id, FactRow.name, FactRow.details).where(*mine).order_by(FactRow.id).limit(MOST))
    if not facts or facts[0].id != fact_id or not _is_change(facts[0].name):
        raise NotFound()
    first: dict[str, Any] = {}
    times: dict[str, int] = {}
    for fact in facts:
        if _is_change(fact.name):
            for name, (old, _) in (fact.details.get("changes") or {}).items():
                first.setdefault(name, old)
                times[name] = times.get(name, 0) + 1
    return first, times


def _is_change(name: str) -> bool:
    return issubclass(Fact.registry[name], ChangedFact)


def _values(tx: Tx, card: str, row: Any, names: Iterable[str]) -> dict[str, Any]:
    """What the card has in fields now, as changes tell it; fields that are not there any more are left out."""
    own = {field.full: field.key for field in definitions(tx, card) if is_seen(tx.actor, field)}
    found: dict[str, Any] = {}
    for name in names:
        if name in own:
            found[name] = row.fields.get(own[name])
        elif name == "phones":
            found[name] = [str(phone) for phone in phones_of(tx, card, row.id)]
        elif name == "emails":
            found[name] = emails_of(tx, card, row.id)
        elif name in type(row).model_fields:
            found[name] = _plain(getattr(row, name))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _written(tx: Tx, card: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a Writer takes them."""
    written: dict[str, Any] = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    own = {field.full: field for field in definitions(tx, card)}
    fields = {own[n].key: value_json(own[n], value) for n, value in values.items() if n in own}
    return {**written, "fields": fields} if fields else written
