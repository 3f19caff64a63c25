"""The links of a card that its reader may know of, and what links can say."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from crm_app.cards.kinds import KINDS
from crm_app.cards.link_rules import word_of
from crm_app.cards.linked import need_linked, of_card
from crm_app.cards.models import CardLink, LinkKind
from crm_app.cards.queries.every_card import FoundRow, search_cards, titles_of
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, query

MOST_FOUND = 8


@dataclass(frozen=True)
class LinkRow:
    """A link as one of its cards shows it. word: what the linked card is, "" where the link says nothing.

    is_back: by the second word of its kind.
    """

    id: int
    card: str
    card_id: int
    title: str
    href: str
    kind_id: int | None
    is_back: bool
    word: str
    note: str


@dataclass(frozen=True)
class LinkKindRow:
    """What links can say, in both directions; back_…: "" where it is the same."""

    id: int
    forth_ru: str
    forth_en: str
    back_ru: str
    back_en: str
    is_removed: bool

    def word(self, is_back: bool, locale: str) -> str:
        """What it calls the linked card."""
        return word_of(vars(self), is_back, locale)


@dataclass(frozen=True)
class Links:
    """The links of a card. may_change: whether the reader may add and remove some."""

    rows: list[LinkRow] = field(default_factory=list)
    may_change: bool = False


@query(LOGGED_IN)
def list_links(tx: Tx, card: str, card_id: int) -> Links:
    """Links with cards that the reader sees, in the order in which they were made. Raises NotFound, Forbidden."""
    row = need_linked(tx, card, card_id)
    found = tx.all(select(CardLink).where(of_card(card, card_id)).order_by(CardLink.id))
    kinds = {kind.id: kind.model_dump() for kind in tx.all(select(LinkKind))} if found else {}
    ids: dict[str, set[int]] = {}
    shown: dict[tuple[str, int, int | None], tuple[CardLink, bool]] = {}
    for link in found:
        is_back = (link.one, link.one_id) != (card, card_id)
        other, other_id = (link.one, link.one_id) if is_back else (link.other, link.other_id)
        if (other, other_id) != (card, card_id):  # both ends are here since a merge
            ids.setdefault(other, set()).add(other_id)
            shown.setdefault((other, other_id, link.kind_id), (link, is_back))
    titles = {kind: titles_of(tx, kind, some) for kind, some in ids.items()}
    rows = [
        LinkRow(
            link.id or 0, other, other_id, titles[other][other_id], KINDS[other].href.format(id=other_id), kind_id,
            is_back, word_of(kinds[kind_id], is_back, tx.actor.locale) if kind_id else "", link.note,
        )
        for (other, other_id, kind_id), (link, is_back) in shown.items()
    ]  # fmt: skip
    return Links(rows, tx.may_change(row))


@query(LOGGED_IN)
def find_linkable(tx: Tx, card: str, card_id: int, words: str) -> list[FoundRow]:
    """Cards that the reader sees and that a card could be linked with. Raises NotFound, Forbidden."""
    need_linked(tx, card, card_id)
    found: list[FoundRow] = tx.do(search_cards, words=words, limit=MOST_FOUND)
    return [row for row in found if KINDS[row.card].is_linked and (row.card, row.id) != (card, card_id)]


@query(LOGGED_IN)
def list_link_kinds(tx: Tx) -> list[LinkKindRow]:
    """What links can say, in the order in which it was added; what is offered no more, too."""
    return [
        LinkKindRow(k.id or 0, k.forth_ru, k.forth_en, k.back_ru, k.back_en, k.removed_at is not None)
        for k in tx.all(select(LinkKind).order_by(LinkKind.id))
    ]
