"""A lead of nobody's goes to somebody by the first rule that fits, and its card says why; else it waits to be taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.access.actions.roles import set_field_right
from crm_app.access.queries import list_roles
from crm_app.cards.queries.every_card import list_notifications, see_timeline
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import Tx, action, perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.intake import turns
from crm_app.intake.actions.distribution import add_rule, change_rule, distribute, move_rule, remove_rule
from crm_app.intake.actions.pool import take_lead
from crm_app.intake.drafts import LeadRuleDraft
from crm_app.intake.queries.distribution import known_before, list_pool, list_rules, why_whose
from crm_app.leads.actions.moves import disqualify_lead
from crm_app.leads.models import Lead
from crm_app.leads.queries.cards import see_lead
from tests import make as cards
from tests import people
from tests.intake import make
from tests.leads import make as leads
from tests.work import work_off

SITE = {"all": [{"field": "source", "op": "eq", "value": "site"}]}


@pytest.fixture(autouse=True)
def way(adam: Actor) -> None:
    leads.way(adam)


@action("test.distribute")
def given_out(tx: Tx, lead_id: int) -> None:
    """What the reaction does."""
    distribute(tx, tx.need(Lead, lead_id))


def nobodys(adam: Actor, name: str = "Насосы", **values: Any) -> int:
    return leads.lead(adam, name, responsible_id=None, **values).id or 0


def whose(adam: Actor, lead_id: int) -> str:
    return perform(adam, see_lead, lead_id=lead_id).responsible


def test_a_lead_of_nobodys_goes_in_turn_and_says_why(adam: Actor, olga: Actor, ann: Actor, bob: Actor) -> None:
    make.rule(olga, "С сайта", [ann, bob], conditions=SITE)
    came = [nobodys(adam, f"Лид {n}", source="site") for n in range(3)]
    elsewhere, kept = nobodys(adam, source="partner"), leads.lead(bob, source="site").id or 0
    work_off()
    assert [whose(adam, each) for each in came] == [ann.name, bob.name, ann.name]
    assert (whose(adam, elsewhere), whose(adam, kept)) == ("", whose(bob, kept))
    why = perform(ann, why_whose, lead_id=came[0])
    assert why is not None and (why.rule, why.way, why.employee) == ("С сайта", "round", whose(adam, came[0]))
    fact = next(
        row for row in perform(ann, see_timeline, card="lead", card_id=came[0]) if row.name == "LeadDistributed"
    )
    assert fact.details["changes"] == {"responsible_id": [None, ann.id]} and fact.details["rule"] == "С сайта"
    assert [note.key for note in perform(ann, list_notifications)] == ["intake.notice.given"] * 2
    assert [row.id for row in perform(ann, list_pool)] == [elsewhere]
    assert perform(adam, why_whose, lead_id=elsewhere) is None


def test_turns_are_exact_when_leads_come_at_once(adam: Actor, ann: Actor, bob: Actor, olga: Actor) -> None:
    make.rule(adam, "Все", [ann, bob, olga])
    came = [nobodys(adam, f"Лид {n}") for n in range(9)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda lead_id: perform(SYSTEM, given_out, lead_id=lead_id), came))
    had = [whose(adam, each) for each in came]
    assert sorted(had.count(name) for name in set(had)) == [3, 3, 3]


def test_by_load_the_one_with_the_fewest_open_leads_has_it_also_at_once(adam: Actor, ann: Actor, bob: Actor) -> None:
    for n in range(4):
        leads.lead(ann, f"Старый {n}")
    make.rule(adam, "Меньше всех", [ann, bob], way="load")
    came = [nobodys(adam, f"Лид {n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda lead_id: perform(SYSTEM, given_out, lead_id=lead_id), came))
    had = [whose(adam, each) for each in came]
    assert had.count(bob.name) == 5 and had.count(ann.name) == 1
    told = [perform(adam, why_whose, lead_id=each) for each in came]
    assert sorted(each.open_leads for each in told if each) == [0, 1, 2, 3, 4, 4]


def test_rules_are_asked_in_order_and_skip_who_does_not_work_here(adam: Actor, ann: Actor, bob: Actor) -> None:
    first = make.rule(adam, "Только Анне", [ann], way="employee")
    second = make.rule(adam, "Только Борису", [bob], way="employee")
    perform(adam, move_rule, rule_id=second.id, place=0)
    one = nobodys(adam, "Один")
    perform(SYSTEM, given_out, lead_id=one)
    perform(adam, disable_employee, employee_id=bob.id)
    two = nobodys(adam, "Два")
    perform(SYSTEM, given_out, lead_id=two)
    perform(adam, change_rule, rule_id=first.id, values=LeadRuleDraft(is_on=False))
    three = nobodys(adam, "Три")
    perform(SYSTEM, given_out, lead_id=three)
    assert [whose(adam, each) for each in (one, two, three)] == [bob.name, ann.name, ""]
    perform(adam, remove_rule, rule_id=first.id)
    assert [row.name for row in perform(adam, list_rules)] == ["Только Борису"]


@pytest.mark.parametrize(
    ("at", "days", "hours", "is_in"),
    [
        ("2026-11-23T09:00", [], (0, 0), True), ("2026-11-23T09:00", [1, 2, 3, 4, 5], (9, 18), True),
        ("2026-11-23T17:59", [1], (9, 18), True), ("2026-11-23T18:00", [1], (9, 18), False),
        ("2026-11-23T08:59", [1], (9, 18), False), ("2026-11-22T12:00", [1, 2, 3, 4, 5], (0, 0), False),
        ("2026-11-23T23:00", [1], (22, 6), True), ("2026-11-24T05:59", [1], (22, 6), True),
        ("2026-11-23T05:59", [1], (22, 6), False), ("2026-11-23T05:59", [7], (22, 6), True),
        ("2026-11-23T12:00", [], (22, 6), False), ("2026-11-23T23:59", [], (9, 0), True),
    ],
)  # fmt: skip
def test_hours_are_the_companys_also_over_midnight(
    at: str, days: list[int], hours: tuple[int, int], is_in: bool
) -> None:
    assert turns.is_in_hours(datetime.fromisoformat(at), days, *hours) is is_in


@pytest.mark.parametrize(
    ("working", "last", "following"), [([1, 2, 3], None, 1), ([1, 2, 3], 1, 2), ([1, 2, 3], 3, 1), ([1, 3], 1, 3),
    ([1, 3], 2, 3), ([2], 2, 2), ([3], 9, 3)],
)  # fmt: skip
def test_the_next_is_who_stands_behind_the_last_one(working: list[int], last: int | None, following: int) -> None:
    assert turns.next_in_turn(working, [1, 2, 3], last) == following


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"), ({"employee_ids": []}, "employee_ids"), ({"employee_ids": [999]}, "employee_ids"),
        ({"way": "жребий"}, "way"), ({"days": [0]}, "days"), ({"from_hour": 25}, "from_hour"),
        ({"conditions": {"all": [{"field": "star", "op": "eq", "value": True}]}}, "filter"),
        ({"conditions": {"some": 1}}, "filter"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused(adam: Actor, ann: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        perform(adam, add_rule, values=LeadRuleDraft(**{"name": "Правило", "employee_ids": [ann.id], **values}))
    assert field == "filter" or [reason.field for reason in refusal.value.reasons] == [field]


def test_a_lead_of_nobodys_is_taken_once(adam: Actor, ann: Actor, bob: Actor, mary: Actor, greg: Actor) -> None:
    lead_id = nobodys(adam, "Ничей")
    perform(ann, take_lead, lead_id=lead_id)
    assert whose(ann, lead_id) == ann.name and perform(bob, list_pool) == []
    assert [row.name for row in perform(ann, see_timeline, card="lead", card_id=lead_id)][:1] == ["LeadTaken"]
    with pytest.raises(RuleBroken):
        perform(bob, take_lead, lead_id=lead_id)
    with pytest.raises(NotFound):
        perform(bob, take_lead, lead_id=999)
    for person, refusal in ((mary, Forbidden), (greg, Forbidden), (NOBODY, NeedsLogin)):
        for ability, arguments in ((take_lead, {"lead_id": lead_id}), (list_pool, {})):
            with pytest.raises(refusal):
                perform(person, ability, **arguments)


def test_what_is_closed_is_not_in_the_pool_and_not_taken_out_of_it(adam: Actor, ann: Actor) -> None:
    lead_id = nobodys(adam, "Ничей и закрыт", phones=["8 915 123-45-67"])
    perform(adam, disqualify_lead, lead_id=lead_id, reason="Спам")
    assert perform(ann, list_pool) == []
    with pytest.raises(NotFound):
        perform(ann, take_lead, lead_id=lead_id)
    with pytest.raises(NotFound):
        perform(ann, see_lead, lead_id=lead_id)


def test_only_who_may_arranges_rules_or_asks_why(adam: Actor, ann: Actor, bob: Actor, greg: Actor) -> None:
    rule = make.rule(adam, "Правило", [ann])
    lead_id = leads.lead(bob, "Чужой").id
    for ability, arguments in (
        (list_rules, {}), (add_rule, {"values": LeadRuleDraft(name="Моё", employee_ids=[ann.id])}),
        (change_rule, {"rule_id": rule.id, "values": LeadRuleDraft(is_on=False)}), (remove_rule, {"rule_id": rule.id}),
        (move_rule, {"rule_id": rule.id, "place": 0}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            perform(ann, ability, **arguments)
    for question in (why_whose, known_before):
        with pytest.raises(NotFound):
            perform(ann, question, lead_id=lead_id)
        with pytest.raises(Forbidden):
            perform(greg, question, lead_id=lead_id)


def test_who_has_asked_before_is_told_to_who_sees_them_alone(adam: Actor, ann: Actor, bob: Actor) -> None:
    cards.client(bob, "ООО «Вектор»", "company", phones=["+7 915 123-45-67"])
    mine = leads.lead(ann, "Раньше", emails=["luk@a.example"])
    lead = leads.lead(ann, "Теперь", phones=["8 915 123-45-67"], emails=["luk@a.example"])
    assert [(row.card, row.id, row.by) for row in perform(ann, known_before, lead_id=lead.id)] == [
        ("lead", mine.id, "email")
    ]
    assert {row.card for row in perform(adam, known_before, lead_id=lead.id)} == {"client", "lead"}
    (manager,) = [role[0] for role in perform(adam, list_roles) if role[1] == "manager"]
    perform(adam, set_field_right, role_id=manager, card="lead", field="phones", level="hidden")
    plain = people.actor("bob")
    theirs = leads.lead(bob, "Чужой", phones=["8 915 123-45-67"])
    assert perform(plain, known_before, lead_id=theirs.id) == []
