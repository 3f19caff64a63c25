"""Whose approval a deal needs to enter a stage, as it is now: asked by every door that moves deals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, true

from crm_app.access.models import Employee, Role
from crm_app.access.roles import ADMINISTRATOR
from crm_app.access.roles import HEAD as HEADS
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.filters import compile_filter, fields_of
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Reason
from crm_app.core.policy import past_the_policies
from crm_app.deals.models import Deal, DealApproval, DealApprovalAsk
from crm_app.pipelines.approval_rules import HEAD, guards
from crm_app.pipelines.approvers import asked_by
from crm_app.pipelines.models import Pipeline

Rule = dict[str, Any]
"""A rule of approval as the pipeline keeps it."""


@contextmanager
def by_nobody(tx: Tx) -> Iterator[None]:
    """Within the block it is no matter who asks: what needs approval needs it for everybody, whatever they may see."""
    actor = tx.actor
    with past_the_policies(tx.session):
        tx.actor = tx.session.info["actor"]
        try:
            yield
        finally:
            tx.actor = actor


def rules_due(tx: Tx, deal: Deal, pipeline: Pipeline, to_id: int, from_id: int | None = None) -> list[Rule]:
    """The rules that guard a deal's way to a stage and whose conditions it fits, by its values as they are now.

    from_id: 0 for a deal that begins there. A rule whose conditions can't be asked any more fits every deal.
    """
    guarding = guards(pipeline.approvals, deal.stage_id if from_id is None else from_id, to_id)
    return _fitting(tx, deal, guarding) if guarding else []


def _fitting(tx: Tx, deal: Deal, guarding: Sequence[Rule]) -> list[Rule]:
    """One statement, whatever the number of rules."""
    asked = [rule for rule in guarding if rule["conditions"]]
    if not asked:
        return list(guarding)
    with by_nobody(tx), tx.with_bin():
        conditions = {f"fits_{place}": _condition(tx, rule) for place, rule in enumerate(asked)}
        labelled = [condition.label(name) for name, condition in conditions.items()]
        row = tx.one(select(Deal.id, *labelled).where(Deal.id == bindparam("deal")), deal=deal.id)
    fits = {rule["key"] for rule, held in zip(asked, row[1:], strict=True) if held}
    return [rule for rule in guarding if not rule["conditions"] or rule["key"] in fits]


def _condition(tx: Tx, rule: Rule) -> Any:
    try:
        return compile_filter(tx, rule["conditions"], asked_by(tx, "deal", rule["conditions"]))
    except BadInput:
        return true()


def stamp_of(deal: Deal, rules: Sequence[Rule]) -> str:
    """What an approval is given for: another stamp, and it has to be given anew.

    The amount counts always, beside each field that the rules' conditions name.
    """
    names = sorted(set().union(*(fields_of(rule["conditions"]) for rule in rules)) if rules else ())
    told = {name: _value(deal, name) for name in ("amount", "currency", *names)}
    if any(rule["spares_responsible"] or HEAD in rule["approvers"] for rule in rules):
        told["responsible_id"] = deal.responsible_id
    asked = [{name: value for name, value in rule.items() if name != "words"} for rule in rules]
    return hashlib.sha256(json.dumps([told, asked], sort_keys=True, default=str).encode()).hexdigest()


def _value(deal: Deal, name: str) -> Any:
    if name.startswith(PREFIX):
        return (deal.fields or {}).get(name.removeprefix(PREFIX))
    value = getattr(deal, name, None) if name in type(deal).model_fields else None
    return None if name in ("updated_at", "version") else value


_UNDER_WAY = select(DealApproval).where(
    DealApproval.deal_id == bindparam("deal"), DealApproval.state.in_(("open", "granted"))
)


def under_way(tx: Tx, deal_id: int) -> list[DealApproval]:
    """The requests of a deal that are not ended."""
    with by_nobody(tx):
        return tx.all(_UNDER_WAY, deal=deal_id)


def is_granted(approval: DealApproval, deal: Deal, rules: Sequence[Rule]) -> bool:
    """Whether a request was approved for just what is to be done now."""
    return (
        approval.state == "granted"
        and approval.from_stage_id == deal.stage_id
        and approval.stamp == stamp_of(deal, rules)
    )


def needed(tx: Tx, deal: Deal, pipeline: Pipeline, stage_ids: Sequence[int]) -> dict[int, Reason]:
    """By stage, whose approval a deal needs to enter it; those that it needs none for, or has it, are not there."""
    if not pipeline.approvals:
        return {}
    due = {stage_id: rules for stage_id in stage_ids if (rules := rules_due(tx, deal, pipeline, stage_id))}
    if not due:
        return {}
    asked = {approval.to_stage_id: approval for approval in under_way(tx, deal.id or 0)}
    needs: dict[int, Reason] = {}
    staff = None
    for stage_id, rules in due.items():
        approval = asked.get(stage_id)
        if approval is not None and is_granted(approval, deal, rules):
            continue
        if approval is not None and approval.state == "open":
            names = waits_for(tx, [approval.id or 0]).get(approval.id or 0, [])
            needs[stage_id] = Reason("deals.error.approval_waits", params={"whom": ", ".join(names)})
            continue
        staff = staff or staff_of(tx)
        needs[stage_id] = _reason(staff, rules, deal, tx.actor.id)
    return needs


def _reason(staff: Staff, rules: Sequence[Rule], deal: Deal, asker_id: int) -> Reason:
    people: dict[int, None] = {}
    for rule in rules:
        for who in rule["approvers"]:
            people |= dict.fromkeys(staff.whom(who, rule, deal, asker_id))
    names = ", ".join(staff.names[each] for each in people)
    return Reason("deals.error.needs_approval", params={"whom": names})


@dataclass(frozen=True)
class Staff:
    """Who works here and may approve. roles, departments: by employee; heads: of departments; overriders: who holds
    the right to go past the order; all_departments: of everybody; closed: whose account is.
    """

    names: Mapping[int, str]
    roles: Mapping[int, str]
    departments: Mapping[int, int | None]
    overriders: Sequence[int]
    all_departments: Mapping[int, int | None]
    closed: frozenset[int]

    def whom(self, who: str, rule: Rule, deal: Deal, asker_id: int) -> list[int]:
        """Who may decide for an approver of a rule. Nobody approves their own: where that leaves nobody it is the
        head of the department, then whoever may go past the order; [] where there is nobody at all.
        """
        out = {asker_id, deal.responsible_id} if rule["spares_responsible"] else {asker_id}
        named = who.removeprefix("employee:")
        of_department = int(named) if named != who else deal.responsible_id
        choices = (self._named(who, deal), self.heads_of(of_department), self.overriders)
        return next((left for chosen in choices if (left := [each for each in chosen if each not in out])), [])

    def _named(self, who: str, deal: Deal) -> list[int]:
        kind, _, value = who.partition(":")
        if kind == "employee":
            return [int(value)] if int(value) in self.names else []
        if kind == "role":
            return [each for each, role in self.roles.items() if role == value]
        return self.heads_of(deal.responsible_id)

    def heads_of(self, employee_id: int) -> list[int]:
        """The heads of an employee's department."""
        department = self.all_departments.get(employee_id)
        here = [each for each, of in self.departments.items() if of == department and department is not None]
        return [each for each in here if self.roles[each] == HEADS]


