"""The State of a mailing's audience: whom it goes to, how many letters that makes, and what stands against them."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.access.screens.base import Part, handler
from crm_app.cards.filters import GROUPS
from crm_app.cards.queries.shelf import see_shelf
from crm_app.cards.screens.address import write_filter
from crm_app.cards.screens.filter_state import AskedField, askable_fields, preview_of
from crm_app.cards.screens.shelf_state import shelf_choices
from crm_app.core.i18n import text
from crm_app.mailings.actions.drafts import set_audience
from crm_app.mailings.queries.checks import check_mailing, list_own_merge_fields
from crm_app.mailings.queries.lists import everybody, see_mailing
from crm_app.mailings.recipients import kinds_seen
from crm_app.mailings.rules import Card
from crm_app.mailings.screens.lines import own_names
from crm_app.messages.merge import is_own
from crm_app.ui.field import Option
from crm_app.ui.filter_bar import NO_PREVIEW, Preview


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
    """Recipients of the mailing whose page this is. reasons: why it can't start; missing: what letters will lack.

    card: their kind; kinds: those that there are to choose from; everybody: what all cards of the kind are called;
    fields: what these can be asked about; saved: filters and groups of theirs; at: the one that was chosen, or "".
    """

    card: Card = "client"
    kinds: list[Option] = []
    everybody: str = ""
    fields: list[AskedField] = []
    saved: list[Option] = []
    at: str = ""
    filter: dict[str, Any] = {}
    preview: Preview = NO_PREVIEW
    figures: Figures = {"chosen": 0, "without_address": 0, "duplicates": 0, "suppressed": 0, "to_send": 0}
    reasons: list[str] = []
    missing: list[Missing] = []

    _mailing_id: int = 0
    _ids: list[int] = []
    _conditions: dict[str, dict[str, Any]] = {}

    @handler("mailing.see")
    async def shown(self) -> None:
        """Show the audience of the mailing in the address, counted now."""
        self._mailing_id = self._number_in_address
        self.preview = NO_PREVIEW
        await self._load()
        await self._load_choices()

    @handler("mailing.change")
    async def card_chosen(self, card: Card) -> None:
        """Cards of another kind: what was chosen of the last one counts no more."""
        if card != self.card:
            await self._choose([], None, card)
            await self._load_choices()

    @handler("mailing.change")
    async def filter_changed(self, conditions: dict[str, Any]) -> None:
        """Recipients by another filter."""
        has_conditions = any(conditions.get(how) for how in GROUPS)
        await self._choose(self._ids, conditions if has_conditions else None)

    @handler("mailing.see", supersedes=True)
    async def previewed(self, conditions: dict[str, Any], number: int) -> None:
        """Tell what conditions say and leave that nobody has applied yet. number: by which they are known again."""
        self.preview = await preview_of(self, self.card, conditions, number)

    @handler("mailing.change")
    async def saved_chosen(self, key: str) -> None:
        """Recipients by a filter or a group that is kept at the list."""
        if key in self._conditions:
            await self._choose(self._ids, self._conditions[key])

    @handler("mailing.change")
    async def everybody_chosen(self) -> None:
        """Every card of the kind that one sees."""
        await self._choose([], {})

    @handler("mailing.change")
    async def ticked_dropped(self) -> None:
        """Only the filter counts."""
        await self._choose([], self.filter or None)

    async def _choose(self, ids: list[int], conditions: dict[str, Any] | None, card: Card | None = None) -> None:
        asked = {"card_ids": ids, "filter_": conditions, "card": card or self.card}
        await self._act(set_audience, mailing_id=self._mailing_id, **asked)
        await self._load()

    async def _load_choices(self) -> None:
        """What there is to choose recipients by; nothing of a kind of card that the reader does not see."""
        seen = kinds_seen(self._actor)
        self.kinds = [{"id": card, "label": text(f"{card}s.title", self._locale), "hint": ""} for card in seen]
        self.everybody = everybody(self.card, self._locale)
        may_ask = self.card in seen
        self.fields = await askable_fields(self, self.card) if may_ask else []
        kept = shelf_choices(await self._ask(see_shelf, card=self.card)) if may_ask else []
        self.saved = [{"id": key, "label": name, "hint": ""} for key, name, _ in kept]
        self._conditions = {key: conditions for key, _, conditions in kept}
        self._note_chosen()

    async def _load(self) -> None:
        view = await self._ask(see_mailing, mailing_id=self._mailing_id)
        self.card, self._ids, self.filter = view.card, view.card_ids, view.filter or {}
        self._note_chosen()
        check = await self._ask(check_mailing, mailing_id=self._mailing_id)
        found = check.figures
        self.figures = {
            "chosen": found.chosen, "without_address": found.without_address, "duplicates": found.duplicates,
            "suppressed": found.suppressed, "to_send": found.to_send,
        }  # fmt: skip
        needs_names = any(map(is_own, check.missing))
        fields = await self._ask(list_own_merge_fields, card=self.card) if needs_names else []
        own = own_names(fields, self._locale)
        self.missing = [
            {"key": "" if is_own(name) else f"messages.field.{name}", "name": own.get(name, ""), "n": n}
            for name, n in check.missing.items()
        ]
        against = [*([check.channel] if check.channel else []), *check.reasons]
        self.reasons = [reason.text(self._locale) for reason in against]

    def _note_chosen(self) -> None:
        """Which of what is kept says the same as the filter."""
        shown = write_filter(self.filter)
        fits = (key for key, conditions in self._conditions.items() if shown and write_filter(conditions) == shown)
        self.at = next(fits, "")
