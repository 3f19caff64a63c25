"""The State of "who may" in the editor: which roles see, fill and move what goes through a pipeline."""

from __future__ import annotations

from typing import TypedDict

from crm_app.access.roles import ADMINISTRATOR
from crm_app.access.screens.base import Part, handler
from crm_app.cards.actions.rights import AS_ALL, set_exception
from crm_app.cards.queries.rights import list_role_rows, see_role
from crm_app.cards.rights import mark
from crm_app.core.errors import BadInput
from crm_app.pipelines.models import DEAL, LEAD
from crm_app.pipelines.policy import PART
from crm_app.pipelines.queries import see_pipeline

VERBS = {DEAL: ("see", "create", "move"), LEAD: ("see", "create", "change")}

NONE = "none"
"""The scope "" as a choice."""


class RoleLine(TypedDict):
    """A role: with what reach it sees, adds and moves cards of this pipeline; "as_all": as those of all others."""

    id: int
    key: str
    name: str
    see: str
    create: str
    move: str


class PipelineAccess(Part):
    """What roles may do with cards of the pipeline, apart from those of all others."""

    roles: list[RoleLine] = []

    _number: int = 0
    _card: str = DEAL

    @handler("pipeline.change")
    async def opened(self) -> None:
        """Fill it, for whoever sets rights."""
        self.roles = []
        self._number = self._number_in_address
        if self._actor.may("role.manage"):
            self._card = (await self._ask(see_pipeline, pipeline_id=self._number)).card
            await self._load()

    @handler("role.manage")
    async def scope_chosen(self, role_id: int, verb: str, scope: str) -> None:
        """A role sees, adds or moves such cards with another reach from now on. verb: "see", "create" or "move"."""
        verbs = dict(zip(("see", "create", "move"), VERBS[self._card], strict=True))
        if verb not in verbs or scope not in (AS_ALL, NONE, "own", "department", "all"):
            raise BadInput("core.error.bad_arguments", fields="scope")
        told = {"part": PART, "value": str(self._number), "scope": "" if scope == NONE else scope}
        await self._act(set_exception, role_id=role_id, permission=f"{self._card}.{verbs[verb]}", **told)
        await self._load()

    async def _load(self) -> None:
        lines: list[RoleLine] = []
        name = mark(PART, self._number)
        for row in await self._ask(list_role_rows):
            if row.key == ADMINISTRATOR:
                continue
            rights = await self._ask(see_role, role_id=row.id)
            scopes = [rights.exceptions.get(f"{self._card}.{verb}", {}).get(name, AS_ALL) for verb in VERBS[self._card]]
            see, create, move = (scope or NONE for scope in scopes)
            lines.append({"id": row.id, "key": row.key, "name": row.name, "see": see, "create": create, "move": move})
        self.roles = lines
