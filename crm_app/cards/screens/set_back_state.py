"""The State of the dialog that sets a card back: what would change is shown first, with what was changed since."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.queries import name_employees
from crm_app.access.screens.base import Part, handler
from crm_app.cards.actions.setting_back import FieldBack, see_set_back, set_back
from crm_app.cards.field_queries import told_fields
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.kinds import card_at
from crm_app.cards.screens.history import Custom, is_employee, words_of
from crm_app.core.actor import LOGGED_IN


class BackLine(TypedDict):
    """One field that would be set back. now, then: in words, "" for nothing."""

    field: str
    now: str
    then: str
    is_later: bool
    is_written: bool


class SettingBack(Part):
    """What setting the card back would change. fact_id: 0 while nothing is asked; field: "" for the whole card."""

    card: str = ""
    card_id: int = 0
    fact_id: int = 0
    field: str = ""
    lines: list[BackLine] = []

    _version: int = 0

    @handler(LOGGED_IN)
    async def asked(self, fact_id: int, field: str) -> None:
        """Show what would change."""
        self.card, self.card_id = card_at(self.router.url.path)
        asked = {"card": self.card, "card_id": self.card_id, "fact_id": fact_id, "field": field}
        back = await self._ask(see_set_back, **asked)
        if not back.fields:
            await self._toast("cards.history.same", level="info")
            return
        self.lines, self._version = await self._told(back.fields, back.currency), back.version
        self.fact_id, self.field = fact_id, field

    @handler(LOGGED_IN)
    async def confirmed(self) -> None:
        """Set it back, unless somebody has changed the card since it was shown."""
        asked = {"card": self.card, "card_id": self.card_id, "fact_id": self.fact_id, "field": self.field}
        done = await self._act(set_back, **asked, version=self._version)
        self.fact_id = 0
        await self._toast("cards.history.set_back", n=len(done))

    @handler(LOGGED_IN)
    async def closed(self) -> None:
        """Leave it as it is."""
        self.fact_id = 0

    async def _told(self, fields: list[FieldBack], currency: str) -> list[BackLine]:
        own = [
            {each.field.removeprefix(PREFIX): value for each in fields if each.field.startswith(PREFIX)
             for value in [getattr(each, side)]}
            for side in ("now", "then")
        ]  # fmt: skip
        found, called = await self._ask(told_fields, cards=[self.card], values=own) if own[0] else ([], {})
        ids = [v for each in fields if is_employee(self.card, each.field) for v in (each.now, each.then) if v]
        names = await self._ask(name_employees, ids=ids) if ids else {}
        custom = Custom({(field.card, field.full): field for field in found}, called)
        lines: list[BackLine] = []
        for each in fields:
            label, now = words_of(self.card, each.field, each.now, self._locale, names, custom, currency)
            _, then = words_of(self.card, each.field, each.then, self._locale, names, custom, currency)
            lines.append(
                {"field": label, "now": now, "then": then, "is_later": each.is_later, "is_written": each.is_written}
            )
        return lines
