"""The State of /mailings/suppressions."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.core.errors import CrmError
from crm_app.mailings.actions.suppressions import release_address, suppress_address
from crm_app.mailings.queries.suppressions import PAGE, list_suppressions


class SuppressionLine(TypedDict):
    address: str
    reason: str
    note: str
    mailing: str
    at: str


class Suppressions(Screen):
    """Addresses that no mailing reaches, as far as they have been asked for."""

    rows: list[SuppressionLine] = []
    words: str = ""
    has_more: bool = False
    errors: dict[str, str] = {}
    saves: int = 0

    @handler("suppression.manage")
    async def opened(self) -> None:
        """Fill the page, and follow those who leave."""
        self.words, self.errors = "", {}
        await self._watch({"suppressions"}, Suppressions.changed)
        await self._load()

    @handler("suppression.manage")
    async def changed(self) -> None:
        """Somebody has left or been let back in."""
        await self._load()

    @handler("suppression.manage", supersedes=True)
    async def searched(self, words: str) -> None:
        """Only addresses in which these letters stand."""
        self.words = words[:200]
        await self._load()

    @handler("suppression.manage")
    async def older_wanted(self) -> None:
        """The next page; the one that is shown goes."""
        last = self.rows[-1] if self.rows else None
        await self._load((datetime.fromisoformat(last["at"]), last["address"]) if last else None)

    @handler("suppression.manage")
    async def added(self, fields: dict[str, str]) -> None:
        """Put an address on the list."""
        self.errors = {}
        await self._act(suppress_address, address=fields.get("address", ""), note=fields.get("note", ""))
        self.saves += 1
        await self._load()

    @handler("suppression.manage")
    async def released(self, address: str) -> None:
        """Let mailings reach an address again; the toast can take it back."""
        await self._act(release_address, address=address)
        await self._toast(
            "mailings.suppressions.released", undo=Undo(suppress_address, {"address": address}), address=address
        )
        await self._load()

    async def _load(self, before: tuple[datetime, str] | None = None) -> None:
        rows = await self._ask(list_suppressions, words=self.words, before=before)
        self.has_more = len(rows) == PAGE
        self.rows = [
            {"address": r.address, "reason": r.reason, "note": r.note, "mailing": r.mailing, "at": r.at.isoformat()}
            for r in rows
        ]

    async def _refused(self, error: CrmError) -> None:
        said = next((reason.text(self._locale) for reason in error.reasons if reason.field == "email"), "")
        self.errors = {"address": said}
        if not said:
            await super()._refused(error)
