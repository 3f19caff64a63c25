"""The State of a mailing's letters: a row per recipient with the last answer, and every attempt at one of them."""

from __future__ import annotations

from crm_app.access.screens.base import Part, handler
from crm_app.mailings.queries.deliveries import PAGE, list_attempts, list_deliveries
from crm_app.mailings.rules import DELIVERY_STATES
from crm_app.mailings.screens.lines import AttemptLine, LetterLine, attempt_line, letter_line


class Letters(Part):
    """One page of the letters of the mailing whose page this is. state: only letters in that state, "" for all."""

    letters: list[LetterLine] = []
    state: str = ""
    has_more: bool = False
    attempts: list[AttemptLine] = []
    attempts_of: str = ""

    _mailing_id: int = 0
    _after: int = 0

    @handler("mailing.see")
    async def opened(self) -> None:
        """Show the letters of the mailing in the address, and follow them."""
        self._mailing_id, self.state, self._after = self._number_in_address, "", 0
        await self._watch({f"mailing:{self._mailing_id}"}, Letters.changed)
        await self._load()

    @handler("mailing.see")
    async def changed(self) -> None:
        """The mailing has gone on."""
        await self._load()

    @handler("mailing.see")
    async def state_chosen(self, state: str) -> None:
        """Only letters in one state."""
        self.state, self._after = (state if state in DELIVERY_STATES else ""), 0
        await self._load()

    @handler("mailing.see")
    async def more_wanted(self) -> None:
        """The next page of letters; the one that is shown goes."""
        self._after = self.letters[-1]["id"] if self.letters else 0
        await self._load()

    @handler("mailing.see")
    async def attempts_asked(self, delivery_id: int, address: str) -> None:
        """Every attempt at one letter."""
        self.attempts_of = address[:320]
        self.attempts = [attempt_line(row) for row in await self._ask(list_attempts, delivery_id=delivery_id)]

    async def _load(self) -> None:
        rows = await self._ask(list_deliveries, mailing_id=self._mailing_id, state=self.state, after=self._after)
        self.letters, self.has_more = [letter_line(row) for row in rows], len(rows) == PAGE
