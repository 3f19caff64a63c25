"""Rules of distribution, and a lead that is given out by them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

import crm_app.leads.actions.importing  # noqa: F401 - tells of the imports that are added to
from crm_app.access.models import Employee
from crm_app.cards.actions.changing import assign
from crm_app.cards.actions.notifications import notify
from crm_app.cards.filters import compile_filter
from crm_app.clients.import_kinds import kind_of
from crm_app.core import clock
from crm_app.core.door import Tx, action
from crm_app.core.errors import BadInput
from crm_app.core.settings import settings
from crm_app.intake import turns
from crm_app.intake.drafts import LeadRuleDraft
from crm_app.intake.events import LeadDistributed, LeadRuleAdded, LeadRuleChanged, LeadRuleRemoved
from crm_app.intake.models import LeadRule
from crm_app.intake.queries.distribution import asked_by, said_of
from crm_app.leads.models import Lead
from crm_app.pipelines.models import Stage
from crm_app.pipelines.rules import OPEN
from crm_app.worktime.queries import calendar_of
from crm_app.worktime.rules import is_working


@action("intake.change")
def add_rule(tx: Tx, values: LeadRuleDraft) -> LeadRule:
    """Add a rule behind the others. Raises BadInput with a reason for each wrong field."""
    cleaned = turns.clean_rule({"name": "", "employee_ids": [], **_told(values)})
    _check(tx, cleaned)
    last = tx.scalar(select(func.coalesce(func.max(LeadRule.position), 0)))
    rule = LeadRule(name="", position=last + 1)
    assign(rule, cleaned)
    tx.add(rule)
    tx.record(LeadRuleAdded(card_id=rule.id or 0, name=rule.name))
    return rule


@action("intake.change")
def change_rule(tx: Tx, rule_id: int, values: LeadRuleDraft) -> LeadRule:
    """Change a rule, or turn it off; leads that were given out already stay where they are. Raises BadInput."""
    rule = tx.need(LeadRule, rule_id)
    cleaned = turns.clean_rule(_told(values))
    _check(tx, cleaned)
    changes = assign(rule, cleaned)
    if changes:
        tx.record(LeadRuleChanged(card_id=rule_id, name=rule.name, changes=changes))
    return rule


@action("intake.change")
def move_rule(tx: Tx, rule_id: int, place: int) -> None:
    """Put a rule on another place, 0 being the first: the first that fits decides."""
    rule = tx.need(LeadRule, rule_id)
    others = [each for each in tx.all(select(LeadRule).order_by(LeadRule.position, LeadRule.id)) if each.id != rule_id]
    place = max(0, min(place, len(others)))
    for position, each in enumerate([*others[:place], rule, *others[place:]], 1):
        each.position = position
    tx.record(LeadRuleChanged(card_id=rule_id, name=rule.name))


@action("intake.change")
def remove_rule(tx: Tx, rule_id: int) -> None:
    """Take a rule away."""
    rule = tx.need(LeadRule, rule_id)
    tx.record(LeadRuleRemoved(card_id=rule_id, name=rule.name))
    tx.remove(rule)


def distribute(tx: Tx, lead: Lead) -> None:
    """Give a lead of nobody's to somebody by the first rule that fits it; else it stays in the pool."""
    at = clock.in_zone(lead.created_at, settings().timezone.key)
    works = is_working(calendar_of(tx), lead.created_at)
    working = set(tx.all(select(Employee.id).where(Employee.disabled_at.is_(None))))
    for rule in tx.all(_RULES):
        chosen = [each for each in rule.employee_ids if each in working]
        is_time = turns.is_in_hours(at, rule.days, rule.from_hour, rule.to_hour)
        is_time = is_time and turns.is_in_worktime(works, rule.worktime)
        if chosen and is_time and _fits(tx, rule.conditions, lead):
            _give(tx, tx.need(LeadRule, rule.id), chosen, lead)  # locked: of two leads at once, one waits for its turn
            return


_RULES = (
    select(
        LeadRule.id,
        LeadRule.conditions,
        LeadRule.days,
        LeadRule.from_hour,
        LeadRule.to_hour,
        LeadRule.worktime,
        LeadRule.employee_ids,
    )
    .where(LeadRule.is_on)
    .order_by(LeadRule.position, LeadRule.id)
)


def _fits(tx: Tx, conditions: dict[str, object], lead: Lead) -> bool:
    """Whether a filter leaves a lead. One that can't be asked any more leaves none."""
    try:
        condition = compile_filter(tx, conditions, asked_by(tx, conditions), "lead")
    except BadInput:
        return False
    return tx.one(select(Lead.id).where(Lead.id == lead.id, condition)) is not None


def _give(tx: Tx, rule: LeadRule, chosen: list[int], lead: Lead) -> None:
    loads = _loads(tx, chosen) if rule.way == "load" else {}
    if rule.way == "round":
        employee_id = turns.next_in_turn(chosen, rule.employee_ids, rule.last_id)
    else:
        employee_id = turns.least_loaded(chosen, loads)
    rule.last_id = employee_id
    changes = assign(lead, {"responsible_id": employee_id})
    lead.version += 1
    lead.updated_at = tx.now
    tx.record(
        LeadDistributed(
            card_id=lead.id or 0, changes=changes, rule_id=rule.id or 0, rule=rule.name, way=rule.way,
            employee_id=employee_id, open_leads=loads.get(employee_id, 0) if rule.way == "load" else None,
            when=said_of(tx, rule),
        )
    )  # fmt: skip
    tx.announce(f"stage:{lead.stage_id}")
    notify(tx, employee_id, "intake.notice.given", "lead", lead.id or 0, title=lead.name, rule=rule.name)


def _loads(tx: Tx, chosen: list[int]) -> dict[int, int]:
    """Open leads by employee."""
    counted = select(Lead.responsible_id, func.count()).join(Stage, Stage.id == Lead.stage_id)
    rows = tx.all(counted.where(Lead.responsible_id.in_(chosen), Stage.kind == OPEN).group_by(Lead.responsible_id))
    return dict(rows)


def _told(values: LeadRuleDraft) -> dict[str, object]:
    return {field: value for field, value in values.told().items() if value is not None}


def _check(tx: Tx, cleaned: dict[str, Any]) -> None:
    """Raises BadInput for conditions that can't be asked, and for somebody who does not work here."""
    if "conditions" in cleaned:
        compile_filter(tx, cleaned["conditions"], asked_by(tx, cleaned["conditions"]), "lead")
    chosen = cleaned.get("employee_ids")
    if isinstance(chosen, list):
        working = select(func.count()).select_from(Employee).where(Employee.disabled_at.is_(None))
        if tx.scalar(working.where(Employee.id.in_(chosen))) != len(chosen):
            raise BadInput("cards.error.no_such_employee", field="employee_ids")


kind_of("lead").automatic.add(LeadDistributed.__name__)
