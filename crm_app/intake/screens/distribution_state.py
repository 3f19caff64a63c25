"""The State of /settings/distribution: the rules by which leads are given out, in their order."""

from __future__ import annotations

from typing import Any, ClassVar, TypedDict

from crm_app.access.screens.base import Screen, handler
from crm_app.cards.filters import GROUPS
from crm_app.cards.screens.filter_state import AskedField, askable_fields, preview_of
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.intake.actions.distribution import add_rule, change_rule, move_rule, remove_rule
from crm_app.intake.drafts import LeadRuleDraft
from crm_app.intake.events import LEAD_RULES
from crm_app.intake.queries.distribution import LeadRuleRow, list_rules
from crm_app.intake.screens.removal import Removing
from crm_app.intake.turns import NOT_ASKED
from crm_app.ui.filter_bar import NO_PREVIEW, Preview

WORKDAYS = [1, 2, 3, 4, 5]


class RuleLine(TypedDict):
    """A rule as it is read. when, whom: in words."""

    id: int
    name: str
    is_on: bool
    when: str
    whom: str
    place: int
    is_first: bool
    is_last: bool


class PersonLine(TypedDict):
    """Somebody to choose."""

    id: str
    name: str
    is_chosen: bool


class EditedRule(TypedDict):
    """What the dialog begins with, its conditions apart. id: 0 for a new rule."""

    id: int
    name: str
    worktime: str
    workdays: bool
    from_hour: str
    to_hour: str
    way: str


NEW: EditedRule = {
    "id": 0, "name": "", "worktime": "", "workdays": False, "from_hour": "0", "to_hour": "0", "way": "round",
}  # fmt: skip


class Distribution(Removing, Screen):
    """The rules, and the one that is edited."""

    _removal: ClassVar = (remove_rule, "rule_id")

    lines: list[RuleLine] = []
    is_ready: bool = False
    rule: EditedRule = NEW
    people: list[PersonLine] = []
    conditions: dict[str, Any] = {}
    fields: list[AskedField] = []
    preview: Preview = NO_PREVIEW
    edits: bool = False
    opens: int = 0
    errors: dict[str, str] = {}

    _rows: list[LeadRuleRow] = []
    _names: dict[int, str] = {}

    @handler("intake.change")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        asked = await askable_fields(self, "lead") if self._actor.may("lead.see") else []
        self.fields = [each for each in asked if each["id"] not in NOT_ASKED]
        self._names = {int(each["id"]): each["label"] for each in await self._choose_from_employees()}
        await self._watch({LEAD_RULES, "fields:lead"}, Distribution.changed)
        await self._load()

    @handler("intake.change")
    async def changed(self) -> None:
        """Somebody has changed a rule."""
        await self._load()

    @handler("intake.change")
    async def adding_opened(self) -> None:
        """A new rule."""
        self._open({**NEW}, {}, [])

    @handler("intake.change")
    async def editing_opened(self, rule_id: int) -> None:
        """Change a rule."""
        row = self._row(rule_id)
        if row is not None:
            self._open(_edited(row), row.conditions, row.employee_ids)

    @handler("intake.change")
    async def editing_closed(self) -> None:
        """The dialog was closed."""
        self.edits, self.errors = False, {}

    @handler("intake.change")
    async def conditions_changed(self, conditions: dict[str, Any]) -> None:
        """Other leads; saved with the rest."""
        self.conditions = conditions if any(conditions.get(how) for how in GROUPS) else {}

    @handler("intake.change", supersedes=True)
    async def previewed(self, conditions: dict[str, Any], number: int) -> None:
        """Tell what conditions say and leave that are being put together. number: by which they are known again."""
        self.preview = await preview_of(self, "lead", conditions, number)

    @handler("intake.change")
    async def rule_saved(self, fields: dict[str, str]) -> None:
        """Add the rule, or change it."""
        self.errors = {}
        row = self._row(self.rule["id"])
        values = _draft(fields, self.conditions, row, [person["id"] for person in self.people])
        if row is not None:
            await self._act(change_rule, rule_id=row.id, values=values)
        else:
            await self._act(add_rule, values=values)
        self.edits = False
        await self._load()

    @handler("intake.change")
    async def rule_turned(self, rule_id: int, is_on: bool) -> None:
        """Turn a rule on or off."""
        await self._act(change_rule, rule_id=rule_id, values=LeadRuleDraft(is_on=is_on))
        await self._load()

    @handler("intake.change")
    async def rule_moved(self, rule_id: int, place: int) -> None:
        """A rule goes before or behind another."""
        await self._act(move_rule, rule_id=rule_id, place=place)
        await self._load()

    def _row(self, rule_id: int) -> LeadRuleRow | None:
        return next((row for row in self._rows if row.id == rule_id), None)

    def _open(self, rule: EditedRule, conditions: dict[str, Any], chosen: list[int]) -> None:
        self.conditions, self.preview = conditions, NO_PREVIEW
        self.people = [{"id": str(i), "name": name, "is_chosen": i in chosen} for i, name in self._names.items()]
        self.rule, self.errors, self.edits = rule, {}, True
        self.opens += 1

    async def _load(self) -> None:
        self._rows = await self._ask(list_rules)
        names, last = dict(self._names), len(self._rows) - 1
        self.lines = [_line(row, place, last, names, self._locale) for place, row in enumerate(self._rows)]
        self.is_ready = True

    async def _refused(self, error: CrmError) -> Any:
        told = self._by_field(error) if self.edits else {}
        self.errors = {
            field if field in LeadRuleDraft.model_fields else "conditions": said for field, said in told.items()
        }
        if not self.errors:
            await super()._refused(error)


def _line(row: LeadRuleRow, place: int, last: int, names: dict[int, str], locale: str) -> RuleLine:
    whom = ", ".join(names[each] for each in row.employee_ids if each in names)
    return {
        "id": row.id, "name": row.name, "is_on": row.is_on, "when": row.when,
        "whom": f"{text(f'intake.way.{row.way}', locale)}: {whom}", "place": place, "is_first": place == 0,
        "is_last": place == last,
    }  # fmt: skip


def _edited(row: LeadRuleRow) -> EditedRule:
    return {
        "id": row.id, "name": row.name, "worktime": row.worktime, "workdays": row.days == WORKDAYS,
        "from_hour": str(row.from_hour), "to_hour": str(row.to_hour), "way": row.way,
    }  # fmt: skip


def _draft(
    fields: dict[str, str], conditions: dict[str, Any], row: LeadRuleRow | None, people: list[str]
) -> LeadRuleDraft:
    """What the dialog says, as the actions take it; days that it can't show stay as they are."""
    days = WORKDAYS if fields.get("workdays") == "true" else []
    return LeadRuleDraft(
        name=fields.get("name", ""),
        conditions=conditions,
        days=row.days if row is not None and row.days not in ([], WORKDAYS) else days,
        from_hour=_hour(fields.get("from_hour", "")),
        to_hour=_hour(fields.get("to_hour", "")),
        worktime=fields.get("worktime", ""),
        way=fields.get("way", ""),
        employee_ids=[int(each) for each in people if fields.get(f"employee-{each}") == "true"],
    )


def _hour(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 0
