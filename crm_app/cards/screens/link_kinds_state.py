"""The State of /settings/links: what links between cards can say."""

from __future__ import annotations

from typing import Any

from crm_app.access.screens.base import Screen, Undo, handler
from crm_app.cards.actions.link_kinds import add_link_kind, change_link_kind, remove_link_kind, restore_link_kind
from crm_app.cards.link_rules import WORDS
from crm_app.cards.queries.links import list_link_kinds
from crm_app.core.errors import CrmError
from crm_app.ui.field import Option

NEW = dict.fromkeys(WORDS, "")


class LinkKinds(Screen):
    """The kinds of links, and the form of one. edited: its id, 0 for a new one; a kind's hint: the word back."""

    kinds: list[Option] = []
    removed: list[Option] = []
    is_ready: bool = False
    edited: int = 0
    words: dict[str, str] = NEW
    edits: bool = False
    opens: int = 0
    errors: dict[str, str] = {}

    @handler("link.define")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        await self._watch({"link_kinds"}, LinkKinds.changed)
        await self._load()

    @handler("link.define")
    async def changed(self) -> None:
        """Somebody has changed what links can say."""
        await self._load()

    @handler("link.define")
    async def adding_opened(self) -> None:
        """A new kind of link."""
        self._open(0, NEW)

    @handler("link.define")
    async def editing_opened(self, kind_id: str) -> None:
        """Call a kind of link otherwise."""
        kind = next((row for row in await self._ask(list_link_kinds) if str(row.id) == kind_id), None)
        if kind is not None:
            self._open(kind.id, {name: getattr(kind, name) for name in WORDS})

    @handler("link.define")
    async def editing_closed(self) -> None:
        """The form was closed."""
        self.edits, self.errors = False, {}

    @handler("link.define")
    async def kind_saved(self, fields: dict[str, str]) -> None:
        """Add the kind of link, or change it."""
        self.errors = {}
        words = {name: fields.get(name, "") for name in WORDS}
        if self.edited:
            await self._act(change_link_kind, kind_id=self.edited, words=words)
        else:
            await self._act(add_link_kind, words=words)
        self.edits = False
        await self._load()

    @handler("link.define")
    async def kind_removed(self, kind_id: str) -> None:
        """Offer a kind of link no more; the toast offers it again."""
        if any(row["id"] == kind_id for row in self.kinds):
            await self._act(remove_link_kind, kind_id=int(kind_id))
            await self._toast("cards.links.kind_removed", undo=Undo(restore_link_kind, {"kind_id": int(kind_id)}))
            await self._load()

    @handler("link.define")
    async def kind_restored(self, kind_id: str) -> None:
        """Offer a kind of link again."""
        if any(row["id"] == kind_id for row in self.removed):
            await self._act(restore_link_kind, kind_id=int(kind_id))
            await self._load()

    async def _refused(self, error: CrmError) -> Any:
        told = {reason.field: reason.text(self._locale) for reason in error.reasons if reason.field in WORDS}
        if not self.edits or not told:
            return await super()._refused(error)
        self.errors = told
        return None

    def _open(self, kind_id: int, words: dict[str, str]) -> None:
        self.edited, self.words, self.errors, self.edits = kind_id, words, {}, True
        self.opens += 1

    async def _load(self) -> None:
        rows = await self._ask(list_link_kinds)
        lines: list[tuple[bool, Option]] = [
            (
                row.is_removed,
                {"id": str(row.id), "label": row.word(False, self._locale), "hint": row.word(True, self._locale)},
            )
            for row in rows
        ]
        self.kinds = [line for is_removed, line in lines if not is_removed]
        self.removed = [line for is_removed, line in lines if is_removed]
        self.is_ready = True
