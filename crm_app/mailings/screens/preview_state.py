"""The State of a letter as one of its recipients reads it, and of the test that goes to oneself."""

from __future__ import annotations

from crm_app.access.screens.base import Part, handler, number_in
from crm_app.mailings.actions.testing import send_test
from crm_app.mailings.queries.checks import list_samples, preview_mailing
from crm_app.mailings.queries.lists import see_mailing
from crm_app.ui.field import Option


class LetterPreview(Part):
    """The letter with the values of one recipient. samples: some of the recipients; sample: the chosen one's id."""

    samples: list[Option] = []
    sample: str = ""
    title: str = ""
    html: str = ""

    _mailing_id: int = 0
    _typed: tuple[str, str] = ("", "")

    @handler("mailing.see")
    async def shown(self) -> None:
        """Show the stored letter of the mailing in the address, to one of those who are to get it now."""
        self._mailing_id = self._number_in_address
        view = await self._ask(see_mailing, mailing_id=self._mailing_id)
        self._typed = (view.title, view.body)
        rows = await self._ask(list_samples, mailing_id=self._mailing_id)
        self.samples = [{"id": str(row.card_id), "label": row.name, "hint": row.address} for row in rows]
        if self.sample not in {option["id"] for option in self.samples}:
            self.sample = self.samples[0]["id"] if self.samples else ""
        await self._show_letter()

    @handler("mailing.change", supersedes=True)
    async def body_typed(self, html: str) -> None:
        """What is typed shows in the preview before it is saved."""
        self._typed = (self._typed[0], html)
        await self._show_letter()

    @handler("mailing.see")
    async def sample_chosen(self, card_id: str) -> None:
        """Look at the letter as another recipient."""
        self.sample = card_id
        await self._show_letter()

    @handler("mailing.send")
    async def test_asked(self) -> None:
        """A letter to oneself, with the values of the chosen recipient."""
        await self._act(send_test, mailing_id=self._mailing_id, card_id=self._card_id)

    @property
    def _card_id(self) -> int:
        return number_in(self.sample)

    async def _show_letter(self) -> None:
        title, body = self._typed
        whose = {"mailing_id": self._mailing_id, "card_id": self._card_id}
        shown = await self._ask(preview_mailing, **whose, title=title, body=body)
        self.title, self.html = shown.title, shown.html
