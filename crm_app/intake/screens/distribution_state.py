"""The State of /settings/distribution: the rules by which leads are given out, in their order."""

from __future__ import annotations

from typing import Any, TypedDict

from crm_app.access.screens.base import Screen, handler
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.intake.actions.distribution import add_rule, change_rule, move_rule, remove_rule
from crm_app.intake.drafts import LeadRuleDraft
from crm_app.intake.events import LEAD_RULES
from crm_app.intake.queries.distribution import LeadRuleRow, list_rules
from crm_app.leads.queries.cards import list_sources
from crm_app.leads.screens.lines import source_options
from crm_app.ui.field import Option

SIMPLE = {"source": "eq", "channel": "eq", "utm_campaign": "eq", "interest": "contains"}
"""Conditions that the dialog can show, with their operations; others are kept as they are."""
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
    """What the dialog begins with. id: 0 for a new rule; words: of conditions that it can't show, "" for others."""

    id: int
    name: str
    source: str
    channel: str
    utm_campaign: str
    interest: str
    words: str
    workdays: bool
    from_hour: str
    to_hour: str
    way: str


NEW: EditedRule = {
    "id": 0, "name": "", "source": "", "channel": "", "utm_campaign": "", "interest": "", "words": "",
    "workdays": False, "from_hour": "0", "to_hour": "0", "way": "round",
}  # fmt: skip


class Distribution(Screen):
    """The rules, and the one that is edited."""

    lines: list[RuleLine] = []
    is_ready: bool = False
    rule: EditedRule = NEW
    people: list[PersonLine] = []
    sources: list[Option] = []
    edits: bool = False
    opens: int = 0
    errors: dict[str, str] = {}
    leaving_id: int = 0
    leaving_name: str = ""

    _rows: list[LeadRuleRow] = []
    _names: dict[int, str] = {}

    @handler("intake.change")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        self.sources = source_options(await self._ask(list_sources), self._locale)
        self._names = {int(each["id"]): each["label"] for each in await self._choose_from_employees()}
        await self._watch({LEAD_RULES}, Distribution.changed)
        await self._load()

    @handler("intake.change")
    async def changed(self) -> None:
        """Somebody has changed a rule."""
        await self._load()

    @handler("intake.change")
    async def adding_opened(self) -> None:
        """A new rule."""
        self._open({**NEW}, [])

    @handler("intake.change")
    async def editing_opened(self, rule_id: int) -> None:
        """Change a rule."""
        row = self._row(rule_id)
        if row is not None:
            self._open(_edited(row), row.employee_ids)

    @handler("intake.change")
    async def editing_closed(self) -> None:
        """The dialog was closed."""
        self.edits, self.errors = False, {}

    @handler("intake.change")
    async def rule_saved(self, fields: dict[str, str]) -> None:
        """Add the rule, or change it."""
        self.errors = {}
        row = self._row(self.rule["id"])
        values = _draft(fields, row, [person["id"] for person in self.people])
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

    @handler("intake.change")
    async def removal_wanted(self, rule_id: int) -> None:
        """Ask before a rule goes."""
        row = self._row(rule_id)
        if row is not None:
            self.leaving_name, self.leaving_id = row.name, row.id

    @handler("intake.change")
    async def removal_dropped(self) -> None:
        """The rule stays."""
        self.leaving_id = 0

    @handler("intake.change")
    async def rule_removed(self) -> None:
        """The rule goes."""
        number, self.leaving_id = self.leaving_id, 0
        await self._act(remove_rule, rule_id=number)
        await self._load()

    def _row(self, rule_id: int) -> LeadRuleRow | None:
        return next((row for row in self._rows if row.id == rule_id), None)

    def _open(self, rule: EditedRule, chosen: list[int]) -> None:
        self.people = [{"id": str(i), "name": name, "is_chosen": i in chosen} for i, name in self._names.items()]
        self.rule, self.errors, self.edits = rule, {}, True
        self.opens += 1

    async def _load(self) -> None:
        self._rows = await self._ask(list_rules)
        names, last = dict(self._names), len(self._rows) - 1
        self.lines = [_line(row, place, last, names, self._locale) for place, row in enumerate(self._rows)]
        self.is_ready = True

    async def _refused(self, error: CrmError) -> Any:
        self.errors = self._by_field(error) if self.edits else {}
        if not self.errors:
            await super()._refused(error)


def _line(row: LeadRuleRow, place: int, last: int, names: dict[int, str], locale: str) -> RuleLine:
    when = [row.words] if row.words else []
    if row.days:
        when.append(", ".join(text(f"intake.day.{day}", locale) for day in row.days))
    if row.from_hour != row.to_hour:
        when.append(f"{row.from_hour}:00–{row.to_hour or 24}:00")
    whom = ", ".join(names[each] for each in row.employee_ids if each in names)
    return {
        "id": row.id, "name": row.name, "is_on": row.is_on, "when": "; ".join(when),
        "whom": f"{text(f'intake.way.{row.way}', locale)}: {whom}", "place": place, "is_first": place == 0,
        "is_last": place == last,
    }  # fmt: skip


def _simple(conditions: dict[str, Any]) -> dict[str, str] | None:
    """Conditions as the dialog shows them; None for those that it can't show."""
    clauses = conditions.get("all", []) if set(conditions) <= {"all"} else None
    if clauses is None or any(SIMPLE.get(each.get("field")) != each.get("op") for each in clauses):
        return None
    found = {each["field"]: each["value"] for each in clauses}
    return found if len(found) == len(clauses) and all(isinstance(each, str) for each in found.values()) else None


def _edited(row: LeadRuleRow) -> EditedRule:
    simple = _simple(row.conditions)
    told = simple or {}
    return {
        "id": row.id, "name": row.name, "source": told.get("source", ""), "channel": told.get("channel", ""),
        "utm_campaign": told.get("utm_campaign", ""), "interest": told.get("interest", ""),
        "words": row.words if simple is None else "", "workdays": row.days == WORKDAYS,
        "from_hour": str(row.from_hour), "to_hour": str(row.to_hour), "way": row.way,
    }  # fmt: skip


def _draft(fields: dict[str, str], row: LeadRuleRow | None, people: list[str]) -> LeadRuleDraft:
    """What the dialog says, as the actions take it; what it can't show stays as it is."""
    clauses = [
        {"field": name, "op": op, "value": fields[name].strip()}
        for name, op in SIMPLE.items()
        if fields.get(name, "").strip()
    ]
    keeps = row is not None and _simple(row.conditions) is None
    days = WORKDAYS if fields.get("workdays") == "true" else []
    return LeadRuleDraft(
        name=fields.get("name", ""),
        conditions=None if keeps else ({"all": clauses} if clauses else {}),
        days=row.days if row is not None and row.days not in ([], WORKDAYS) else days,
        from_hour=_hour(fields.get("from_hour", "")),
        to_hour=_hour(fields.get("to_hour", "")),
        way=fields.get("way", ""),
        employee_ids=[int(each) for each in people if fields.get(f"employee-{each}") == "true"],
    )


def _hour(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 0
