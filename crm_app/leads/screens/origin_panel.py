"""The panel "From a lead" on the cards that leads have become: not there on others."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import FillsItself, Part, handler
from crm_app.cards.kinds import card_at
from crm_app.core.actor import LOGGED_IN
from crm_app.leads import rules
from crm_app.leads.queries.converting import Origin, list_origins
from crm_app.ui.i18n import fmt
from crm_app.ui.layout import cut, faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.panels import filled_by


class OriginLine(TypedDict):
    """A lead that the card comes from. href: "" for one that the reader may not see; told: source, campaign."""

    name: str
    href: str
    told: str
    interest: str
    at: str


class CardOrigins(FillsItself, Part):
    """The leads that the card comes from whose page this is."""

    lines: list[OriginLine] = []

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the panel, and follow what others do."""
        self.lines = []
        card, card_id = card_at(self.router.url.path)
        await self._watch({f"{card}:{card_id}"}, CardOrigins.changed)
        await self._load()
        self._is_filled()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Something has happened to the card."""
        await self._load()

    async def _load(self) -> None:
        card, card_id = card_at(self.router.url.path)
        self.lines = [self._line(row) for row in await self._ask(list_origins, card=card, card_id=card_id)]

    def _line(self, row: Origin) -> OriginLine:
        ways = (rules.source_label(row.source, self._locale), rules.channel_label(row.channel, self._locale))
        marks = (getattr(row, name) for name in rules.UTM)
        return {
            "name": row.name, "href": f"/leads/{row.lead_id}" if row.is_seen else "", "interest": row.interest,
            "told": " · ".join(text for text in (*ways, *marks) if text), "at": row.converted_at.isoformat(),
        }  # fmt: skip


def origin_panel() -> rx.Component:
    """For `panels_of` of contacts, clients and deals."""
    shown = panel("leads.origin.title", rx.foreach(CardOrigins.lines, _line))
    return filled_by(CardOrigins, rx.cond(CardOrigins.lines.length() > 0, shown, rx.fragment()))


def _line(row: Any) -> rx.Component:
    name = rx.cond(row["href"] == "", cut(row["name"]), link(cut(row["name"]), href=row["href"]))
    return stack(
        line(name, faint(fmt.day(row["at"])), class_name="between"),
        rx.cond(row["told"] == "", rx.fragment(), faint(row["told"])),
        rx.cond(row["interest"] == "", rx.fragment(), soft(row["interest"])),
        gap="none",
    )
