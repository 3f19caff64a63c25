"""The State of a card's links with other cards."""

from __future__ import annotations

from typing_extensions import TypedDict

from crm_app.access.screens.base import Part, Undo, handler
from crm_app.cards.actions.links import link_cards, unlink_cards
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.links import LinkKindRow, LinkRow, Links, find_linkable, list_link_kinds, list_links
from crm_app.core.actor import LOGGED_IN
from crm_app.core.i18n import text
from crm_app.ui.field import Option

FEWEST_SIGNS, MOST_SIGNS = 3, 200
BACK = "-"
"""Before the number of a kind of link: by its second word."""


class LinkLine(TypedDict):
    """One link. word: what the linked card is; kind: its kind of card, in words."""

    id: str
    title: str
    href: str
    word: str
    kind: str
    note: str


class CardLinks(Part):
    """The links of the card in the address. found: cards by kind and id, "client:7"; says: what the next link says."""

    card: str = ""
    card_id: int = 0
    rows: list[LinkLine] = []
    is_ready: bool = False
    may_change: bool = False
    is_adding: bool = False
    kinds: list[Option] = []
    says: str = ""
    note: str = ""
    found: list[Option] = []

    _rows: list[LinkRow] = []

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the panel of the card in the address, and follow what others do to it."""
        card, card_id = card_at(self.router.url.path)
        if (card, card_id) != (self.card, self.card_id):
            self.rows, self.found, self.says, self.note = [], [], "", ""
            self.is_ready = self.may_change = self.is_adding = False
        self.card, self.card_id = card, card_id
        await self._watch({f"{card}:{card_id}", "link_kinds"}, CardLinks.changed)
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Somebody has linked the card, or has called the kinds of links otherwise."""
        await self._load()

    @handler(LOGGED_IN)
    async def adding_wanted(self) -> None:
        """Show the place for a card, or put it away."""
        self.is_adding = not self.is_adding

    @handler(LOGGED_IN)
    async def kind_chosen(self, says: str) -> None:
        """What the next link says of its card."""
        self.says = says if any(kind["id"] == says for kind in self.kinds) else ""

    @handler(LOGGED_IN)
    async def note_typed(self, note: str) -> None:
        """What stands beside the next link."""
        self.note = note[:2_000]

    @handler(LOGGED_IN)
    async def searched(self, words: str) -> None:
        """Cards that one sees, nothing while fewer signs are typed than say something."""
        self.found = []
        if len(words.strip()) >= FEWEST_SIGNS:
            asked = {"card": self.card, "card_id": self.card_id, "words": words[:MOST_SIGNS]}
            rows = await self._ask(find_linkable, **asked)
            kinds = {row.card: text(f"card.{row.card}", self._locale) for row in rows}
            self.found = [{"id": f"{r.card}:{r.id}", "label": r.title, "hint": kinds[r.card]} for r in rows]

    @handler(LOGGED_IN)
    async def picked(self, other: str) -> None:
        """Link the card with one that was found."""
        if any(option["id"] == other for option in self.found):
            card, _, number = other.partition(":")
            kind = self.says.removeprefix(BACK)
            says = {"kind_id": int(kind) if kind else None, "is_back": self.says.startswith(BACK), "note": self.note}
            await self._act(link_cards, card=self.card, card_id=self.card_id, other=card, other_id=int(number), **says)
            self.is_adding, self.says, self.note, self.found = False, "", "", []
            await self._load()

    @handler(LOGGED_IN)
    async def removed(self, link_id: str) -> None:
        """Remove a link; the toast brings it back."""
        link = next((row for row in self._rows if str(row.id) == link_id), None)
        if link is None:
            return
        this = {"card": self.card, "card_id": self.card_id}
        await self._act(unlink_cards, **this, link_id=link.id)
        again = {"other": link.card, "other_id": link.card_id, "kind_id": link.kind_id, "is_back": link.is_back}
        await self._toast("cards.links.removed", undo=Undo(link_cards, {**this, **again, "note": link.note}))
        await self._load()

    async def _load(self) -> None:
        told: Links = await self._ask(list_links, card=self.card, card_id=self.card_id)
        self._rows, self.may_change, self.is_ready = told.rows, told.may_change, True
        self.rows = [
            {
                "id": str(row.id), "title": row.title, "href": row.href, "note": row.note,
                "word": row.word or text("cards.links.plain", self._locale),
                "kind": text(f"card.{row.card}", self._locale),
            }
            for row in told.rows
        ]  # fmt: skip
        kinds = await self._ask(list_link_kinds) if told.may_change else []
        self.kinds = [option for kind in kinds if not kind.is_removed for option in _both_ways(kind, self._locale)]


def _both_ways(kind: LinkKindRow, locale: str) -> list[Option]:
    forth, back = kind.word(False, locale), kind.word(True, locale)
    ways = [(str(kind.id), forth)] + [(f"{BACK}{kind.id}", back)] * (forth != back)
    return [{"id": number, "label": word, "hint": ""} for number, word in ways]
