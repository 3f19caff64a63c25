"""The groups of a card: `card_groups()`; its page lists `CardGroups.opened` after its own State's."""

from __future__ import annotations

import reflex as rx

from crm_app.access.screens.base import Part, handler
from crm_app.cards.actions.groups import add_group, set_groups
from crm_app.cards.kinds import card_at
from crm_app.cards.queries.shelf import list_groups
from crm_app.core.actor import LOGGED_IN
from crm_app.ui.field import Option
from crm_app.ui.form import form
from crm_app.ui.i18n import t
from crm_app.ui.layout import line, panel, stack
from crm_app.ui.status import tag


class CardGroups(Part):
    """The groups that one card is in, and those that there are."""

    card: str = ""
    card_id: int = 0
    groups: list[Option] = []
    others: list[str] = []
    added: int = 0

    @handler(LOGGED_IN)
    async def opened(self) -> None:
        """Fill the panel of the card in the address, and follow what others do to it."""
        self.groups, self.others = [], []
        self.card, self.card_id = card_at(self.router.url.path)
        await self._watch({f"{self.card}:{self.card_id}", f"filters:{self.card}"}, CardGroups.changed)
        await self._load()

    @handler(LOGGED_IN)
    async def changed(self) -> None:
        """Somebody has put the card into a group, or taken it out."""
        await self._load()

    @handler(LOGGED_IN)
    async def group_added(self, fields: dict[str, str]) -> None:
        """Put the card into a group, by its name; a new name is a new group."""
        name = fields.get("group", "").strip()
        if name:
            group = await self._act(add_group, card=self.card, name=name)
            await self._set([*self._ids, group.id])
            self.added += 1

    @handler(LOGGED_IN)
    async def group_removed(self, group_id: str) -> None:
        """Take the card out of a group."""
        await self._set([known for known in self._ids if str(known) != group_id])

    @property
    def _ids(self) -> list[int]:
        return [int(group["id"]) for group in self.groups]

    async def _set(self, ids: list[int]) -> None:
        await self._act(set_groups, card=self.card, card_id=self.card_id, group_ids=ids)
        await self._load()

    async def _load(self) -> None:
        mine = await self._ask(list_groups, card=self.card, card_id=self.card_id)
        self.groups = [{"id": str(row.id), "label": row.name, "hint": ""} for row in mine]
        inside = {row.id for row in mine}
        self.others = [row.name for row in await self._ask(list_groups, card=self.card) if row.id not in inside][:50]


def card_groups() -> rx.Component:
    """The groups of the card, and a line for one more."""
    words = t("cards.group_new")
    names = rx.el.datalist(rx.foreach(CardGroups.others, lambda name: rx.el.option(value=name)), id="card-groups")
    entry = rx.el.input(
        name="group", placeholder=words, class_name="input", custom_attrs={"aria-label": words, "list": "card-groups"}
    )
    shown = rx.foreach(CardGroups.groups, lambda row: tag(row["label"], on_remove=CardGroups.group_removed(row["id"])))
    return panel(
        "cards.groups",
        stack(
            line(shown, class_name="wrap", gap="s"),
            form(entry, names, on_submit=CardGroups.group_added, saved=CardGroups.added, reset_on_saved=True),
        ),
    )
