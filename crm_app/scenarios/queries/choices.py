"""What there is to choose from where a scenario is put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crm_app.access.models import Employee
from crm_app.cards.field_rules import PREFIX
from crm_app.cards.lists import LISTS
from crm_app.cards.queries.filtering import list_askable
from crm_app.core.door import Tx, query
from crm_app.core.i18n import text
from crm_app.pipelines.choices import stages_of_all
from crm_app.scenarios.plan_reading import CARD
from crm_app.scenarios.steps.set_field import SETTABLE

Choice = tuple[str, str]
WATCHED = (*SETTABLE, "client_id", "responsible_id")


@dataclass(frozen=True)
class Choices:
    """stages, employees: by id; settable: fields that a step can set; watched: those whose change is heard."""

    stages: list[Choice]
    employees: list[Choice]
    settable: list[Choice]
    watched: list[Choice]


@query("scenario.manage")
def see_choices(tx: Tx) -> Choices:
    """What triggers and steps can name."""
    person: Any = Employee
    people = tx.all(select(person.id, person.name).where(person.disabled_at.is_(None)).order_by(person.name))
    locale = tx.actor.locale
    own = [(each.name, each.label) for each in tx.do(list_askable, card=CARD) if each.name.startswith(PREFIX)]
    known = {name: text(LISTS[CARD].fields[name].label, locale) for name in WATCHED}
    return Choices(
        stages=stages_of_all(tx, CARD),
        employees=[("responsible", text("scenarios.say.responsible", locale)), *((str(i), name) for i, name in people)],
        settable=[*((name, known[name]) for name in SETTABLE), *own],
        watched=[*known.items(), *own],
    )
