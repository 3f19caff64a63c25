"""The State of /settings/roles: the roles, and what one of them may do, set by whoever may."""

from __future__ import annotations

from typing import Any, Literal

from crm_app.access.actions.roles import add_role, change_role, remove_role, rename_role, set_field_right
from crm_app.access.roles import ADMINISTRATOR
from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.cards.actions.rights import AS_ALL, set_exception
from crm_app.cards.queries.rights import (
    CardType,
    RoleRights,
    RoleRow,
    list_guarded,
    list_role_rows,
    list_types,
    see_role,
)
from crm_app.cards.rights import mark
from crm_app.cards.screens.rights_lines import (
    FieldLine,
    OtherLine,
    ReachLine,
    RoleLine,
    SourceLine,
    matrix,
    others,
    role_lines,
)
from crm_app.cards.sources import list_sources, set_source
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.ui.field import Option


class RoleEditor(Screen):
    """The roles, and the rights of the one in the address."""

    roles: list[RoleLine] = []
    models: list[Option] = []
    role_id: int = 0
    name: str = ""
    is_fixed: bool = False
    is_own: bool = False
    is_ready: bool = False
    lines: list[ReachLine] = []
    rest: list[OtherLine] = []
    addable: list[Option] = []
    directories: list[Option] = []
    directory: str = "client"
    fields: list[FieldLine] = []
    sources: list[SourceLine] = []
    may_close: bool = False
    saves: int = 0
    errors: dict[str, str] = {}

    _types: list[CardType] = []
    _added: list[tuple[str, str]] = []

    @handler("role.manage")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        wanted = number_in(dict(self.router.url.query_parameters).get("role", ""))
        if wanted != self.role_id:
            self._added = []
        self.role_id, self.errors = wanted, {}
        await self._watch({"roles", "employees"}, RoleEditor.changed)
        await self._load()

    @handler("role.manage")
    async def changed(self) -> None:
        """Somebody has changed a role."""
        await self._load()

    @handler("role.manage")
    async def scope_chosen(
        self,
        permission: str,
        part: str,
        value: str,
        scope: Literal["", "own", "department", "all", "as_all"],
    ) -> None:
        """How far the role reaches: for all cards of a kind or, with a part, for a type of them."""
        if part:
            await self._act(
                set_exception, role_id=self.role_id, permission=permission, part=part, value=value, scope=scope
            )
        else:
            await self._act(change_role, role_id=self.role_id, permission=permission, scope=scope)
        await self._load()

    @handler("role.manage")
    async def type_added(self, chosen: str) -> None:
        """A line of the matrix for a type of card."""
        card, _, name = chosen.partition(" ")
        if name:
            self._added = [*self._added, (card, name)]
        await self._load()

    @handler("role.manage")
    async def type_removed(self, card: str, part: str, value: str) -> None:
        """The type is treated as all others again."""
        name = mark(part, value)
        self._added = [each for each in self._added if each != (card, name)]
        line = next(
            (line for line in self.lines if (line["card"], line["part"], line["value"]) == (card, part, value)), None
        )
        for cell in line["cells"] if line else ():
            if cell["scope"] != AS_ALL:
                await self._act(
                    set_exception, role_id=self.role_id, permission=cell["permission"], part=part, value=value,
                    scope=AS_ALL,
                )  # fmt: skip
        await self._load()

    @handler("role.manage")
    async def directory_chosen(self, card: str) -> None:
        """Of which directory the fields are shown."""
        self.directory = card
        await self._load()

    @handler("role.manage")
    async def level_chosen(self, field: str, level: Literal["hidden", "read", "write"]) -> None:
        """What the role may do with a field."""
        await self._act(set_field_right, role_id=self.role_id, card=self.directory, field=field, level=level)
        await self._load()

    @handler("settings.change")
    async def source_switched(self, card: str, source: str, is_open: bool) -> None:
        """Open or close a door for new cards."""
        await self._act(set_source, card=card, source=source, is_open=is_open)
        await self._load()

    @handler("role.manage")
    async def role_added(self, fields: dict[str, str]) -> Any:
        """Make a role, empty or as another."""
        self.errors = {}
        made = await self._act(
            add_role, name=fields.get("name", ""), copied_from=number_in(fields.get("copied_from", ""))
        )
        self.role_id, self._added = made.id, []
        self.saves += 1
        await self._load()

    @handler("role.manage")
    async def role_renamed(self, fields: dict[str, str]) -> None:
        """Call the role something else."""
        self.errors = {}
        await self._act(rename_role, role_id=self.role_id, name=fields.get("name", ""))
        self.saves += 1
        await self._load()

    @handler("role.manage")
    async def role_removed(self) -> None:
        """Remove the role; the first one is shown."""
        await self._act(remove_role, role_id=self.role_id)
        self.role_id = 0
        self.saves += 1
        await self._load()

    async def _load(self) -> None:
        rows: list[RoleRow] = await self._ask(list_role_rows)
        first = next((row for row in rows if row.key != ADMINISTRATOR), rows[0])
        this = next((row for row in rows if row.id == self.role_id), first)
        self.role_id, self.name = this.id, this.name
        self.is_fixed, self.is_own = this.key == ADMINISTRATOR, not this.is_built_in
        self.roles = role_lines(rows, this.id)
        self.models = [{"id": str(row.id), "label": row.name, "hint": ""} for row in rows if row.key != ADMINISTRATOR]
        rights: RoleRights = await self._ask(see_role, role_id=this.id)
        self._types = await self._ask(list_types)
        self._show_rights(rights)
        await self._show_fields(rights)
        await self._show_sources()
        self.is_ready = True

    def _show_rights(self, rights: RoleRights) -> None:
        self.lines = matrix(rights, self._types, [(each[0], each[1]) for each in self._added])
        self.rest = others(rights)
        shown = {(line["card"], line["part"], line["value"]) for line in self.lines}
        self.addable = [
            {"id": f"{each.card} {mark(each.part, each.value)}", "label": each.name, "hint": ""}
            for each in self._types
            if (each.card, each.part, each.value) not in shown
        ]

    async def _show_fields(self, rights: RoleRights) -> None:
        guarded = await self._ask(list_guarded)
        self.directories = [{"id": card, "label": text(f"card.{card}", self._locale), "hint": ""} for card in guarded]
        if self.directory not in guarded:
            self.directory = next(iter(guarded), "")
        self.fields = [
            {
                "field": each.field,
                "key": each.key,
                "name": each.name,
                "level": rights.levels.get((self.directory, each.field), "write"),
            }
            for each in guarded.get(self.directory, [])
        ]

    async def _show_sources(self) -> None:
        self.may_close = self._actor.may("settings.change")
        self.sources = [
            {"card": card, "card_key": f"card.{card}", "source": source, "key": f"cards.source.{source}",
             "is_open": is_open}
            for card, doors in (await self._ask(list_sources)).items() for source, is_open in doors.items()
        ]  # fmt: skip

    async def _refused(self, error: CrmError) -> Any:
        self.errors = self._by_field(error)
        if "name" not in self.errors:
            await super()._refused(error)
        await self._load()
