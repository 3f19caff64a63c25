"""Rules of distribution, why a lead is whose it is, who has asked before, and what is still nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, select

from crm_app.access.models import Employee, FieldRight
from crm_app.cards.filter_words import describe, speaking
from crm_app.cards.filters import Fields, Filter, fields_of
from crm_app.cards.kinds import KINDS
from crm_app.cards.lists import LISTS, asked_of
from crm_app.cards.ways import emails_of, phones_of
from crm_app.clients.alike import Alike, alike, known_to
from crm_app.clients.matching import Likeness
from crm_app.core.door import Tx, query
from crm_app.core.errors import BadInput
from crm_app.core.events import FactRow
from crm_app.core.i18n import LOCALES, text
from crm_app.core.policy import past_the_policies
from crm_app.core.settings import settings
from crm_app.intake.models import LeadRule
from crm_app.intake.turns import NOT_ASKED
from crm_app.leads.models import Lead
from crm_app.pipelines.models import Stage
from crm_app.pipelines.rules import OPEN

MOST_IN_POOL = 100


@dataclass(frozen=True)
class LeadRuleRow:
    """A rule; see the model. words: its conditions in the reader's language, "" for none; when: with its hours."""

    id: int
    name: str
    is_on: bool
    conditions: dict[str, Any]
    words: str
    when: str
    days: list[int]
    from_hour: int
    to_hour: int
    worktime: str
    way: str
    employee_ids: list[int]


@dataclass(frozen=True)
class WhyWhose:
    """By which rule a lead went to whom. open_leads: that they had then, -1 where that was not asked.

    when: what the rule asked for then, in words.
    """

    rule: str
    way: str
    employee: str
    open_leads: int
    at: datetime
    when: str = ""


@dataclass(frozen=True)
class PoolRow:
    """A lead of nobody's: what has to be known to take it."""

    __card__: ClassVar[str] = "lead"

    id: int
    name: str
    interest: str
    source: str
    created_at: datetime
    touch_due_at: datetime | None


@dataclass(frozen=True)
class Known:
    """A card that may be of the same person. by: "phone" or "email"."""

    card: str
    id: int
    name: str
    by: str


@query("intake.change")
def list_rules(tx: Tx) -> list[LeadRuleRow]:
    """All rules in the order in which they are asked."""
    return [_row(tx, rule) for rule in tx.all(select(LeadRule).order_by(LeadRule.position, LeadRule.id))]


@query("lead.see")
def why_whose(tx: Tx, lead_id: int) -> WhyWhose | None:
    """Why a lead went to whom it went; None for one that no rule gave out. Raises NotFound."""
    tx.need(Lead, lead_id)
    told = tx.one(_WHY, lead_id=lead_id)
    if told is None:
        return None
    details, at = told
    name = tx.scalar(select(Employee.name).where(Employee.id == details["employee_id"])) or ""
    when = (details.get("when") or {}).get(tx.actor.locale or settings().locale, "")
    return WhyWhose(details["rule"], details["way"], name, details.get("open_leads", -1), at, when)


@query("lead.see")
def known_before(tx: Tx, lead_id: int) -> list[Known]:
    """Cards that the actor sees with the same phone or address as a lead. Raises NotFound.

    What is hidden of leads from the actor finds nothing.
    """
    tx.need(Lead, lead_id)
    numbers = frozenset(phone.number for phone in phones_of(tx, "lead", lead_id))
    like = Likeness("", phones=numbers, emails=frozenset(emails_of(tx, "lead", lead_id)))
    like = known_to(tx, "lead", like)
    if not like.phones and not like.emails:
        return []
    return [
        Known(card, each.id, each.name, each.by)
        for card in ("client", "contact", "lead")
        for each in _alike(tx, card, like, lead_id if card == "lead" else 0)
    ]


@query("lead.take")
def list_pool(tx: Tx) -> list[PoolRow]:
    """Open leads that are nobody's, the oldest first: also for who sees only those of their department."""
    with past_the_policies(tx.session):
        return [PoolRow(**row._asdict()) for row in tx.all(_POOL)]


def _alike(tx: Tx, card: str, like: Likeness, except_id: int) -> list[Alike]:
    return alike(tx, card, like, except_id) if tx.actor.may(f"{card}.see") and card in KINDS else []


def asked_by(tx: Tx, conditions: Filter) -> Fields:
    """What a rule's conditions may ask about: as the list of leads is filtered, the company's own fields too."""
    asked = asked_of(tx, LISTS["lead"], conditions)
    return {name: field for name, field in asked.items() if name not in NOT_ASKED}


def said_of(tx: Tx, rule: LeadRule) -> dict[str, str]:
    """When a rule holds, in words of each language: for a fact, which stays true when the rule is another.

    Conditions on a field that is hidden from some role are left out: whoever sees the lead reads the fact.
    """
    hidden = set(tx.all(select(FieldRight.field).where(FieldRight.card == "lead", FieldRight.level == "hidden")))
    is_kept = not hidden & fields_of(rule.conditions)
    words = {}
    for locale in LOCALES:
        with speaking(tx, locale):
            words[locale] = _when(rule, _conditions(tx, rule) if is_kept else "", locale)
    return words


def _conditions(tx: Tx, rule: LeadRule) -> str:
    if not rule.conditions:
        return ""
    try:
        return describe(tx, rule.conditions, asked_by(tx, rule.conditions), "lead")
    except BadInput as error:
        return error.text(tx.actor.locale)


def _when(rule: LeadRule, conditions: str, locale: str) -> str:
    days = ", ".join(text(f"intake.day.{day}", locale) for day in rule.days)
    hours = "" if rule.from_hour == rule.to_hour else f"{rule.from_hour}:00–{rule.to_hour or 24}:00"
    worktime = text(f"intake.worktime.{rule.worktime}", locale) if rule.worktime else ""
    return "; ".join(filter(None, (conditions, worktime, days, hours)))


def _row(tx: Tx, rule: LeadRule) -> LeadRuleRow:
    words, locale = _conditions(tx, rule), tx.actor.locale
    return LeadRuleRow(
        rule.id or 0, rule.name, rule.is_on, rule.conditions, words, _when(rule, words, locale), rule.days,
        rule.from_hour, rule.to_hour, rule.worktime, rule.way, rule.employee_ids,
    )  # fmt: skip


def _why() -> Any:
    told = select(FactRow.details, FactRow.at).where(FactRow.card == "lead", FactRow.name == "LeadDistributed")
    return told.where(FactRow.card_id == bindparam("lead_id")).order_by(FactRow.id.desc())


_WHY = _why()
_POOL = (
    select(Lead.id, Lead.name, Lead.interest, Lead.source, Lead.created_at, Lead.touch_due_at)
    .join(Stage, Stage.id == Lead.stage_id)
    .where(Lead.responsible_id.is_(None), Stage.kind == OPEN)
    .order_by(Lead.created_at, Lead.id)
    .limit(MOST_IN_POOL)
)
