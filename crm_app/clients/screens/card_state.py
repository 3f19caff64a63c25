"""The State of /clients/[client_id]: one client with all that staff know of them."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.access.queries import list_employees
from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.cards.actions.comments import add_comment, remove_comment
from crm_app.cards.actions.files import remove_file
from crm_app.cards.actions.tags import set_star, set_tags
from crm_app.cards.queries import list_comments, list_files, see_timeline
from crm_app.clients import rules
from crm_app.clients.actions.cards import change_client, remove_client, restore_client
from crm_app.clients.queries import ClientCard, list_words, see_client
from crm_app.clients.screens.history import EventLine, event_line
from crm_app.clients.screens.lines import word_options
from crm_app.core.actor import LOGGED_IN
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.core.money import Money
from crm_app.core.phones import show_phone
from crm_app.ui.field import Option
from crm_app.ui.inline_edit import Refusal

EDITED = (
    "name", "kind", "type", "status", "activity", "responsible_id", "phones", "emails", "site", "inn", "kpp", "ogrn",
    "bic", "account", "city", "address", "contact_name", "position", "employer", "first_contact", "birthday",
    "revenue", "note",
)  # fmt: skip


class CommentLine(TypedDict):
    id: int
    author: str
    body: str
    at: str
    is_internal: bool
    is_mine: bool


class FileLine(TypedDict):
    id: int
    name: str
    href: str
    size: int


class OneClient(Screen):
    """One client as one employee sees it. values: each field as it is typed; shown: as it is read."""

    client_id: int = 0
    name: str = ""
    values: dict[str, str] = {}
    shown: dict[str, str] = {}
    tags: list[str] = []
    is_starred: bool = False
    may_change: bool = False
    may_delete: bool = False
    types: list[Option] = []
    statuses: list[Option] = []
    employees: list[Option] = []
    comments: list[CommentLine] = []
    files: list[FileLine] = []
    events: list[EventLine] = []
    refusal: Refusal = {"field": "", "text": "", "number": 0}
    saves: int = 0

    _editing: str = ""

    @handler("client.see")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        number = str(self.router.page.params.get("client_id", ""))
        self.client_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        self.name, self.values, self.shown, self.comments, self.events, self.files = "", {}, {}, [], [], []
        self.types = word_options("type", await self._ask(list_words, field="type"), self._locale)
        self.statuses = word_options("status", await self._ask(list_words, field="status"), self._locale)
        people = await self._ask(list_employees)
        self.employees = [{"id": str(row.id), "label": row.name, "hint": row.department} for row in people]
        await self._watch({f"client:{self.client_id}"}, OneClient.changed)
        await self._load()

    @handler("client.see")
    async def changed(self) -> None:
        """Somebody has changed or commented the client."""
        await self._load()

    @handler("client.change")
    async def field_edited(self, name: str, text: str) -> None:
        """A field was edited in place."""
        if name not in EDITED:
            return
        self._editing = name
        await self._act(change_client, client_id=self.client_id, values={name: _value(name, text)})
        self._editing = ""
        await self._load()

    @handler("client.see")
    async def star_clicked(self) -> None:
        """Put one's star on the client, or take it off."""
        self.is_starred = not self.is_starred
        await self._act(set_star, card="client", card_id=self.client_id, starred=self.is_starred)

    @handler("client.see")
    async def tag_added(self, fields: dict[str, str]) -> None:
        """Add a tag by its name."""
        name = fields.get("tag", "").strip()
        if name:
            self.tags = await self._act(set_tags, card="client", card_id=self.client_id, names=[*self.tags, name])
            self.saves += 1

    @handler("client.see")
    async def tag_removed(self, name: str) -> None:
        """Take a tag off."""
        left = [tag for tag in self.tags if tag != name]
        self.tags = await self._act(set_tags, card="client", card_id=self.client_id, names=left)

    @handler(LOGGED_IN)
    async def comment_sent(self, fields: dict[str, str]) -> None:
        """Say something to colleagues."""
        card = {"card": "client", "card_id": self.client_id}
        await self._act(add_comment, **card, body=fields.get("text", ""), is_internal=True)
        self.saves += 1
        await self._load()

    @handler(LOGGED_IN)
    async def comment_removed(self, comment_id: int) -> None:
        """Take one's own comment back."""
        await self._act(remove_comment, comment_id=comment_id)
        await self._load()

    @handler(LOGGED_IN)
    async def file_uploaded(self, file_id: str, name: str) -> None:
        """A file has arrived by its own route."""
        await self._load()

    @handler(LOGGED_IN)
    async def file_removed(self, file_id: int) -> None:
        """Move a file to the bin."""
        await self._act(remove_file, file_id=file_id)
        await self._load()

    @handler("client.delete")
    async def removed(self) -> rx.event.EventSpec:
        """Move the client to the bin; the toast takes it back."""
        await self._act(remove_client, client_id=self.client_id)
        await self._toast("clients.removed", undo=Undo(restore_client, {"client_id": self.client_id}))
        return rx.redirect("/clients")

    async def _load(self) -> None:
        card = {"card": "client", "card_id": self.client_id}
        seen: ClientCard = await self._ask(see_client, client_id=self.client_id)
        self.name, self.tags, self.is_starred = seen.name, seen.tags, seen.is_starred
        self.may_change, self.may_delete = seen.may_change, seen.may_delete
        self.values, self.shown = _values(seen), _shown(seen, self._locale)
        self.comments = [self._comment_line(row) for row in await self._ask(list_comments, **card)]
        self.files = [
            {"id": row.id, "name": row.name, "href": f"/files/{row.id}", "size": row.size}
            for row in await self._ask(list_files, **card)
        ]
        names = {int(option["id"]): option["label"] for option in self.employees}
        self.events = [event_line(row, self._locale, names) for row in await self._ask(see_timeline, **card)]

    def _comment_line(self, row: Any) -> CommentLine:
        return {
            "id": row.id,
            "author": row.author_name,
            "body": row.body,
            "at": row.created_at.isoformat(),
            "is_internal": row.is_internal,
            "is_mine": (row.author_kind, row.author_id) == (self._actor.kind, self._actor.id),
        }

    async def _refused(self, error: CrmError) -> Any:
        if not self._editing:
            return await super()._refused(error)
        number = self.refusal["number"] + 1
        self.refusal = {"field": self._editing, "text": error.text(self._locale), "number": number}
        self._editing = ""
        return None


def _value(name: str, text: str) -> Any:
    """What was typed, as the action takes it."""
    if name in ("phones", "emails"):
        return [part for part in text.replace(";", ",").replace("\n", ",").split(",") if part.strip()]
    if name == "responsible_id":
        return int(text) if text.isdigit() else None
    if name in ("first_contact", "birthday", "revenue"):
        return text or None
    return text


def _values(card: ClientCard) -> dict[str, str]:
    """Each field as text, in the form in which it is typed."""
    values = {name: str(getattr(card, name) or "") for name in EDITED}
    values["phones"] = ", ".join(card.phones)
    values["emails"] = ", ".join(card.emails)
    values["revenue"] = str(Money(card.revenue, card.currency).amount) if card.revenue else ""
    return values


def _shown(card: ClientCard, locale: str) -> dict[str, str]:
    """Fields that are read otherwise than they are typed."""
    return {
        "kind": text(f"clients.kind.{card.kind}", locale),
        "type": rules.word_label("type", card.type, locale),
        "status": rules.word_label("status", card.status, locale),
        "responsible_id": card.responsible,
        "phones": ", ".join(show_phone(phone) for phone in card.phones),
        "revenue": Money(card.revenue, card.currency).format(locale or "ru") if card.revenue else "",
    }
