"""By which doors cards of a kind may be created: by hand, through the API, by an import …

All are open until somebody closes one in Settings. What comes through a closed one is refused, whoever brings it.
"""

from __future__ import annotations

from crm_app.access.events import RoleChanged
from crm_app.cards.kinds import KINDS
from crm_app.core import installation
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action, query
from crm_app.core.errors import BadInput, RuleBroken


def check_source(tx: Tx, card: str, source: str = "") -> None:
    """Raises RuleBroken where cards of a kind may not be created by a door. source: unless told, the actor's."""
    source = source or tx.actor.via
    if source in KINDS[card].sources and source in _closed(tx, card):
        raise RuleBroken("cards.error.source_closed")


@query(LOGGED_IN)
def list_sources(tx: Tx) -> dict[str, dict[str, bool]]:
    """By kind of card, its doors and whether each is open."""
    return {
        card: {source: source not in _closed(tx, card) for source in kind.sources}
        for card, kind in KINDS.items()
        if kind.sources
    }


@action("settings.change")
def set_source(tx: Tx, card: str, source: str, is_open: bool) -> None:
    """Open or close a door for new cards of a kind. Raises BadInput for a door that the kind does not have."""
    if card not in KINDS or source not in KINDS[card].sources:
        raise BadInput("cards.error.no_source", field="source", value=source[:60])
    closed = _closed(tx, card)
    if is_open == (source not in closed):
        return
    installation.put(tx, _key(card), sorted(closed - {source} if is_open else closed | {source}))
    tx.record(RoleChanged(card_id=0, changes={f"{card}.source.{source}": [not is_open, is_open]}))


def _closed(tx: Tx, card: str) -> set[str]:
    with tx.reading():  # a lock would have everybody who adds a card wait for one another
        return set(installation.get(tx, _key(card), []))


def _key(card: str) -> str:
    return f"sources.closed.{card}"
