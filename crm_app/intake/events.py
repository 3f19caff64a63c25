"""What has happened to the ways by which leads come in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from crm_app.core.events import Fact

LEAD_FORMS = "lead_forms"
"""The live topic of all forms."""
LEAD_RULES = "lead_rules"
"""Of all rules."""
POOL = "lead_pool"
"""Of the leads that are nobody's."""


@dataclass(frozen=True, kw_only=True)
class LeadFormFact(Fact):
    """A fact about a form. name: as it was called."""

    card: ClassVar[str] = "lead_form"
    name: str

    def topics(self) -> Iterable[str]:
        return (LEAD_FORMS,)


class LeadFormAdded(LeadFormFact):
    pass


class LeadFormChanged(LeadFormFact):
    pass


class LeadFormRemoved(LeadFormFact):
    pass


@dataclass(frozen=True, kw_only=True)
class LeadCameByForm(Fact):
    """A stranger has sent a form. form: its name; consent: what they agreed to, word for word."""

    card: ClassVar[str] = "lead"
    form_id: int
    form: str
    consent: str = ""

    def topics(self) -> Iterable[str]:
        return (*super().topics(), LEAD_FORMS)


@dataclass(frozen=True, kw_only=True)
class LeadRuleFact(Fact):
    """A fact about a rule of distribution. name: as it was called."""

    card: ClassVar[str] = "lead_rule"
    name: str

    def topics(self) -> Iterable[str]:
        return (LEAD_RULES,)


class LeadRuleAdded(LeadRuleFact):
    pass


class LeadRuleChanged(LeadRuleFact):
    pass


class LeadRuleRemoved(LeadRuleFact):
    pass


@dataclass(frozen=True, kw_only=True)
class LeadDistributed(Fact):
    """A lead of nobody's was given to somebody. rule: as it was called; open_leads: that they had then, by load.

    when: by language, what the rule asked for then, in words; "" where it asked for nothing, or for what a role may not
    see.
    """

    card: ClassVar[str] = "lead"
    rule_id: int
    rule: str
    way: str
    employee_id: int
    open_leads: int | None = None
    when: dict[str, str] = field(default_factory=dict)

    def topics(self) -> Iterable[str]:
        return (*super().topics(), POOL)


@dataclass(frozen=True, kw_only=True)
class LeadTaken(Fact):
    """Somebody took a lead of nobody's."""

    card: ClassVar[str] = "lead"

    def topics(self) -> Iterable[str]:
        return (*super().topics(), POOL)
