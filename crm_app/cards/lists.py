"""The lists of cards that exist: what each can be asked by, and the filters that it comes with.

A feature tells of its list once, `register_list(CardList("client", …))`; another one that knows more of those cards
adds to it, `add_fields("client", {"open_deal": …})`. Saved filters and groups then work on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_app.cards.custom_fields import with_custom
from crm_app.cards.filters import Fields, Filter, FilterField
from crm_app.cards.kinds import KINDS
from crm_app.core.door import Tx
from crm_app.core.errors import Forbidden, NotFound


@dataclass(frozen=True)
class ReadyFilter:
    """A filter that comes with the product. label: the key of its name."""

    key: str
    label: str
    conditions: Filter


@dataclass(frozen=True)
class CardList:
    """The list of one kind of card. address: of its page; board: of the page that shows the same cards in
    columns, "" for none.

    permission: of whoever sees the list. fields: what it can be filtered by, added to by other features.
    system: filters that are always there; presets: those that a company starts with, changed and removed as any other.
    """

    card: str
    address: str
    permission: str
    fields: dict[str, FilterField]
    system: tuple[ReadyFilter, ...] = ()
    presets: list[ReadyFilter] = field(default_factory=list)
    board: str = ""


LISTS: dict[str, CardList] = {}


def register_list(card_list: CardList) -> None:
    """Make a list known."""
    LISTS[card_list.card] = card_list


def add_fields(card: str, fields: dict[str, FilterField], presets: tuple[ReadyFilter, ...] = ()) -> None:
    """Let a list be filtered by what another feature knows of its cards, and start with filters that ask for it."""
    LISTS[card].fields.update(fields)
    LISTS[card].presets.extend(presets)


def asked_of(tx: Tx, card_list: CardList, conditions: Filter) -> Fields:
    """The fields that a filter of the list may ask about, custom ones too."""
    return with_custom(tx, card_list.card, KINDS[card_list.card].model, card_list.fields, conditions)


def list_at(path: str) -> str:
    """The kind of card whose list or board stands at an address, "" where none does."""
    place = path.rstrip("/")
    return next((each.card for each in LISTS.values() if place and place in (each.address, each.board)), "")


def need_list(tx: Tx, card: str) -> CardList:
    """The list of a kind of card. Raises NotFound for none, Forbidden for one that the actor does not see."""
    card_list = LISTS.get(card)
    if card_list is None:
        raise NotFound()
    if not (tx.actor.is_employee and tx.actor.may(card_list.permission)):
        raise Forbidden()
    return card_list
