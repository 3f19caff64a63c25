"""The State of the rules of approval in the editor of a pipeline: in sentences, and the one that is edited."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.access.screens.base import Part, handler, number_in
from crm_app.cards.filters import GROUPS
from crm_app.cards.screens.filter_state import AskedField, askable_fields, preview_of
from crm_app.core.errors import CrmError
from crm_app.pipelines.approval_rules import HOURS, NOT_ASKED
from crm_app.pipelines.approvers import list_approvers, say_approvals
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from crm_app.pipelines.rules import OPEN
from crm_app.pipelines.screens.editor_state import PipelineEditor, rules_of
from crm_app.pipelines.touches import see_touched
from crm_app.ui.field import Option
from crm_app.ui.filter_bar import NO_PREVIEW, Preview

PLACES = 5
"""For so many approvers there is room in the dialog, and for one more than a rule has."""


class RuleLine(TypedDict):
    """A rule in sentences."""

    key: int
    said: str


class EditedRule(TypedDict):
    """What the dialog begins with, conditions and approvers apart. key: 0 for a new rule."""

    key: int
    from_key: str
    to_key: str
    needs: str
    in_turn: bool
    limit: str
    unit: str
    substitute: str
    spares_responsible: bool
    words: str


class PlaceLine(TypedDict):
    """Room for one approver. name: of the field; who: as the plan says it, "" for nobody."""

    name: str
    number: int
    who: str


NEW: EditedRule = {
    "key": 0, "from_key": "", "to_key": "", "needs": "0", "in_turn": False, "limit": "", "unit": HOURS,
    "substitute": "", "spares_responsible": False, "words": "",
}  # fmt: skip


class ApprovalRules(Part):
    """The rules of one pipeline of deals."""

    lines: list[RuleLine] = []
    rule: EditedRule = NEW
    places: list[PlaceLine] = []
    people: list[Option] = []
    stages: list[Option] = []
    open_stages: list[Option] = []
    conditions: dict[str, Any] = {}
    fields: list[AskedField] = []
    preview: Preview = NO_PREVIEW
    edits: bool = False
    opens: int = 0
    errors: dict[str, str] = {}

    _number: int = 0
    _rules: list[dict[str, Any]] = []

    @handler("pipeline.change")
    async def opened(self) -> None:
        """Fill the panel, and follow what others change."""
        if self._number != self._number_in_address:
            self._number, self.edits, self.lines = self._number_in_address, False, []
        await self._watch({f"board:{self._number}", "fields:deal"}, ApprovalRules.changed)
        asked = await askable_fields(self, "deal") if self._actor.may("deal.see") else []
        self.fields = [each for each in asked if each["id"] not in NOT_ASKED]
        found = await self._ask(list_approvers)
        self.people = [{"id": who, "label": name, "hint": ""} for who, name in found]
        await self._load()

    @handler("pipeline.change")
    async def changed(self) -> None:
        """Somebody has changed the pipeline."""
        await self._load()

    @handler("pipeline.change")
    async def adding_opened(self) -> None:
        """A new rule."""
        self._open({**NEW}, {}, [])

    @handler("pipeline.change")
    async def editing_opened(self, key: int) -> None:
        """Change a rule."""
        rule = self._rule(key)
        if rule is not None:
            self._open(_edited(rule), rule["conditions"], rule["approvers"])

    @handler("pipeline.change")
    async def editing_closed(self) -> None:
        """The dialog was closed."""
        self.edits, self.errors = False, {}

    @handler("pipeline.change")
    async def conditions_changed(self, conditions: dict[str, Any]) -> None:
        """Other deals; saved with the rest."""
        self.conditions = conditions if any(conditions.get(how) for how in GROUPS) else {}

    @handler("pipeline.change", supersedes=True)
    async def previewed(self, conditions: dict[str, Any], number: int) -> None:
        """Tell what conditions say and leave that are being put together. number: by which they are known again."""
        self.preview = await preview_of(self, "deal", conditions, number)

    @handler("pipeline.change")
    async def rule_saved(self, fields: dict[str, str]) -> None:
        """Add the rule, or change it: what that touches is shown first, where deals stand in the pipeline."""
        made = _plan(fields, self.rule["key"], self.conditions)
        known = self._rule(self.rule["key"]) is not None
        rules = [made if each["key"] == made["key"] else each for each in self._rules]
        await self._propose(rules if known else [*rules, made], place=_place(rules, made) if known else len(rules))

    @handler("pipeline.change")
    async def rule_removed(self, key: int) -> None:
        """Do without a rule."""
        await self._propose([each for each in self._rules if each["key"] != key], place=-1)

    def _rule(self, key: int) -> dict[str, Any] | None:
        return next((each for each in self._rules if each["key"] == key), None)

    def _open(self, rule: EditedRule, conditions: dict[str, Any], chosen: list[str]) -> None:
        room = max(PLACES, len(chosen) + 1)
        named = [*chosen, *[""] * (room - len(chosen))]
        self.places = [{"name": f"approver-{at}", "number": at, "who": who} for at, who in enumerate(named, 1)]
        self.rule, self.conditions, self.preview = rule, conditions, NO_PREVIEW
        self.errors, self.edits = {}, True
        self.opens += 1

    async def _propose(self, rules: list[dict[str, Any]], place: int) -> None:
        self.errors = {}
        editor = await self.get_state(PipelineEditor)
        plan = editor._saved_plan(rules)
        try:
            await self._ask(see_touched, pipeline_id=self._number, plan=plan)
        except CrmError as refused:
            prefix = f"approvals.{place}."
            told = self._by_field(refused)
            self.errors = {name.removeprefix(prefix): said for name, said in told.items() if name.startswith(prefix)}
            if not self.errors:
                raise
            return
        self.edits = False
        await editor._propose_rules(plan)
        await self._load()

    async def _load(self) -> None:
        row: PipelineRow = await self._ask(see_pipeline, pipeline_id=self._number)
        said = await self._ask(say_approvals, pipeline_id=self._number)
        self._rules = rules_of(row)
        self.lines = [{"key": each.key, "said": each.said} for each in said]
        stages = [stage for stage in row.stages if not stage.leaving_to_id]
        self.stages = [{"id": str(stage.id), "label": stage.name, "hint": ""} for stage in stages]
        self.open_stages = [
            {"id": str(stage.id), "label": stage.name, "hint": ""} for stage in stages if stage.kind == OPEN
        ]


def _place(rules: list[dict[str, Any]], made: dict[str, Any]) -> int:
    return next(at for at, each in enumerate(rules) if each["key"] == made["key"])


def _edited(rule: dict[str, Any]) -> EditedRule:
    return {
        "key": rule["key"], "from_key": str(rule["from_key"] or ""), "to_key": str(rule["to_key"]),
        "needs": str(rule["needs"]), "in_turn": rule["in_turn"], "limit": str(rule["limit"] or ""),
        "unit": rule["unit"], "substitute": rule["substitute"], "spares_responsible": rule["spares_responsible"],
        "words": rule["words"],
    }  # fmt: skip


def _plan(fields: dict[str, str], key: int, conditions: dict[str, Any]) -> dict[str, Any]:
    """What the dialog says, as the plan has it; a figure that is none is -1, which the rules refuse by name."""
    named = sorted((name for name in fields if name.startswith("approver-")), key=lambda name: number_in(name[9:]))
    return {
        "key": key or -1,
        "from_key": number_in(fields.get("from_key", "")),
        "to_key": number_in(fields.get("to_key", "")),
        "conditions": conditions,
        "approvers": [fields[name] for name in named if fields[name]],
        "needs": _figure(fields.get("needs", "0")),
        "in_turn": fields.get("in_turn") == "true",
        "limit": _figure(fields.get("limit", "")),
        "unit": fields.get("unit", HOURS),
        "substitute": fields.get("substitute", ""),
        "spares_responsible": fields.get("spares_responsible") == "true",
        "words": fields.get("words", "").strip(),
    }


def _figure(typed: str) -> int:
    typed = typed.strip()
    if not typed:
        return 0
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1
