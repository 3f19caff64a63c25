"""What the States of dialogs for a new card share: who may be there already is shown, and added when it is meant.

class AddingContact(AddsCard, Part):
    _card: ClassVar = "contact"
    _address: ClassVar = "/contacts"
    _duplicate: ClassVar = "contacts.error.duplicate"
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, TypedDict

from crm_app.access.screens.base import Part
from crm_app.cards.screens.asked import fields_to_fill
from crm_app.cards.screens.custom_lines import OwnFieldLine
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text

UNSEEN, UNSEEN_NOBODYS = "duplicates.unseen", "duplicates.unseen_nobodys"
"""Sentences, and keys of refusals, about a card that the reader may not see."""


class AlikeLine(TypedDict):
    """A card that may be the one that is being typed. id 0: one that the reader may not see, name tells whom to ask."""

    id: int
    name: str
    href: str
    responsible: str


class AlikeCard(Protocol):
    """What queries tell of a card that may be the same."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def responsible(self) -> str: ...


class AddsCard(Part, mixin=True):
    """A new card. _card: its kind; _address: of its list; _duplicate: the key of the refusal of a second copy, which a
    tick overrides. asked: custom fields that have to be filled in at once.
    """

    _card: ClassVar[str]
    _address: ClassVar[str]
    _duplicate: ClassVar[str]

    adds: bool = False
    errors: dict[str, str] = {}
    alike: list[AlikeLine] = []
    asked: list[OwnFieldLine] = []
    saves: int = 0

    @property
    def _is_asked_for(self) -> bool:
        """Whether the address asks for the dialog at once."""
        return dict(self.router.url.query_parameters).get("new") == "1"

    def _begin(self, adds: bool) -> None:
        """Open the dialog, or close it."""
        self.adds, self.errors, self.alike = adds, {}, []

    async def _ask_for_fields(self, pipeline_id: int = 0, stage_id: int = 0) -> None:
        """Learn which custom fields the dialog shows. pipeline_id, stage_id: where the card will begin."""
        self.asked = await fields_to_fill(self, self._card, pipeline_id, stage_id)

    def _look(self, found: Iterable[AlikeCard]) -> None:
        """Show who may be there already."""
        self.alike = [self._alike_line(each.id, each.name, each.responsible) for each in list(found)[:5]]

    def _alike_line(self, card_id: int, name: str, responsible: str) -> AlikeLine:
        if not card_id:
            key = UNSEEN if responsible else UNSEEN_NOBODYS
            return {"id": 0, "name": text(key, self._locale, responsible=responsible), "href": "", "responsible": ""}
        return {"id": card_id, "name": name, "href": f"{self._address}/{card_id}", "responsible": responsible}

    def _wrong(self, error: CrmError) -> dict[str, str]:
        """What is wrong, by the names of the dialog's fields."""
        return self._by_field(error)

    async def _refused(self, error: CrmError) -> Any:
        if not self.adds:
            return await super()._refused(error)
        if error.key not in (self._duplicate, UNSEEN, UNSEEN_NOBODYS):
            self.errors = self._wrong(error)
            return None
        self.errors = {"form": error.text(self._locale)}
        told = [reason.params for reason in error.reasons]
        self.alike = [self._alike_line(each["id"], each["name"], each["responsible"]) for each in told]
        return None
