"""The State of the sheet in which is said what a lead becomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from crm_app.access.screens.base import Part, Undo, handler, number_in
from crm_app.cards.screens.adding import UNSEEN, UNSEEN_NOBODYS
from crm_app.clients.alike import Alike
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.core.money import parse_money
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.unconverting import undo_conversion
from crm_app.leads.drafts import ClientPart, ContactPart, DealPart
from crm_app.leads.queries.converting import BECOMES, OpenDeal, Proposals, propose_conversion
from crm_app.pipelines.queries import list_pipelines
from crm_app.ui.field import Option

NONE, NEW = "", "new"
_FIELDS = {"last_name": "contact_name", "inn": "inn", "amount": "amount", "phones": "form", "emails": "form"}
"""Where in the sheet it stands what is wrong with a field of a card."""


class Converting(Part):
    """What one lead may become. picks: by kind of card "", "new" or the id of one that is there already."""

    is_open: bool = False
    picks: dict[str, str] = {}
    contacts: list[Option] = []
    clients: list[Option] = []
    deals: list[Option] = []
    pipelines: list[Option] = []
    names: dict[str, str] = {}
    hints: list[str] = []
    errors: dict[str, str] = {}
    form_key: int = 0

    _lead_id: int = 0
    _version: int = 0
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
            self._offer_deals()

    @handler("lead.change")
    async def confirmed(self, fields: dict[str, str]) -> None:
        """Convert the lead; the toast takes it back."""
        self.errors = {}
        parts = {"contact": self._contact(fields), "client": self._client(fields), "deal": self._deal(fields)}
        # what may be the same already stands in the sheet
        await self._act(convert_lead, lead_id=self._lead_id, version=self._version, force=True, **parts)
        self.is_open = False
        await self._toast("leads.converted", undo=Undo(undo_conversion, {"lead_id": self._lead_id}))

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
        self.pipelines = [{"id": str(way.id), "label": way.name, "hint": ""} for way in ways]
        self.names = {
            "contact": found.contact_name, "client": found.client_name, "kind": found.client_kind,
            "deal": found.deal_name, "pipeline": self.pipelines[0]["id"] if ways else "",
        }  # fmt: skip
        self.hints = self._unseen([*found.contacts, *found.clients])
        self.picks = self._proposed(found)
        self._offer_deals()
        self.is_open, self.errors, self.form_key = True, {}, self.form_key + 1

    def _choices(self, kind: str, found: Iterable[Alike]) -> list[Option]:
        """None, a new one if the person may add it, and those that match."""
        new: list[Option] = [self._option(NEW, text("leads.convert.new", self._locale))]
        seen = [self._option(str(each.id), self._called(each)) for each in found if each.id]
        none = self._option(NONE, text("leads.convert.no", self._locale))
        return [none, *(new if kind in self._may_create else []), *seen]

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
        client_id = number_in(self.picks.get("client"))
        open_ones = [each for each in self._deals if each.client_id == client_id]
        seen = [self._option(str(each.id), f"№ {each.number} · {each.name}") for each in open_ones]
        self.deals = [*self._choices("deal", []), *seen]
        if self.picks.get("deal") not in {each["id"] for each in self.deals}:
            self.picks = {**self.picks, "deal": NEW if "deal" in self._may_create else NONE}

    def _contact(self, fields: dict[str, str]) -> ContactPart | None:
        pick = fields.get("contact", NONE)
        known = number_in(pick) or None
        return ContactPart(id=known, name=fields.get("contact_name", "")) if pick != NONE else None

    def _client(self, fields: dict[str, str]) -> ClientPart | None:
        pick = fields.get("client", NONE)
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
