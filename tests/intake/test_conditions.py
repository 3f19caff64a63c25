"""A rule asks for whatever the list of leads is filtered by, keeps the company's hours, and what it said stays said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crm_app.access.actions.roles import set_field_right
from crm_app.access.queries import list_roles
from crm_app.cards.actions.fields import remove_field
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput
from crm_app.core.settings import settings
from crm_app.intake import turns
from crm_app.intake.actions.distribution import add_rule, change_rule, remove_rule
from crm_app.intake.drafts import LeadRuleDraft
from crm_app.intake.queries.distribution import list_rules, why_whose
from crm_app.worktime.actions import forget_day, set_days
from tests.cards.fields import field as own_field
from tests.intake import make
from tests.intake.test_distribution import nobodys, whose
from tests.leads import make as leads
from tests.people import actor
from tests.work import work_off


@pytest.fixture(autouse=True)
def way(adam: Actor) -> None:
    leads.way(adam)


def asks(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"all": [{"field": name, "op": op, "value": value}]}


def test_a_rule_asks_for_fields_of_the_companys_own(adam: Actor, ann: Actor, bob: Actor) -> None:
    size = own_field("choice", "Размер", card="lead")
    amount = own_field("number", "Штук", card="lead")
    (red, *_) = size.options
    make.rule(adam, "Большие", [ann], conditions=asks(f"fields.{amount.key}", "gt", 10))
    make.rule(adam, "Красные", [bob], conditions=asks(f"fields.{size.key}", "eq", red["key"]))
    many = nobodys(adam, "Много", fields={amount.key: 20})
    one = nobodys(adam, "Красный", fields={size.key: red["key"], amount.key: 1})
    none = nobodys(adam, "Ни то ни сё", fields={amount.key: 3})
    work_off()
    assert [whose(adam, each) for each in (many, one, none)] == [ann.name, bob.name, ""]
    assert "Штук" in perform(adam, list_rules)[0].words
    perform(adam, remove_field, field_id=amount.id)
    later = nobodys(adam, "После")
    work_off()
    assert whose(adam, later) == ""  # what can't be asked any more fits nothing


@pytest.mark.parametrize(
    ("conditions", "values"),
    [
        (asks("utm_source", "eq", "ya"), {"utm_source": "ya"}), (asks("city", "contains", "перм"), {"city": "Пермь"}),
        (asks("open", "eq", True), {}), (asks("created_at", "in", "today"), {}),
        ({"any": [*asks("city", "eq", "Уфа")["all"], {"none": asks("channel", "eq", "mail")["all"]}]}, {}),
        (asks("text", "contains", "турбин"), {"interest": "Две турбины"}),
    ],
)  # fmt: skip
def test_a_rule_asks_for_what_the_list_does(
    adam: Actor, ann: Actor, conditions: dict[str, Any], values: dict[str, Any]
) -> None:
    make.rule(adam, "Правило", [ann], conditions=conditions)
    fits, not_so = nobodys(adam, "Подходит", **values), asks("city", "eq", "нигде")
    work_off()
    assert whose(adam, fits) == ann.name
    perform(adam, change_rule, rule_id=perform(adam, list_rules)[0].id, values=LeadRuleDraft(conditions=not_so))
    other = nobodys(adam, "Другой", **values)
    work_off()
    assert whose(adam, other) == ""


@pytest.mark.parametrize("name", sorted(turns.NOT_ASKED))
def test_what_is_each_readers_own_is_not_asked(adam: Actor, ann: Actor, name: str) -> None:
    for op, value in (("eq", True), ("has", "1"), ("eq", ann.id), ("empty", True)):
        draft = LeadRuleDraft(name="Правило", employee_ids=[ann.id], conditions=asks(name, op, value))
        with pytest.raises(BadInput):
            perform(adam, add_rule, values=draft)


def test_a_rule_holds_in_working_time_or_out_of_it(adam: Actor, ann: Actor, bob: Actor) -> None:
    make.rule(adam, "Рабочее время", [ann], worktime="in")
    make.rule(adam, "Дежурный", [bob], worktime="out")
    works = nobodys(adam, "Днём")
    work_off()
    today = clock.in_zone(clock.now(), settings().timezone.key).date()
    days = [today + timedelta(days=n) for n in (-1, 0, 1)]
    perform(adam, set_days, days=[{"day": day, "hours": None, "name": "Праздник"} for day in days])
    rests = nobodys(adam, "В праздник")
    work_off()
    for day in days:
        perform(adam, forget_day, day=day)
    assert [whose(adam, each) for each in (works, rests)] == [ann.name, bob.name]
    with pytest.raises(BadInput):
        perform(adam, add_rule, values=LeadRuleDraft(name="Правило", employee_ids=[ann.id], worktime="ночью"))


def test_why_stays_as_it_was_when_the_rule_is_another(adam: Actor, ann: Actor) -> None:
    rule = make.rule(
        adam, "Пермь", [ann], conditions=asks("city", "eq", "Пермь"), days=[1, 2, 3, 4, 5, 6, 7], worktime="in"
    )
    lead_id = nobodys(adam, city="Пермь")
    work_off()
    said = perform(actor("ann"), why_whose, lead_id=lead_id)
    assert said is not None and "Пермь" in said.when and "в рабочее время" in said.when and "вс" in said.when
    perform(adam, change_rule, rule_id=rule.id, values=LeadRuleDraft(name="Уфа", conditions=asks("city", "eq", "Уфа")))
    assert perform(actor("ann"), why_whose, lead_id=lead_id) == said
    perform(adam, remove_rule, rule_id=rule.id)
    assert perform(actor("ann"), why_whose, lead_id=lead_id) == said and said.rule == "Пермь"


def test_why_tells_nothing_of_a_field_that_some_role_does_not_see(adam: Actor, ann: Actor) -> None:
    (marketer,) = [role[0] for role in perform(adam, list_roles) if role[1] == "marketer"]
    perform(adam, set_field_right, role_id=marketer, card="lead", field="city", level="hidden")
    make.rule(adam, "Пермь", [ann], conditions=asks("city", "eq", "Пермь"), worktime="in")
    lead_id = nobodys(adam, city="Пермь")
    work_off()
    said = perform(actor("mary"), why_whose, lead_id=lead_id)
    assert said is not None and said.when == "в рабочее время компании"
