"""On a lead: why it went to whom, and who it may be that asks."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import FillsItself, Part, handler
from crm_app.cards.kinds import KINDS
from crm_app.core.errors import NotFound
from crm_app.core.i18n import text
from crm_app.intake.queries.distribution import known_before, why_whose
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.panels import filled_by


class KnownLine(TypedDict):
    """A card that may be of the same person."""

    href: str
    name: str
    kind: str


class WhoseLead(FillsItself, Part):
    """Why this lead is whose it is. why: a sentence, "" where no rule gave it out; when: what the rule asked for."""

    lead_id: int = 0
    why: str = ""
    when: str = ""
    known: list[KnownLine] = []

    @handler("lead.see")
    async def opened(self) -> None:
        """Fill the panel, and follow what happens to the lead."""
        self.lead_id, self.why, self.when, self.known = self._number_in_address, "", "", []
        if not self.lead_id:
            raise NotFound()
        await self._watch({f"lead:{self.lead_id}"}, WhoseLead.changed)
        await self._load()
        self._is_filled()

    @handler("lead.see")
    async def changed(self) -> None:
        """Something has happened to the lead."""
        await self._load()

    async def _load(self) -> None:
        why = await self._ask(why_whose, lead_id=self.lead_id)
        locale = self._locale
        self.why = (
            text(f"intake.why.{why.way}", locale, rule=why.rule, who=why.employee, n=why.open_leads) if why else ""
        )
        self.when = text("intake.why.when", locale, when=why.when) if why and why.when else ""
        self.known = [
            {"href": KINDS[row.card].href.format(id=row.id), "name": row.name, "kind": text(f"card.{row.card}", locale)}
            for row in await self._ask(known_before, lead_id=self.lead_id)
        ]


def whose_panel() -> rx.Component:
    """Nothing where there is nothing to be said."""
    when = rx.cond(WhoseLead.when == "", rx.fragment(), faint(WhoseLead.when))
    said = rx.cond(WhoseLead.why == "", rx.fragment(), stack(rx.el.p(WhoseLead.why), when, gap="s"))
    known = stack(soft(t("intake.known")), rx.foreach(WhoseLead.known, _known), gap="s")
    shown = panel("intake.whose", stack(said, rx.cond(WhoseLead.known.length() > 0, known, rx.fragment()), gap="m"))
    is_told = (WhoseLead.why != "") | (WhoseLead.known.length() > 0)
    return filled_by(WhoseLead, rx.cond(is_told, shown, rx.fragment()))


def _known(row: Any) -> rx.Component:
    return line(faint(row["kind"]), link(row["name"], href=row["href"]), class_name="wrap")
