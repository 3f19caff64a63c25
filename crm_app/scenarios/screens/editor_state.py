"""The State of /settings/scenarios/[scenario_id]: a scenario in sentences, each kept as it is changed."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.filters import GROUPS
from crm_app.cards.screens.filter_state import AskedField, askable_fields, preview_of
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.pipelines.approval_rules import NOT_ASKED
from crm_app.scenarios.actions.arranging import change_scenario, switch_scenario
from crm_app.scenarios.asks import UNITS, Ask
from crm_app.scenarios.drafts import ScenarioDraft
from crm_app.scenarios.paths import moved, place_of, with_other, with_step, without
from crm_app.scenarios.plan_reading import CARD
from crm_app.scenarios.queries.choices import Choices, see_choices
from crm_app.scenarios.queries.scenarios import ScenarioView, see_scenario
from crm_app.scenarios.steps import step_kinds
from crm_app.scenarios.triggers import triggers
from crm_app.ui.field import Option
from crm_app.ui.filter_bar import NO_PREVIEW, Preview

TRIGGER, STEP, CONDITIONS = "trigger", "step", "conditions"


class StepLine(TypedDict):
    """A step in words, or the beginning of a way of a branch. depth: in how many branches it stands, as text."""

    path: str
    depth: str
    said: str
    way: str


class AskLine(TypedDict):
    """A field of the dialog. shape: "text", "number", "choice"."""

    name: str
    label: str
    shape: str
    value: str
    options: list[Option]
    error: str


class ScenarioEditor(Screen):
    """What the page shows. edits: what its dialog is about, "" while it is closed; kind: of trigger or step."""

    name: str = ""
    is_on: bool = False
    owner: str = ""
    is_ready: bool = False
    when: str = ""
    conditions_said: str = ""
    steps: list[StepLine] = []
    edits: str = ""
    opens: int = 0
    kind: str = ""
    kinds: list[Option] = []
    asks: list[AskLine] = []
    asks_conditions: bool = False
    conditions: dict[str, Any] = {}
    fields: list[AskedField] = []
    preview: Preview = NO_PREVIEW
    error: str = ""

    _number: int = 0
    _told: ScenarioView | None = None
    _choices: Choices | None = None
    _path: str = ""
    _way: str = ""

    @handler("scenario.manage")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        if self._number != self._number_in_address:
            self._number, self.edits, self.is_ready = self._number_in_address, "", False
        await self._watch({f"scenario:{self._number}", f"fields:{CARD}"}, ScenarioEditor.changed)
        asked = await askable_fields(self, CARD) if self._actor.may("deal.see") else []
        self.fields = [each for each in asked if each["id"] not in NOT_ASKED]
        await self._load()

    @handler("scenario.manage")
    async def changed(self) -> None:
        """Somebody has changed it."""
        await self._load()

    @handler("scenario.manage")
    async def renamed(self, fields: dict[str, str]) -> None:
        """Give it another name."""
        await self._keep(name=fields.get("name", ""))
        await self._toast("scenarios.saved")

    @handler("scenario.manage")
    async def switched(self) -> None:
        """Have it begin runs, or none."""
        await self._act(switch_scenario, scenario_id=self._number, is_on=not self.is_on)
        await self._load()

    @handler("scenario.manage")
    async def trigger_opened(self) -> None:
        """Choose what sets it off."""
        if self._told is not None:
            self._open(TRIGGER, self._told.trigger, self._told.asked)

    @handler("scenario.manage")
    async def conditions_opened(self) -> None:
        """Choose which deals it is for."""
        if self._told is not None:
            self._open(CONDITIONS, "", {"conditions": self._told.conditions})

    @handler("scenario.manage")
    async def adding_opened(self, way: str) -> None:
        """Another step, at the end of a way: "" for the scenario itself."""
        self._path, self._way = "", way
        self._open(STEP, "task", {})

    @handler("scenario.manage")
    async def step_opened(self, path: str) -> None:
        """Change a step."""
        found = place_of(self._told.steps, path) if self._told is not None else None
        if found is not None:
            self._path = path
            self._open(STEP, found[0][found[1]]["do"], found[0][found[1]]["asked"])

    @handler("scenario.manage")
    async def kind_chosen(self, kind: str) -> None:
        """Another trigger, or another thing to do."""
        if kind in (triggers() if self.edits == TRIGGER else step_kinds()):
            self._open(self.edits, kind, {})

    @handler("scenario.manage")
    async def closed(self) -> None:
        """The dialog was closed."""
        self.edits = ""

    @handler("scenario.manage")
    async def conditions_changed(self, conditions: dict[str, Any]) -> None:
        """Other deals; kept with the rest of the dialog."""
        self.conditions = conditions if any(conditions.get(how) for how in GROUPS) else {}

    @handler("scenario.manage", supersedes=True)
    async def previewed(self, conditions: dict[str, Any], number: int) -> None:
        """Tell what conditions say and leave that are being put together. number: by which they are known again."""
        self.preview = await preview_of(self, CARD, conditions, number)

    @handler("scenario.manage")
    async def saved(self, fields: dict[str, str]) -> None:
        """Keep what the dialog says."""
        asked: dict[str, Any] = {each["name"]: fields.get(each["name"], "") for each in self.asks}
        if self.edits == CONDITIONS:
            await self._try(conditions=self.conditions)
        elif self.edits == TRIGGER:
            await self._try(trigger=self.kind, asked=asked)
        elif self.edits == STEP and self._told is not None:
            await self._try(steps=self._with(self._told.steps, asked))

    @handler("scenario.manage")
    async def step_removed(self, path: str) -> None:
        """Do without a step."""
        if self._told is not None:
            await self._keep(steps=without(self._told.steps, path))

    @handler("scenario.manage")
    async def step_moved(self, path: str, by: int) -> None:
        """Do a step earlier or later."""
        if self._told is not None:
            await self._keep(steps=moved(self._told.steps, path, 1 if by > 0 else -1))

    def _with(self, steps: list[dict[str, Any]], asked: dict[str, Any]) -> list[dict[str, Any]]:
        """The steps with the one that the dialog is about."""
        if self.asks_conditions:
            asked = {**asked, "conditions": self.conditions}
        made: dict[str, Any] = {"do": self.kind, "asked": asked}
        found = place_of(steps, self._path) if self._path else None
        if found is None:
            return with_step(steps, self._way, made)
        was = found[0][found[1]]
        if step_kinds()[self.kind].branches:
            made |= {way: was.get(way, []) for way in ("then", "otherwise")}
        return with_other(steps, self._path, made)

    def _open(self, edits: str, kind: str, asked: dict[str, Any]) -> None:
        if self._choices is None:  # before the page is filled
            return
        self.edits, self.kind, self.error, self.preview = edits, kind, "", NO_PREVIEW
        known: dict[str, Any] = triggers() if edits == TRIGGER else step_kinds()
        words = "scenarios.trigger." if edits == TRIGGER else "scenarios.do."
        asks: tuple[Ask, ...] = known[kind].asks if kind else ()
        self.kinds = [{"id": key, "label": text(f"{words}{key}", self._locale), "hint": ""} for key in known]
        self.asks = [self._ask_line(each, asked.get(each.name, "")) for each in asks if each.kind != "conditions"]
        self.asks_conditions = edits == CONDITIONS or any(each.kind == "conditions" for each in asks)
        self.conditions = asked.get("conditions", {})
        self.opens += 1

    def _ask_line(self, ask: Ask, value: Any) -> AskLine:
        there = self._choices or Choices([], [], [], [])
        offered = {
            "stage": there.stages, "employee": there.employees, "field": there.settable, "changed": there.watched,
            "unit": [(unit, text(f"scenarios.unit.{unit}", self._locale)) for unit in UNITS],
        }.get(ask.kind)  # fmt: skip
        options: list[Option] = [{"id": key, "label": label, "hint": ""} for key, label in offered or ()]
        shape = "choice" if offered is not None else "number" if ask.kind == "number" else "text"
        label = text(f"scenarios.ask.{ask.name}", self._locale)
        begin = options[0]["id"] if options else ""
        return {
            "name": ask.name, "label": label, "shape": shape, "value": str(value) or begin,
            "options": options, "error": "",
        }  # fmt: skip

    async def _try(self, **changes: Any) -> None:
        """Keep it, or say in the dialog what is wrong."""
        try:
            await self._keep(**changes)
        except CrmError as refused:
            if not refused.reasons[0].field:
                raise
            self.error = refused.text(self._locale)
            wrong = refused.reasons[0].field.rpartition(".")[2]
            self.asks = [{**each, "error": self.error if each["name"] == wrong else ""} for each in self.asks]
            return
        self.edits = ""

    async def _keep(self, **changes: Any) -> None:
        told = self._told
        if told is None:
            return
        kept = {"name": told.name, "is_on": told.is_on, "trigger": told.trigger, "asked": told.asked,
                "conditions": told.conditions, "steps": told.steps, **changes}  # fmt: skip
        draft = ScenarioDraft(**kept)
        await self._act(change_scenario, scenario_id=self._number, draft=draft, version=told.version)
        await self._load()

    async def _load(self) -> None:
        told: ScenarioView = await self._ask(see_scenario, scenario_id=self._number)
        self._choices = await self._ask(see_choices)
        self._told, self.name, self.is_on, self.owner = told, told.name, told.is_on, told.owner
        self.when, self.conditions_said = told.said.trigger, told.said.conditions
        self.steps = [
            {"path": each.path, "depth": str(each.depth), "said": each.said, "way": each.way}
            for each in told.said.steps
        ]
        self.is_ready = True