_STAFF = select(
    Employee.id, Employee.name, Employee.department_id, Employee.disabled_at, Role.key, Role.permissions
).join(Role, Role.id == Employee.role_id).order_by(Employee.id)  # fmt: skip


def staff_of(tx: Tx) -> Staff:
    """Everybody who may be asked."""
    with by_nobody(tx):
        rows = tx.all(_STAFF)
    there = [row for row in rows if row.disabled_at is None and _holds(row, "deal.approve")]
    return Staff(
        names={row.id: row.name for row in there},
        roles={row.id: row.key for row in there},
        departments={row.id: row.department_id for row in there},
        overriders=[row.id for row in there if _holds(row, "deal.override")],
        all_departments={row.id: row.department_id for row in rows},
        closed=frozenset(row.id for row in rows if row.disabled_at is not None),
    )


def _holds(row: Any, permission: str) -> bool:
    return row.key == ADMINISTRATOR or bool(row.permissions.get(permission))


_ASKED = (
    select(DealApprovalAsk.approval_id, Employee.name)
    .join(Employee, Employee.id == DealApprovalAsk.employee_id)
    .where(DealApprovalAsk.approval_id.in_(bindparam("ids", expanding=True)), DealApprovalAsk.is_open)
    .order_by(DealApprovalAsk.id)
)


def waits_for(tx: Tx, approval_ids: Sequence[int]) -> dict[int, list[str]]:
    """By request, the names of who may decide now."""
    found: dict[int, dict[str, None]] = {}
    with by_nobody(tx):
        for approval_id, name in tx.all(_ASKED, ids=list(approval_ids)) if approval_ids else []:
            found.setdefault(approval_id, {})[name] = None
    return {approval_id: list(names) for approval_id, names in found.items()}
