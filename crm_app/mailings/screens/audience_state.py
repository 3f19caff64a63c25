"""The State of a mailing's audience: whom it goes to, how many letters that makes, and what stands against them."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.access.screens.base import Part, handler
from crm_app.cards.filters import GROUPS
from crm_app.cards.queries.every_card import list_tags
from crm_app.clients.queries import list_words
from crm_app.clients.screens.lines import word_options
from crm_app.mailings.actions.drafts import set_audience
from crm_app.mailings.queries.checks import check_mailing, list_own_merge_fields
from crm_app.mailings.queries.lists import see_mailing
from crm_app.mailings.screens.lines import own_names
from crm_app.messages.merge import is_own
from crm_app.ui.field import Option


class Figures(TypedDict):
    """How an audience comes down to letters."""

    chosen: int
    without_address: int
    duplicates: int
    suppressed: int
    to_send: int


class Missing(TypedDict):
    """How many lack a merge field. key: that of its name; name: of one of the company's own fields, else ""."""

    key: str
    name: str
    n: int


class Audience(Part):
    """Recipients of the mailing whose page this is. reasons: why it can't start; missing: what letters will lack."""

    filter: dict[str, Any] = {}
    figures: Figures = {"chosen": 0, "without_address": 0, "duplicates": 0, "suppressed": 0, "to_send": 0}
    reasons: list[str] = []
    missing: list[Missing] = []
    types: list[Option] = []
    statuses: list[Option] = []
    employees: list[Option] = []
    tags: list[Option] = []

    _mailing_id: int = 0
    _ids: list[int] = []

    @handler("mailing.see")
    async def shown(self) -> None:
        """Show the audience of the mailing in the address, counted now."""
        self._mailing_id = self._number_in_address
        self.types = word_options("type", await self._ask(list_words, field="type"), self._locale)
        self.statuses = word_options("status", await self._ask(list_words, field="status"), self._locale)
        self.employees = await self._choose_from_employees()
        self.tags = [{"id": name, "label": name, "hint": ""} for name in await self._ask(list_tags)]
        await self._load()

    @handler("mailing.change")
    async def filter_changed(self, conditions: dict[str, Any]) -> None:
        """Recipients by another filter."""
        has_conditions = any(conditions.get(how) for how in GROUPS)
        await self._choose(self._ids, conditions if has_conditions else None)

    @handler("mailing.change")
    async def everybody_chosen(self) -> None:
        """Every client that one sees."""
        await self._choose([], {})

    @handler("mailing.change")
    async def ticked_dropped(self) -> None:
        """Only the filter counts."""
        await self._choose([], self.filter or None)

    async def _choose(self, client_ids: list[int], conditions: dict[str, Any] | None) -> None:
        await self._act(set_audience, mailing_id=self._mailing_id, client_ids=client_ids, filter_=conditions)
        await self._load()

    async def _load(self) -> None:
        view = await self._ask(see_mailing, mailing_id=self._mailing_id)
        self._ids, self.filter = view.client_ids, view.filter or {}
        check = await self._ask(check_mailing, mailing_id=self._mailing_id)
        found = check.figures
        self.figures = {
            "chosen": found.chosen, "without_address": found.without_address, "duplicates": found.duplicates,
            "suppressed": found.suppressed, "to_send": found.to_send,
        }  # fmt: skip
        own = own_names(await self._ask(list_own_merge_fields), self._locale) if any(map(is_own, check.missing)) else {}
        self.missing = [
            {"key": "" if is_own(name) else f"messages.field.{name}", "name": own.get(name, ""), "n": n}
            for name, n in check.missing.items()
        ]
        against = [*([check.channel] if check.channel else []), *check.reasons]
        self.reasons = [reason.text(self._locale) for reason in against]
