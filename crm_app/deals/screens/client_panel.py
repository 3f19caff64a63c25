"""The panel "Deals" on a client's card: it fills itself when it is shown, and follows what others change."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import FillsItself, Part, handler
from crm_app.deals.queries.cards import list_client_deals
from crm_app.ui.button import link_button
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, line, panel, stack
from crm_app.ui.link import link
from crm_app.ui.panels import filled_by
from crm_app.ui.status import status

SHOWN = 20
TONES = {"open": "info", "won": "good", "lost": "bad", "hold": "warn"}


class ClientDealLine(TypedDict):
    """One deal of the client. amount: minor units."""

    id: int
    name: str
    href: str
    stage: str
    tone: str
    amount: int
    currency: str


class ClientDeals(FillsItself, Part):
    """The deals of the client whose card is open."""

    lines: list[ClientDealLine] = []
    client_id: int = 0
    has_none: bool = False

    @handler("deal.see")
    async def opened(self) -> None:
        """Show the deals of the client in the address."""
        self.client_id, self.lines, self.has_none = self._number_in_address, [], False
        await self._watch({f"client:{self.client_id}"}, ClientDeals.changed)
        await self._load()
        self._is_filled()

    @handler("deal.see")
    async def changed(self) -> None:
        """A deal of the client has changed."""
        await self._load()

    async def _load(self) -> None:
        rows = await self._ask(list_client_deals, client_id=self.client_id)
        self.lines = [
            {
                "id": row.id,
                "name": row.name,
                "href": f"/deals/{row.id}",
                "stage": row.stage_name,
                "tone": TONES[row.stage_kind],
                "amount": row.amount or 0,
                "currency": row.currency,
            }
            for row in rows[:SHOWN]
        ]
        self.has_none = not rows


def client_deals_panel() -> rx.Component:
    """For `panels_of("client")`."""
    nothing = rx.cond(ClientDeals.has_none, faint(t("deals.client_has_none")), rx.fragment())
    another = link_button(t("deals.new"), icon_name="plus", href=f"/deals?new=1&client={ClientDeals.client_id}")
    shown = panel("deals.title", stack(rx.foreach(ClientDeals.lines, _line), nothing, if_may("deal.create", another)))
    return if_may("deal.see", filled_by(ClientDeals, shown))


def _line(row: Any) -> rx.Component:
    return stack(
        link(row["name"], href=row["href"], class_name="cut"),
        line(
            rx.el.span(status(row["stage"], row["tone"]), class_name="grow cut"),
            rx.el.span(fmt.money(row["amount"], row["currency"]), class_name="figures"),
        ),
        gap="none",
        custom_attrs={"data-deal": row["id"]},
    )
