"""The State of the dialog that sets a card back: what would change is shown first, with what was changed since."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.queries import name_employees
from crm_app.access.screens.base import Part, handler
from crm_app.cards.actions.setting_back import FieldBack, see_set_back, set_back
from crm_app.cards.field_queries import told_fields
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.kinds import card_at
from crm_app.cards.screens.history import Custom, is_employee, is_picture, words_of
from crm_app.core.actor import LOGGED_IN


class BackLine(TypedDict):
    """One field that would be set back. now, then: in words, or the digest of a picture; "" for nothing."""

    field: str
    now: str
    then: str
    is_picture: bool
    is_later: bool
    is_written: bool


class SettingBack(Part):
    """What setting the card back would change. fact_id: 0 while nothing is asked; asked_at: the address of its card.

    An answer that comes when the person is on another card's page is not shown there.
    """

    fact_id: int = 0
    asked_at: str = ""
    lines: list[BackLine] = []

    _field: str = ""  # "" for the whole card
    _version: int = 0

    @handler(LOGGED_IN)
    async def asked(self, fact_id: int, field: str) -> None:
        """Show what would change."""
        asked_at = self.router.url.path
        card, card_id = card_at(asked_at)
        back = await self._ask(see_set_back, card=card, card_id=card_id, fact_id=fact_id, field=field)
        if not back.fields:
            await self._toast("cards.history.same", level="info")
            return
        self.lines, self._version = await self._told(card, back.fields, back.currency), back.version
        self.fact_id, self._field, self.asked_at = fact_id, field, asked_at

    @handler(LOGGED_IN)
    async def confirmed(self) -> None:
        """Set it back, unless somebody has changed the card since it was shown."""
        fact_id, asked_at = self.fact_id, self.asked_at
        if asked_at != self.router.url.path:
            self.fact_id = 0
            return
        card, card_id = card_at(asked_at)
        asked = {"card": card, "card_id": card_id, "fact_id": fact_id, "field": self._field}
        done = await self._act(set_back, **asked, version=self._version)
        self.fact_id = 0
        await self._toast("cards.history.set_back", n=len(done))

    @handler(LOGGED_IN)
    async def closed(self) -> None:
        """Leave it as it is."""
        self.fact_id = 0

    async def _told(self, card: str, fields: list[FieldBack], currency: str) -> list[BackLine]:
        own = [
            {each.field.removeprefix(PREFIX): value for each in fields if each.field.startswith(PREFIX)
             for value in [getattr(each, side)]}
            for side in ("now", "then")
        ]  # fmt: skip
        found, called = await self._ask(told_fields, cards=[card], values=own) if own[0] else ([], {})
        ids = [v for each in fields if is_employee(card, each.field) for v in (each.now, each.then) if v]
        names = await self._ask(name_employees, ids=ids) if ids else {}
        custom = Custom({(field.card, field.full): field for field in found}, called)
        lines: list[BackLine] = []
        for each in fields:
            label, now = words_of(card, each.field, each.now, self._locale, names, custom, currency)
            _, then = words_of(card, each.field, each.then, self._locale, names, custom, currency)
            lines.append(
                {
                    "field": label, "now": now, "then": then, "is_picture": is_picture(card, each.field),
                    "is_later": each.is_later, "is_written": each.is_written,
                }
            )  # fmt: skip
        return lines
