"""The State of the sheet in which is said what a lead becomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from crm_app.access.screens.base import Part, Undo, handler, number_in
from crm_app.cards.screens.adding import UNSEEN, UNSEEN_NOBODYS
from crm_app.clients.alike import Alike
from crm_app.contacts.queries import find_contacts, find_workplaces
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.core.money import parse_money
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.unconverting import undo_conversion
from crm_app.leads.drafts import ClientPart, ContactPart, DealPart
from crm_app.leads.queries.converting import (
    BECOMES,
    Became,
    OpenDeal,
    Proposals,
    list_open_deals,
    propose_conversion,
    see_conversion,
)
from crm_app.pipelines.queries import list_pipelines
from crm_app.ui.field import Option

NONE, NEW, OTHER = "", "new", "other"
"""No card, a new one, and one that is found by typing."""
LONGEST_NAME, LONGEST_WORDS = 60, 200
_FIELDS = {
    "last_name": "contact_name", "inn": "inn", "amount": "amount", "phones": "form", "emails": "form",
    "responsible_id": "responsible_id", "contact": "contact_other", "client": "client_other",
}  # fmt: skip
"""Where in the sheet it stands what is wrong with a field of a card."""
NOTHING_FOUND: dict[str, list[Option]] = {"contact": [], "client": []}


class Converting(Part):
    """What one lead may become. picks: by kind of card "", "new", "other" or the id of one that is there already.

    found: contacts or clients in whose text the words stand that were typed last.
    """

    is_open: bool = False
    picks: dict[str, str] = {}
    contacts: list[Option] = []
    clients: list[Option] = []
    deals: list[Option] = []
    found: dict[str, list[Option]] = NOTHING_FOUND
    pipelines: list[Option] = []
    employees: list[Option] = []
    names: dict[str, str] = {}
    hints: list[str] = []
    errors: dict[str, str] = {}
    form_key: int = 0

    _lead_id: int = 0
    _version: int = 0
    _client_id: int = 0
    _deals: list[OpenDeal] = []
    _may_create: list[str] = []

    @handler("lead.see")
    async def opened(self) -> None:
        """A page is shown: nothing is converted yet."""
        self.is_open, self.errors = False, {}

    @handler("lead.change")
    async def wanted(self, lead_id: int) -> None:
        """Say what a lead becomes."""
        await self._begin(lead_id)

    @handler("lead.change")
    async def closed(self) -> None:
        """Not now."""
        self.is_open, self.errors = False, {}

    @handler("lead.change")
    async def picked(self, kind: Literal["contact", "client", "deal"], pick: str) -> None:
        """Another card is chosen: deals are offered of the client that is."""
        self.picks = {**self.picks, kind: pick}
        if kind == "client":
            self._client_id = number_in(pick)
            self._offer_deals()

    @handler("contact.see", supersedes=True)
    async def contact_searched(self, words: str) -> None:
        """Contacts in whose text these words stand."""
        self._show_found("contact", await self._ask(find_contacts, words=words[:LONGEST_WORDS]))

    @handler("client.see", supersedes=True)
    async def client_searched(self, words: str) -> None:
        """Clients in whose text these words stand."""
        self._show_found("client", await self._ask(find_workplaces, words=words[:LONGEST_WORDS]))

    @handler("lead.change")
    async def client_found(self, pick: str) -> None:
        """A client was chosen that was not proposed: its deals are offered."""
        self._client_id = number_in(pick)
        known = [each for each in self._deals if each.client_id != self._client_id]
        found = await self._ask(list_open_deals, client_id=self._client_id) if self._client_id else []
        self._deals = [*known, *found]
        self._offer_deals()

    @handler("lead.change")
    async def confirmed(self, fields: dict[str, str]) -> None:
        """Convert the lead; the toast takes it back."""
        self.errors = {}
        if self._is_unsaid(fields):
            return
        parts = {"contact": self._contact(fields), "client": self._client(fields), "deal": self._deal(fields)}
        told = {"version": self._version, "responsible_id": number_in(fields.get("responsible_id")) or None}
        # what may be the same already stands in the sheet
        await self._act(convert_lead, lead_id=self._lead_id, force=True, **told, **parts)
        self.is_open = False
        became = await self._ask(see_conversion, lead_id=self._lead_id)
        made = [kind for kind in BECOMES if fields.get(kind) == NEW]
        undo = Undo(undo_conversion, {"lead_id": self._lead_id})
        await self._toast("leads.converted_into", undo=undo, cards=self._in_words(became, made))

    async def _offer(self, lead_id: int) -> None:
        """Open the sheet for who may add something; a lead that is qualified need not be converted."""
        if any(self._actor.may(f"{kind}.create") for kind in BECOMES):
            await self._begin(lead_id)

    async def _begin(self, lead_id: int) -> None:
        found: Proposals = await self._ask(propose_conversion, lead_id=lead_id)
        ways = await self._ask(list_pipelines) if "deal" in found.may_create else []
        self._lead_id, self._version, self._deals = lead_id, found.version, list(found.deals)
        self._may_create = [kind for kind in found.may_create if kind != "deal" or ways]
        self.contacts, self.clients = self._choices("contact", found.contacts), self._choices("client", found.clients)
        self.found, self.employees = NOTHING_FOUND, await self._choose_from_employees()
        self.pipelines = [{"id": str(way.id), "label": way.name, "hint": ""} for way in ways]
        self.names = {
            "contact": found.contact_name, "client": found.client_name, "kind": found.client_kind,
            "deal": found.deal_name, "pipeline": self.pipelines[0]["id"] if ways else "",
            "responsible": self._responsible(found.responsible_id),
        }  # fmt: skip
        self.hints = self._unseen([*found.contacts, *found.clients])
        self.picks = self._proposed(found)
        self._client_id = number_in(self.picks["client"])
        self._offer_deals()
        self.is_open, self.errors, self.form_key = True, {}, self.form_key + 1

    def _choices(self, kind: str, found: Iterable[Alike]) -> list[Option]:
        """None, a new one if the person may add it, those that match, and any other that they may see."""
        new: list[Option] = [self._option(NEW, text("leads.convert.new", self._locale))]
        seen = [self._option(str(each.id), self._called(each)) for each in found if each.id]
        none = self._option(NONE, text("leads.convert.no", self._locale))
        other: list[Option] = [self._option(OTHER, text(f"leads.convert.other.{kind}", self._locale))]
        may_find = kind in NOTHING_FOUND and self._actor.may(f"{kind}.see")
        return [none, *(new if kind in self._may_create else []), *seen, *(other if may_find else [])]

    def _responsible(self, employee_id: int) -> str:
        """The lead's responsible employee, where they still work here; else who converts it."""
        here = {each["id"] for each in self.employees}
        return str(employee_id) if str(employee_id) in here else str(self._actor.id or "")

    def _show_found(self, kind: str, rows: Iterable[tuple[int, str]]) -> None:
        self.found = {**self.found, kind: [self._option(str(card_id), name) for card_id, name in rows]}

    def _is_unsaid(self, fields: dict[str, str]) -> bool:
        """Whether another card is wanted and none is chosen: this is told where it is chosen."""
        wanted = [kind for kind in NOTHING_FOUND if fields.get(kind) == OTHER]
        unsaid = [kind for kind in wanted if not number_in(fields.get(f"{kind}_other"))]
        self.errors = {f"{kind}_other": text("leads.convert.choose", self._locale) for kind in unsaid}
        return bool(unsaid)

    def _in_words(self, became: list[Became], made: list[str]) -> str:
        """What the lead has become: «new contact “Ann”, client “Vector”»."""
        return ", ".join(self._named(each, "new" if each.card in made else "known") for each in became)

    def _named(self, became: Became, state: Literal["new", "known"]) -> str:
        if not became.name:
            return text(f"card.{became.card}", self._locale).lower()
        return text(f"leads.converted.{state}.{became.card}", self._locale, name=_cut(became.name))

    def _called(self, found: Alike) -> str:
        by = text(f"leads.convert.by.{found.by}", self._locale)
        return " · ".join(part for part in (found.name, by, found.responsible) if part)

    def _option(self, option_id: str, label: str) -> Option:
        return {"id": option_id, "label": label, "hint": ""}

    def _unseen(self, found: list[Alike]) -> list[str]:
        """Of cards that match and that the person may not see, only whom to ask."""
        whom = dict.fromkeys(each.responsible for each in found if not each.id)
        return [text(UNSEEN if name else UNSEEN_NOBODYS, self._locale, responsible=name) for name in whom]

    def _proposed(self, found: Proposals) -> dict[str, str]:
        """The surest match; else a new card: no contact beside a client who is that person."""
        picks = {"deal": NEW if "deal" in self._may_create else NONE}
        for kind, cards in (("contact", found.contacts), ("client", found.clients)):
            known = next((str(each.id) for each in cards if each.id), "")
            is_wanted = bool(self.names[kind]) and (kind == "client" or found.client_kind == "company")
            picks[kind] = known or (NEW if is_wanted and kind in self._may_create else NONE)
        return picks

    def _offer_deals(self) -> None:
        open_ones = [each for each in self._deals if each.client_id == self._client_id]
        seen = [self._option(str(each.id), f"№ {each.number} · {each.name}") for each in open_ones]
        self.deals = [*self._choices("deal", []), *seen]
        if self.picks.get("deal") not in {each["id"] for each in self.deals}:
            self.picks = {**self.picks, "deal": NEW if "deal" in self._may_create else NONE}

    def _contact(self, fields: dict[str, str]) -> ContactPart | None:
        pick = _pick(fields, "contact")
        known = number_in(pick) or None
        return ContactPart(id=known, name=fields.get("contact_name", "")) if pick != NONE else None

    def _client(self, fields: dict[str, str]) -> ClientPart | None:
        pick = _pick(fields, "client")
        if pick == NONE:
            return None
        kind: Any = fields.get("client_kind", "")
        kind = kind if kind in ("company", "person") else ""
        told = {"name": fields.get("client_name", ""), "kind": kind, "inn": fields.get("inn", "")}
        return ClientPart(id=number_in(pick) or None, **told)

    def _deal(self, fields: dict[str, str]) -> DealPart | None:
        pick = fields.get("deal", NONE)
        if pick == NONE:
            return None
        amount = fields.get("amount", "").strip()
        return DealPart(
            id=number_in(pick) or None, name=fields.get("deal_name", ""),
            pipeline_id=number_in(fields.get("pipeline")) or None, amount=parse_money(amount).minor if amount else None,
        )  # fmt: skip

    async def _refused(self, error: CrmError) -> Any:
        """What is wrong stands at its field, the rest at the foot of the sheet."""
        if not self.is_open:
            return await super()._refused(error)
        errors: dict[str, str] = {}
        for reason in error.reasons:
            place = _FIELDS.get(reason.field, "form")
            errors[place] = " ".join(filter(None, [errors.get(place, ""), reason.text(self._locale)]))
        self.errors = errors
        return None


def _pick(fields: dict[str, str], kind: str) -> str:
    pick = fields.get(kind, NONE)
    return fields.get(f"{kind}_other", NONE) if pick == OTHER else pick


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
