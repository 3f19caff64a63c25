"""The panel "Deals" on a client's card: it fills itself when it is shown, and follows what others change."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.screens.base import Part, handler
from crm_app.deals.queries.cards import list_client_deals
from crm_app.ui.button import link_button
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, line, panel, stack
from crm_app.ui.link import link
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


class ClientDeals(Part):
    """The deals of the client whose card is open."""

    lines: list[ClientDealLine] = []

    _client_id: int = 0

    @handler("deal.see")
    async def opened(self) -> None:
        """Show the deals of the client in the address."""
        self._client_id = self._number_in_address
        await self._watch({f"client:{self._client_id}"}, ClientDeals.changed)
        await self._load()

    @handler("deal.see")
    async def changed(self) -> None:
        """A deal of the client has changed."""
        await self._load()

    async def _load(self) -> None:
        rows = await self._ask(list_client_deals, client_id=self._client_id)
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


def client_deals_panel() -> rx.Component:
    """For `panels_of("client")`."""
    nothing = rx.cond(ClientDeals.lines.length() == 0, faint(t("deals.client_has_none")), rx.fragment())
    board = if_may("deal.create", link_button(t("deals.to_board"), href="/deals"))
    shown = panel("deals.title", stack(rx.foreach(ClientDeals.lines, _line), nothing, board))
    return if_may("deal.see", rx.el.div(shown, on_mount=ClientDeals.opened))


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
