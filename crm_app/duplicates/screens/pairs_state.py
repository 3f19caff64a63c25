"""The State of /duplicates: pairs of cards that may be one."""

from __future__ import annotations

from typing import Literal, TypedDict

from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.cards.kinds import KINDS
from crm_app.core.actor import LOGGED_IN
from crm_app.core.i18n import text
from crm_app.duplicates.actions.pairs import judge_pair, look_for_pairs
from crm_app.duplicates.kinds import MERGEABLE, SURE
from crm_app.duplicates.queries import PAGE, PairRow, list_pairs


class PairLine(TypedDict):
    """Two cards that may be one, and why."""

    id: int
    by: str
    one: str
    one_href: str
    responsible: str
    other: str
    other_href: str
    others_responsible: str
    merge_href: str


class Pairs(Screen):
    """Pairs of one kind of card. has_more: beyond those that are shown."""

    card: str = "client"
    lines: list[PairLine] = []
    has_more: bool = False

    _last: tuple[int, int] = (-1, 0)
    _after: tuple[int, int] = (-1, 0)

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Show what is known, have new ones looked for, and follow what others judge."""
        asked = str(dict(self.router.url.query_parameters).get("card", ""))
        self.card, self._after = asked if asked in MERGEABLE else "client", (-1, 0)
        await self._watch({f"pairs:{self.card}"}, Pairs.changed)
        await self._load()
        await self._act(look_for_pairs, card=self.card)

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Pairs were found, judged or merged."""
        await self._load()

    @handler(LOGGED_IN)
    async def card_chosen(self, card: Literal["client", "contact"]) -> None:
        """Show pairs of another kind."""
        self.card, self._after = card, (-1, 0)
        await self._watch({f"pairs:{card}"}, Pairs.changed)
        await self._load()
        await self._act(look_for_pairs, card=card)

    @handler(LOGGED_IN)
    async def more_wanted(self) -> None:
        """Show the next pairs."""
        self._after = self._last
        await self._load()

    @handler(LOGGED_IN)
    async def told_apart(self, pair_id: int) -> None:
        """Say that two cards are not one; the toast takes it back."""
        await self._act(judge_pair, pair_id=pair_id)
        undo = Undo(judge_pair, {"pair_id": pair_id, "is_different": False})
        await self._toast("duplicates.told_apart", undo=undo)
        await self._load()

    async def _load(self) -> None:
        found: list[PairRow] = await self._ask(list_pairs, card=self.card, after=tuple(self._after), limit=PAGE + 1)
        shown = found[:PAGE]
        self.has_more = len(found) > PAGE
        if shown:
            self._last = (SURE.index(shown[-1].by), shown[-1].id)
        self.lines = [self._line(row) for row in shown]

    def _line(self, row: PairRow) -> PairLine:
        href = KINDS[self.card].href
        return {
            "id": row.id, "by": text(f"duplicates.by.{row.by}", self._locale),
            "one": row.one, "one_href": href.format(id=row.one_id), "responsible": row.responsible,
            "other": row.other, "other_href": href.format(id=row.other_id),
            "others_responsible": row.others_responsible,
            "merge_href": f"/duplicates/merge?card={self.card}&kept={row.one_id}&absorbed={row.other_id}",
        }  # fmt: skip
