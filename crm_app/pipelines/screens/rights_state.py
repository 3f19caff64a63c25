"""The State of "who sees which fields" in the editor: for a stage, or all of them, role by field."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.roles import ADMINISTRATOR
from crm_app.access.screens.base import Part, handler
from crm_app.cards.queries.rights import list_guarded, list_role_rows
from crm_app.core.errors import BadInput
from crm_app.core.i18n import text
from crm_app.pipelines.field_rights import HIDDEN, READ
from crm_app.pipelines.models import DEAL
from crm_app.pipelines.queries import see_pipeline
from crm_app.pipelines.screens.editor_state import PipelineEditor, rights_of
from crm_app.ui.field import Option

WRITE = "write"
"""The level of a field from which a role is not kept."""


class LevelCell(TypedDict):
    """What a role may do with a field in the chosen stage. also: what all stages say, where that is stricter."""

    role: str
    role_name: str
    level: str
    also: str


class FieldLine(TypedDict):
    """A field, and each role."""

    field: str
    name: str
    cells: list[LevelCell]


class StageRights(Part):
    """What roles are kept from on deals of a pipeline."""

    stages: list[Option] = []
    stage: str = "0"
    heads: list[str] = []
    lines: list[FieldLine] = []

    _number: int = 0

    @handler("pipeline.change")
    async def opened(self) -> None:
        """Fill it, for whoever sets rights, and follow what others change."""
        if self._number != self._number_in_address:
            self._number, self.stage, self.lines = self._number_in_address, "0", []
        await self._watch({f"board:{self._number}", "fields:deal", "roles"}, StageRights.changed)
        await self._load()

    @handler("pipeline.change")
    async def changed(self) -> None:
        """Somebody has changed the pipeline, a role or a field."""
        await self._load()

    @handler("role.manage")
    async def stage_chosen(self, stage: str) -> None:
        """Look at another stage; "0": at all of them."""
        self.stage = stage if stage in {one["id"] for one in self.stages} else "0"
        await self._load()

    @handler("role.manage")
    async def level_chosen(self, role: str, field: str, level: str) -> None:
        """A role sees, reads or writes a field there: what that touches is shown first, where deals stand."""
        if level not in (WRITE, READ, HIDDEN):
            raise BadInput("core.error.bad_arguments", fields="level")
        row = await self._ask(see_pipeline, pipeline_id=self._number)
        here = (int(self.stage), role, field)
        rights = [one for one in rights_of(row) if (one["stage_key"], one["role"], one["field"]) != here]
        if level != WRITE:
            rights.append({"stage_key": here[0], "role": role, "field": field, "level": level})
        editor = await self.get_state(PipelineEditor)
        await editor._propose_rights(rights)
        await self._load()

    async def _load(self) -> None:
        row = await self._ask(see_pipeline, pipeline_id=self._number)
        if row.card != DEAL or not self._actor.may("role.manage"):
            self.lines = []
            return
        stages = [{"id": str(one.id), "label": one.name, "hint": ""} for one in row.stages if not one.leaving_to_id]
        self.stages = [{"id": "0", "label": text("pipelines.rights.every", self._locale), "hint": ""}, *stages]  # type: ignore[list-item]
        here = int(self.stage) if self.stage in {one["id"] for one in self.stages} else 0
        roles = [one for one in await self._ask(list_role_rows) if one.key != ADMINISTRATOR]
        levels = {(one.stage_id, one.role, one.field): one.level for one in row.rights}
        names = {one.key: one.name or text(f"access.role.{one.key}", self._locale) for one in roles}
        self.heads = [text("pipelines.rights.field", self._locale), *names.values()]
        self.lines = [
            {
                "field": each.field,
                "name": each.name or text(each.key, self._locale),
                "cells": [
                    {
                        "role": role,
                        "role_name": name,
                        "level": levels.get((here, role, each.field), WRITE),
                        "also": levels.get((0, role, each.field), "") if here else "",
                    }
                    for role, name in names.items()
                ],
            }
            for each in (await self._ask(list_guarded))[DEAL]
        ]
