"""One lead: added, changed, removed, brought back; and who may not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_app.access.events import CompanySetUp
from crm_app.cards.queries.every_card import list_notifications, search_cards, see_timeline
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import Tx, action, perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.deals.actions.cards import create_deal
from crm_app.deals.drafts import DealDraft
from crm_app.leads.actions.cards import add_lead, change_lead, remove_lead, restore_lead
from crm_app.leads.actions.moves import move_lead
from crm_app.leads.queries.cards import find_lead_duplicates, list_leads, list_sources, see_lead
from crm_app.leads.reactions import give_lead_pipeline
from crm_app.pipelines.actions.arranging import change_stage
from crm_app.pipelines.queries import PipelineRow, list_pipelines
from crm_app.tasks.queries import list_tasks
from tests import make as cards
from tests.leads import make
from tests.work import work_off


@pytest.fixture(autouse=True)
def way(adam: Actor) -> PipelineRow:
    return make.way(adam)


def test_a_lead_is_added_with_all_that_is_known(ann: Actor, way: PipelineRow) -> None:
    values = {
        "person": " Пров  Лукин ", "organisation": "ООО «Вектор»", "phones": ["8 (915) 123-45-67"],
        "emails": ["Luk@A.ru"], "source": "Радио Шансон", "channel": "call", "utm_campaign": "осень",
        "interest": "Насосы, 20 штук", "city": "Тула", "site": "vector.example",
    }  # fmt: skip
    made = perform(ann, add_lead, values=values)
    card = perform(ann, see_lead, lead_id=made.id)
    assert (card.name, card.person, card.site) == ("ООО «Вектор»", "Пров Лукин", "https://vector.example")
    assert card.phones == ["+79151234567"] and card.emails == ["luk@a.ru"] and card.responsible == "Анна"
    assert (card.stage, card.stage_kind, card.touch) == ("Новый", "open", "waiting")
    assert card.touch_due_at is not None and (card.touch_due_at - card.created_at).total_seconds() == 3600
    assert perform(ann, list_sources)[-1] == "Радио Шансон" and card.stage_id == way.stages[0].id
    assert [row.name for row in perform(ann, see_timeline, card="lead", card_id=made.id)] == ["LeadAdded"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "name"), ({"name": " "}, "name"), ({"name": "Икс", "phones": ["нет"]}, "phones"),
        ({"name": "Икс", "channel": "голубь"}, "channel"), ({"name": "Икс", "site": "не сайт"}, "site"),
        ({"name": "Икс", "utm_term": "х" * 301}, "utm_term"),
        ({"name": "Икс", "responsible_id": 999}, "responsible_id"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_its_field(ann: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        perform(ann, add_lead, values=values)
    assert refusal.value.field == field or [reason.field for reason in refusal.value.reasons] == [field]


def test_who_asks_again_by_the_same_phone_is_proposed_first(ann: Actor, bob: Actor) -> None:
    first = make.lead(ann, phones=["89151234567"])
    again = {"name": "Опять насосы", "phones": ["+7 915 123-45-67"]}
    with pytest.raises(RuleBroken, match="Насосы") as refusal:
        perform(ann, add_lead, values=again)
    assert refusal.value.reasons[0].params["id"] == first.id
    assert perform(bob, find_lead_duplicates, phones=["89151234567"]) == []
    assert perform(ann, add_lead, values=again, force=True).id != first.id
    perform(ann, add_lead, values={"name": "Насосы для Вектора"})


def test_fields_are_changed_and_told_of(ann: Actor) -> None:
    made = make.lead(ann, phones=["+79151234567"], source="site")
    perform(ann, change_lead, lead_id=made.id, values={"source": "Радио", "phones": [], "person": "Пров"}, version=1)
    card = perform(ann, see_lead, lead_id=made.id)
    assert (card.source, card.phones, card.version, card.name) == ("Радио", [], 2, "Насосы для Вектора")
    (fact, _) = perform(ann, see_timeline, card="lead", card_id=made.id)
    assert fact.details["changes"] == {
        "phones": [["+79151234567"], []], "source": ["site", "Радио"], "person": ["", "Пров"],
    }  # fmt: skip
    with pytest.raises(RuleBroken):
        perform(ann, change_lead, lead_id=made.id, values={"city": "Тула"}, version=1)
    with pytest.raises(BadInput):
        perform(ann, change_lead, lead_id=made.id, values={"name": ""})


def test_a_lead_goes_to_the_bin_and_comes_back(ann: Actor) -> None:
    made = make.lead(ann, phones=["+79151234567"])
    perform(ann, remove_lead, lead_id=made.id)
    assert perform(ann, list_leads).rows == perform(ann, search_cards, words="насосы") == []
    with pytest.raises(NotFound):
        perform(ann, see_lead, lead_id=made.id)
    perform(ann, restore_lead, lead_id=made.id)
    assert [found.card for found in perform(ann, search_cards, words="9151234567")] == ["lead"]


def test_rights_are_by_scope(ann: Actor, bob: Actor, mary: Actor, olga: Actor, greg: Actor) -> None:
    made = make.lead(ann)
    for reader in (ann, olga, mary):
        assert perform(reader, see_lead, lead_id=made.id).name
    for stranger, refusal in ((mary, Forbidden), (bob, NotFound), (greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(stranger, change_lead, lead_id=made.id, values={"city": "Тула"})
        with pytest.raises(refusal):
            perform(stranger, remove_lead, lead_id=made.id)
        with pytest.raises(refusal):
            perform(stranger, restore_lead, lead_id=made.id)
    for stranger, refusal in ((greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(stranger, add_lead, values={"name": "Икс"})
    with pytest.raises(Forbidden):
        perform(ann, add_lead, values={"name": "Икс", "responsible_id": bob.id})
    assert make.lead(mary, "От Марии", responsible_id=ann.id, phones=["+79151234567"]).responsible_id == ann.id
    theirs = make.lead(olga, "Чужой")
    with pytest.raises(Forbidden):
        perform(ann, change_lead, lead_id=theirs.id, values={"phones": ["+79151234567"]})


def test_hidden_fields_are_blank_and_read_only_ones_stay(ann: Actor) -> None:
    made = make.lead(ann, phones=["+79151234567"], source="site")
    blind = replace(ann, hidden={"lead": frozenset({"phones", "phone", "source"})})
    card = perform(blind, see_lead, lead_id=made.id)
    assert (card.phones, card.source, perform(blind, list_leads).rows[0].phone) == ([], "", "")
    assert perform(blind, list_leads, q="9151234567").rows == []
    with pytest.raises(BadInput):
        perform(blind, list_leads, sort="source")
    locked = replace(ann, read_only={"lead": frozenset({"phones", "source"})})
    for values in ({"phones": []}, {"source": "social"}):
        with pytest.raises(Forbidden):
            perform(locked, change_lead, lead_id=made.id, values=values)


def test_leads_have_pipelines_of_their_own(ann: Actor, adam: Actor, way: PipelineRow) -> None:
    assert perform(ann, list_pipelines) == [] and perform(ann, list_pipelines, card="lead") == [way]
    with pytest.raises(BadInput):
        perform(adam, create_deal, pipeline_id=way.id, values=DealDraft(name="Икс"))
    with pytest.raises(BadInput):
        perform(adam, change_stage, stage_id=way.stages[0].id, values={"required_fields": ["amount"]})


def test_whose_a_lead_is_now_is_told_and_who_did_it_is_not(ann: Actor, olga: Actor, way: PipelineRow) -> None:
    made = make.lead(olga, responsible_id=ann.id)
    perform(olga, change_lead, lead_id=made.id, values={"responsible_id": olga.id})
    perform(olga, change_lead, lead_id=made.id, values={"responsible_id": ann.id})
    perform(olga, move_lead, lead_id=made.id, stage_id=way.stages[1].id)
    work_off()
    told = [(row.key, row.params["who"], row.href) for row in reversed(perform(ann, list_notifications))]
    assert told == [
        (f"leads.notice.{word}", "Ольга", f"/leads/{made.id}") for word in ("assigned", "assigned", "moved")
    ]
    assert perform(olga, list_notifications) == []


def test_a_new_company_has_a_pipeline_of_leads_once(database: object, adam: Actor) -> None:
    assert perform(SYSTEM, set_up_again) == perform(SYSTEM, set_up_again) == 1


@action("test.set_up_leads")
def set_up_again(tx: Tx) -> int:
    give_lead_pipeline(tx, CompanySetUp(card_id=1, company="Тест", samples=False, locale="ru"))
    return len(tx.do(list_pipelines, card="lead"))


def test_a_task_is_planned_on_a_lead(ann: Actor) -> None:
    made = make.lead(ann)
    cards.task(ann, "Позвонить", about=[{"card": "lead", "card_id": made.id}])
    (row,) = perform(ann, list_tasks, card="lead", card_id=made.id).rows
    assert [(tie.card, tie.title) for tie in row.about] == [("lead", "Насосы для Вектора")]
