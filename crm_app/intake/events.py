"""What has happened to the ways by which leads come in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from crm_app.core.events import Fact

LEAD_FORMS = "lead_forms"
"""The live topic of all forms."""


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
