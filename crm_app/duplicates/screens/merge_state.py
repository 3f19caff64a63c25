"""The State of /duplicates/merge: two cards side by side, and what becomes of them."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import reflex as rx

from crm_app.access.queries import name_employees
from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.cards.field_queries import told_fields
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.every_card import TimelineRow
from crm_app.cards.screens.history import ChangeLine, Custom, custom_in, employees_in, event_line, values_in
from crm_app.core import clock
from crm_app.core.actor import LOGGED_IN
from crm_app.core.errors import CrmError
from crm_app.duplicates import rules
from crm_app.duplicates.actions.merging import merge_cards
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.duplicates.queries import Comparison, compare_cards


class MergeLine(TypedDict):
    """A field of two cards. mine, theirs, result: as they are read; shape, currency: see ChangeLine."""

    name: str
    label: str
    shape: str
    currency: str
    mine: str
    theirs: str
    result: str
    side: str
    joins: bool
    is_open: bool


class Merging(Screen):
    """Two cards that are to be made one, as one employee sees them."""

    card: str = ""
    kept_id: int = 0
    absorbed_id: int = 0
    kept_name: str = ""
    absorbed_name: str = ""
    kept_href: str = ""
    absorbed_href: str = ""
    lines: list[MergeLine] = []
    may_merge: bool = False
    error: str = ""

    _choices: dict[str, rules.Side] = {}
    _versions: tuple[int, int] = (0, 0)

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Show the two cards that the address names."""
        told = dict(self.router.url.query_parameters)
        self.card, self._choices, self.lines, self.error = str(told.get("card", "")), {}, [], ""
        kept, _, absorbed = str(told.get("both", "")).partition(",")
        self.kept_id, self.absorbed_id = number_in(told.get("kept", kept)), number_in(told.get("absorbed", absorbed))
        await self._load()

    @handler(LOGGED_IN)
    async def chosen(self, name: str, side: Literal["kept", "absorbed", "both"]) -> None:
        """Take the value of one of the cards, or both."""
        self._choices = {**self._choices, name: side}
        self.error = ""
        await self._load()

    @handler(LOGGED_IN)
    async def turned_round(self) -> None:
        """Let the other card stay."""
        self.kept_id, self.absorbed_id, self._choices, self.error = self.absorbed_id, self.kept_id, {}, ""
        await self._load()

    @handler(LOGGED_IN)
    async def merged(self) -> rx.event.EventSpec:
        """Make them one; the toast takes it back."""
        merge = await self._act(
            merge_cards, card=self.card, kept_id=self.kept_id, absorbed_id=self.absorbed_id,
            choices=dict(self._choices), versions=self._versions,
        )  # fmt: skip
        await self._toast("duplicates.merged", undo=Undo(split_cards, {"merge_id": merge.id}), name=merge.absorbed_name)
        return rx.redirect(self.kept_href)

    async def _refused(self, error: CrmError) -> Any:
        self.error = " ".join(reason.text(self._locale) for reason in error.reasons) or error.text(self._locale)

    async def _load(self) -> None:
        found: Comparison = await self._ask(
            compare_cards, card=self.card, kept_id=self.kept_id, absorbed_id=self.absorbed_id
        )
        self.kept_name, self.absorbed_name = found.kept_name, found.absorbed_name
        href = KINDS[self.card].href
        self.kept_href, self.absorbed_href = href.format(id=self.kept_id), href.format(id=self.absorbed_id)
        self.may_merge, self._versions = found.may_merge, found.versions
        sides = {each.name: self._choices.get(each.name, each.side) for each in found.fields}
        compared = {each.name: rules.Compared(each.name, each.mine, each.theirs, each.joins) for each in found.fields}
        pairs = await self._shown({each.name: [each.mine, each.theirs] for each in found.fields})
        results = await self._shown({name: [None, each.taken(sides[name])] for name, each in compared.items()})
        self.lines = [
            _line(each.name, pair, result["new"], sides[each.name], each.joins, not each.is_locked)
            for each, pair, result in zip(found.fields, pairs, results, strict=True)
        ]

    async def _shown(self, changes: dict[str, list[Any]]) -> list[ChangeLine]:
        """Fields and their values as timelines show them, two of each."""
        row = TimelineRow(
            0, clock.now(), "CardsMerged", self.card, self.kept_id, "", 0, "", "", {"changes": changes, "name": ""}, ""
        )
        ids, custom = employees_in([row]), None
        if custom_in([row]):
            fields, names = await self._ask(told_fields, cards=[self.card], values=values_in([row]))
            custom = Custom({(field.card, field.full): field for field in fields}, names)
        people = await self._ask(name_employees, ids=ids) if ids else {}
        return event_line(row, self._locale, people, custom)["changes"]


def _line(name: str, pair: ChangeLine, result: str, side: str, joins: bool, is_open: bool) -> MergeLine:
    return {
        "name": name, "label": pair["field"], "shape": pair["shape"], "currency": pair["currency"],
        "mine": pair["old"], "theirs": pair["new"], "result": result, "side": side,
        "joins": joins and pair["old"] != "" and pair["new"] != "" and pair["old"] != pair["new"],
        "is_open": is_open and pair["old"] != pair["new"],
    }  # fmt: skip
