"""The State of /pipelines/[pipeline_id]: one pipeline as a draft, what a change would touch, and older versions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypedDict

from crm_app.access.screens.base import Screen, handler, number_in
from crm_app.core.errors import CrmError
from crm_app.pipelines.actions.plans import roll_back_pipeline, save_pipeline
from crm_app.pipelines.queries import PipelineRow, VersionRow, list_versions, see_pipeline
from crm_app.pipelines.rules import HOLD, OPEN
from crm_app.pipelines.touches import Touched, see_touched
from crm_app.ui.field import Option

FIGURES = ("probability", "rot_days")


class ChipLine(TypedDict):
    """A stage as a spot and a word."""

    name: str
    colour: str


class VersionLine(TypedDict):
    """An older version. at: ISO 8601; restored: of which one it is the return, 0 for none."""

    number: int
    name: str
    by: str
    at: str
    restored: int
    is_now: bool
    stages: list[ChipLine]


class LeavingLine(TypedDict):
    """A stage that goes, how many cards stand on it, and where these may go."""

    id: int
    name: str
    cards: int
    to: list[Option]
    field: str


class NamingLine(TypedDict):
    """What else names the pipeline: its kind and name."""

    kind: str
    name: str


class PipelineEditor(Screen):
    """One pipeline.

    loads: with each step the draft begins anew from `plan`. is_behind: somebody else has saved since.
    """

    number: int = 0
    card: str = "deal"
    title: str = ""
    plan: dict[str, Any] = {}
    loads: int = 0
    errors: dict[str, str] = {}
    is_behind: bool = False
    versions: list[VersionLine] = []

    asks: bool = False
    cards: int = 0
    changed_stages: list[str] = []
    leaving: list[LeavingLine] = []
    named_by: list[NamingLine] = []

    _version: int = 0
    _plan: dict[str, Any] = {}
    _restores: int = 0

    @handler("pipeline.change")
    async def opened(self) -> None:
        """Fill the page, and follow what others change; a line that was away and is back leaves a draft as it is."""
        number = self._number_in_address
        await self._watch({f"board:{number}"}, PipelineEditor.changed)
        if number == self.number and self.plan:
            await self._look()
        else:
            self.number, self.plan, self.asks, self.errors = 0, {}, False, {}
            await self._load(number)

    @handler("pipeline.change")
    async def changed(self) -> None:
        """Somebody has changed the pipeline: what is typed here stays, and it is said that it is behind."""
        await self._look()

    @handler("pipeline.change")
    async def reloaded(self) -> None:
        """Begin anew with what others have made of it."""
        await self._load(self.number)

    @handler("pipeline.change")
    async def save_wanted(self, plan: dict[str, Any]) -> None:
        """Save a draft, or show first what it touches."""
        await self._propose(_cleaned(plan), 0)

    @handler("pipeline.change")
    async def version_wanted(self, number: int) -> None:
        """Show what going back to a version would touch."""
        kept = next((each for each in await self._versions() if each.number == number), None)
        if kept is not None:
            await self._propose(kept.plan, number)

    @handler("pipeline.change")
    async def confirmed(self, fields: dict[str, str]) -> None:
        """Save what was shown. fields: "goes.12" → where the cards of that stage go."""
        goes = {row["id"]: _key(fields.get(row["field"], "")) for row in self.leaving if row["cards"]}
        await self._save(goes)

    @handler("pipeline.change")
    async def dropped(self) -> None:
        """Think better of it: the draft stays as it is typed."""
        self.asks = False

    async def _look(self) -> None:
        row = await self._ask(see_pipeline, pipeline_id=self.number)
        self.is_behind = row.version != self._version

    async def _propose(self, plan: dict[str, Any], restores: int) -> None:
        self.errors = {}
        try:
            touched: Touched = await self._ask(see_touched, pipeline_id=self.number, plan=plan)
        except CrmError as refused:
            self._note(refused)
            return
        self._plan, self._restores = plan, restores
        self.cards = touched.cards
        self.changed_stages = [each.name for each in touched.stages if not each.is_leaving]
        self.leaving = [_leaving(each, plan) for each in touched.stages if each.is_leaving]
        self.named_by = [{"kind": each.kind, "name": each.name} for each in touched.named_by]
        if touched.cards or restores or any(row["cards"] for row in self.leaving):
            self.asks = True
        else:
            await self._save({})

    async def _save(self, goes: dict[int, int]) -> None:
        told: dict[str, Any] = {"pipeline_id": self.number, "goes": goes, "version": self._version}
        try:
            if self._restores:
                await self._act(roll_back_pipeline, number=self._restores, **told)
            else:
                await self._act(save_pipeline, plan=self._plan, **told)
        except CrmError as refused:
            self.asks = any(field.startswith("goes.") for field in self._by_field(refused))
            self._note(refused)
            return
        self.asks = False
        await self._load(self.number)
        await self._toast("pipelines.saved")

    def _note(self, refused: CrmError) -> None:
        self.errors = self._by_field(refused)
        if not self.errors:
            raise refused

    async def _load(self, number: int) -> None:
        row: PipelineRow = await self._ask(see_pipeline, pipeline_id=number)
        self.number, self.card, self.title, self._version = row.id, row.card, row.name, row.version
        self.plan, self.errors, self.is_behind = _plan(row), {}, False
        self.loads += 1
        self.versions = [_version(each, row.version) for each in await self._versions()]

    async def _versions(self) -> list[VersionRow]:
        found: list[VersionRow] = await self._ask(list_versions, pipeline_id=self.number)
        return found


def _plan(row: PipelineRow) -> dict[str, Any]:
    own = ("name", "kind", "colour", "probability", "rot_days", "required_fields")
    stages = [{"key": one.id, **{field: getattr(one, field) for field in own}} for one in row.stages]
    ways = [asdict(way) for way in row.transitions]
    return {
        "name": row.name,
        "order_rule": row.order_rule,
        "touch_minutes": row.touch_minutes,
        "stages": [stage for stage, one in zip(stages, row.stages, strict=True) if not one.leaving_to_id],
        "transitions": [{"from_key": way.pop("from_id"), "to_key": way.pop("to_id"), **way} for way in ways],
    }


def _cleaned(plan: dict[str, Any]) -> dict[str, Any]:
    """A draft with its figures as numbers: -1 for one that is none, which the rules refuse by name."""
    cleaned = dict(plan)
    cleaned["touch_minutes"] = _figure(cleaned.get("touch_minutes", 0))
    stages = cleaned.get("stages")
    if isinstance(stages, list):
        cleaned["stages"] = [
            {**one, **{field: _figure(one.get(field, 0)) for field in FIGURES}} if isinstance(one, dict) else one
            for one in stages
        ]
    return cleaned


def _key(text: str) -> int:
    """The key of a stage, below zero for a new one; 0 for anything else."""
    return -number_in(text[1:]) if text.startswith("-") else number_in(text)


def _figure(value: Any) -> int:
    if isinstance(value, int):
        return value
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _leaving(each: Any, plan: dict[str, Any]) -> LeavingLine:
    kinds = (each.kind, OPEN) if each.kind == HOLD else (each.kind,)
    options: list[Option] = [
        {"id": str(one["key"]), "label": one["name"], "hint": ""} for one in plan["stages"] if one["kind"] in kinds
    ]
    return {
        "id": each.stage_id,
        "name": each.name,
        "cards": each.cards,
        "to": options,
        "field": f"goes.{each.stage_id}",
    }


def _version(each: VersionRow, now: int) -> VersionLine:
    return {
        "number": each.number,
        "name": each.plan["name"],
        "by": each.by,
        "at": each.created_at.isoformat(),
        "restored": each.restored,
        "is_now": each.number == now,
        "stages": [{"name": one["name"], "colour": one["colour"]} for one in each.plan["stages"]],
    }
