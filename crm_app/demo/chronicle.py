"""Tells what happened in the order of time, whoever makes it up: cards come into being, their facts follow."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from crm_app.core.door import Tx
from crm_app.core.events import Fact
from crm_app.demo.ledger import Ledger, Numbers
from crm_app.demo.scene import Person


@dataclass(frozen=True)
class Birth:
    """A card comes into being. happen: notes its rows and what will follow."""

    at: datetime
    happen: Callable[[Chronicle], None]


class Chronicle:
    """The whole story. It is told page by page, each within one transaction."""

    def __init__(self, streams: Iterable[Iterable[Birth]]) -> None:
        """streams: births, each stream in the order of time."""
        self._births: Iterator[Birth] = heapq.merge(*streams, key=attrgetter("at"))
        self._waiting: list[tuple[datetime, int, str, int, Fact]] = []
        self._noted = 0
        self._numbers = Numbers()
        self._page: Ledger | None = None

    def tell(self, tx: Tx, limit: int) -> int:
        """Write the next page, of about so many rows. Gives how many there were: 0 at the end of the story."""
        assert self._page is None, "a page that failed can't be told again: what it used up is gone"
        self._page = page = Ledger(tx, self._numbers)
        for birth in self._births:
            self._tell_until(birth.at)
            birth.happen(self)
            if page.count >= limit:
                break
        else:
            self._tell_until(None)
        count = page.write()
        self._page = None
        return count

    def number(self, model: Any) -> int:
        """An id for a row that is noted later."""
        assert self._page is not None
        return self._page.number(model)

    def add(self, model: Any, **values: Any) -> int:
        """Note a row; gives its id."""
        assert self._page is not None
        return self._page.add(model, **values)

    def make_findable(self, kind: str, card_id: int, *parts: str | None) -> None:
        assert self._page is not None
        self._page.make_findable(kind, card_id, *parts)

    def will_happen(self, at: datetime, who: Person, fact: Fact, kind: str = "employee") -> None:
        """Note a fact for its time. Of two at one moment, the one noted first comes first."""
        self._noted += 1
        heapq.heappush(self._waiting, (at, self._noted, kind, who.id, fact))

    def _tell_until(self, moment: datetime | None) -> None:
        assert self._page is not None
        while self._waiting and (moment is None or self._waiting[0][0] <= moment):
            at, _, kind, actor_id, fact = heapq.heappop(self._waiting)
            self._page.tell(at, kind, actor_id, fact)
