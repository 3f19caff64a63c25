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

FIGURES = ("probability", "rot_days", "wip_limit")


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

    loads: with each step the draft begins anew from `plan`. is_behind: somebody else has saved since. Rules of approval
    are no part of the draft in the browser: they are saved by themselves, and go along as they are with what it saves.
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
    rules_before: int = 0
    rules_after: int = 0
    rules_change: bool = False
    waiting: int = 0
    rights_change: bool = False
    unsighted: int = 0

    _version: int = 0
    _plan: dict[str, Any] = {}
    _restores: int = 0
    _rules: list[dict[str, Any]] = []
    _rights: list[dict[str, Any]] = []
    _rules_alone: bool = False

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
        self._rules_alone = False
        await self._propose({**_cleaned(plan), **_kept_with(plan, self._rules, self._rights)}, 0)

    @handler("pipeline.change")
    async def version_wanted(self, number: int) -> None:
        """Show what going back to a version would touch."""
        kept = next((each for each in await self._versions() if each.number == number), None)
        if kept is not None:
            self._rules_alone = False
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
        self.rules_change = "approvals" in touched.changes
        self.rules_before, self.rules_after = touched.changes.get("approvals", [0, 0])
        self.waiting = touched.waiting
        self.rights_change, self.unsighted = "rights" in touched.changes, touched.unsighted
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
        if self._rules_alone:
            await self._take_up(await self._ask(see_pipeline, pipeline_id=self.number))
        else:
            await self._load(self.number)
        await self._toast("pipelines.saved")

    def _saved_plan(self, rules: list[dict[str, Any]]) -> dict[str, Any]:
        """The pipeline as it was saved, with other rules of approval: what is typed stays out of it."""
        return {**self.plan, "approvals": rules, "rights": self._rights}

    async def _propose_rights(self, rights: list[dict[str, Any]]) -> None:
        """Save rights to fields by themselves, as rules of approval are."""
        await self._propose_rules({**self.plan, "approvals": self._rules, "rights": rights})

    async def _propose_rules(self, plan: dict[str, Any]) -> None:
        """Save rules of approval by themselves: the draft stays as it is typed."""
        self._rules_alone = True
        await self._propose(plan, 0)

    def _note(self, refused: CrmError) -> None:
        self.errors = self._by_field(refused)
        if not self.errors:
            raise refused

    async def _load(self, number: int) -> None:
        row: PipelineRow = await self._ask(see_pipeline, pipeline_id=number)
        self.number, self.card, self.title = row.id, row.card, row.name
        self.plan, self.errors = _plan(row), {}
        self.loads += 1
        await self._take_up(row)

    async def _take_up(self, row: PipelineRow) -> None:
        self._version, self._rules, self.is_behind = row.version, rules_of(row), False
        self._rights = rights_of(row)
        self.versions = [_version(each, row.version) for each in await self._versions()]

    async def _versions(self) -> list[VersionRow]:
        found: list[VersionRow] = await self._ask(list_versions, pipeline_id=self.number)
        return found


def _plan(row: PipelineRow) -> dict[str, Any]:
    own = (
        "name", "kind", "colour", "probability", "rot_days", "rot_from", "wip_limit", "wip_rule", "required_fields",
    )  # fmt: skip
    stages = [{"key": one.id, **{field: getattr(one, field) for field in own}} for one in row.stages]
    ways = [asdict(way) for way in row.transitions]
    return {
        "name": row.name,
        "order_rule": row.order_rule,
        "touch_minutes": row.touch_minutes,
        "stages": [stage for stage, one in zip(stages, row.stages, strict=True) if not one.leaving_to_id],
        "transitions": [{"from_key": way.pop("from_id"), "to_key": way.pop("to_id"), **way} for way in ways],
    }


def rules_of(row: PipelineRow) -> list[dict[str, Any]]:
    """The rules of approval as a plan has them."""
    rules = [asdict(rule) for rule in row.approvals]
    return [{"from_key": rule.pop("from_id"), "to_key": rule.pop("to_id"), **rule} for rule in rules]


def rights_of(row: PipelineRow) -> list[dict[str, Any]]:
    """The rights to fields as a plan has them."""
    rights = [asdict(right) for right in row.rights]
    return [{"stage_key": right.pop("stage_id"), **right} for right in rights]


def _kept_with(
    plan: dict[str, Any], rules: list[dict[str, Any]], rights: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """The rules and rights whose stages a draft still has."""
    stages = plan.get("stages")
    keys = {0, *(one.get("key") for one in stages if isinstance(one, dict))} if isinstance(stages, list) else {0}
    return {
        "approvals": [rule for rule in rules if rule["to_key"] in keys and rule["from_key"] in keys],
        "rights": [right for right in rights if right["stage_key"] in keys],
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
