"""The State of the filter of a list: what it can ask about, and what one that is being put together would leave."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.access.screens.base import Part, Screen, handler
from crm_app.cards.lists import list_at
from crm_app.cards.queries.filtering import AskableField, list_askable, preview_filter
from crm_app.core.actor import LOGGED_IN
from crm_app.core.errors import BadInput
from crm_app.ui.field import Option
from crm_app.ui.filter_bar import NO_PREVIEW, Preview

_KINDS = {
    "text": "text", "words": "words", "code": "code", "choice": "value", "number": "number", "money": "money",
    "date": "day", "moment": "date", "employee": "choice", "card": "known", "flag": "flag", "set": "having",
    "happening": "happening",
}  # fmt: skip
"""How the bar asks about each kind of field where there is nothing to choose from."""


class AskedField(TypedDict):
    """A field as the bar wants it; see ui/filter_bar.py."""

    id: str
    label: str
    label_key: str
    kind: str
    options: list[Option]
    is_offered: bool


class ListFilter(Part):
    """What the filter of the list in the address knows. preview: of the conditions that were heard of last."""

    card: str = ""
    fields: list[AskedField] = []
    preview: Preview = NO_PREVIEW

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Tell what the list can be asked about, and follow what fields and groups there are."""
        self.card = list_at(self.router.url.path)
        self.preview = NO_PREVIEW
        await self._watch({f"fields:{self.card}", f"filters:{self.card}"}, ListFilter.changed)
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Somebody has changed the fields of the company, or groups."""
        await self._load()

    @handler(LOGGED_IN, supersedes=True)
    async def previewed(self, conditions: dict[str, Any], number: int) -> None:
        """Tell what conditions say and leave that nobody has applied yet. number: by which they are known again."""
        self.preview = await preview_of(self, self.card, conditions, number)

    async def _load(self) -> None:
        self.fields = await askable_fields(self, self.card)


async def askable_fields(screen: Screen, card: str) -> list[AskedField]:
    """What cards of a kind can be asked about."""
    return [_asked_line(each) for each in await screen._ask(list_askable, card=card)]


async def preview_of(screen: Screen, card: str, conditions: dict[str, Any], number: int) -> Preview:
    """What conditions say and leave; where they are wrong it is said beside them, and not above the page."""
    try:
        found = await screen._ask(preview_filter, card=card, conditions=conditions)
    except BadInput as error:
        return {"number": number, "words": "", "count": 0, "error": error.text(screen._locale)}
    return {"number": number, "words": found.words, "count": found.count, "error": ""}


def _asked_line(field: AskableField) -> AskedField:
    """A field as the bar wants it."""
    kind = _KINDS[field.kind]
    if field.options is not None:
        kind = "choice"
    elif field.by_part:
        kind = "words"
    options: list[Option] = [{"id": value, "label": name, "hint": ""} for value, name in field.options or []]
    return {
        "id": field.name, "label": field.label, "label_key": field.label_key, "kind": kind, "options": options,
        "is_offered": field.is_offered,
    }  # fmt: skip
