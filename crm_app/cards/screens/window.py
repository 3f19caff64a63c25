"""Which part of a long list, the latest first, a card's page shows: it holds a hundred rows at most, however many
there are, and moves by keys in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

PAGE = 50


@dataclass(frozen=True)
class Window:
    """One or two pages of a list. starts: before which ids the window began that one sees, and those left behind."""

    starts: tuple[int, ...] = ()
    pages: int = 1

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of the list's query: one row more than is shown tells whether there are earlier ones."""
        return {"before": self.starts[-1] if self.starts else None, "limit": self.size + 1}

    @property
    def size(self) -> int:
        return self.pages * PAGE

    @property
    def has_later(self) -> bool:
        return bool(self.starts)

    def earlier(self, ids: list[int]) -> Window:
        """One page further back. ids: of the rows that are shown."""
        if self.pages == 1 or len(ids) <= PAGE:
            return replace(self, pages=2)
        return Window((*self.starts, ids[PAGE - 1]), 2)

    def later(self) -> Window:
        """One page towards the latest."""
        return Window(self.starts[:-1], 2)
