"""What the company adds to contacts and leads: the same as for clients, by their own actions, lists and workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_app.access.queries import list_roles
from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.actions.field_values import of_what_is_known
from crm_app.cards.actions.fields import add_field, change_field, set_field_level, write_fields
from crm_app.cards.field_queries import list_ways, see_own_fields
from crm_app.cards.queries.columns import tell_more
from crm_app.cards.queries.every_card import search_cards, see_timeline
from crm_app.contacts.actions.cards import add_contact, change_contact
from crm_app.contacts.export import write_contacts
from crm_app.contacts.queries import count_contacts, list_contacts, see_contact
from crm_app.core.actor import Actor
from crm_app.core.db import database
from crm_app.core.door import Tx, action, perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.leads.actions.cards import add_lead, change_lead
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.export import write_leads
from crm_app.leads.queries.cards import count_leads, list_leads, see_lead
from tests import people
from tests.cards.fields import field
from tests.contacts import make as contacts
from tests.duplicates.make import merge
from tests.leads import make as leads
from tests.plans import plan_of, statements_of


@dataclass(frozen=True)
class Kind:
    """What is done with cards of a kind."""

    card: str
    make: Callable[..., Any]
    add: Any
    change: Any
    see: Any
    listed: Any
    count: Any
    write: Any
    named: dict[str, Any]

    def of(self, card_id: int | None) -> dict[str, int | None]:
        return {f"{self.card}_id": card_id}

    def values(self, reader: Actor, card_id: int | None) -> dict[str, Any]:
        """The custom fields of a card as somebody sees them."""
        found: dict[str, Any] = perform(reader, self.see, **self.of(card_id)).fields
        return found

    def give(self, writer: Actor, card_id: int | None, **fields: Any) -> None:
        perform(writer, self.change, **self.of(card_id), values={"fields": fields})


KINDS = [
    Kind(
        "contact", contacts.contact, add_contact, change_contact, see_contact, list_contacts, count_contacts,
        write_contacts, {"name": "Ямщикова Яна"},
    ),
    Kind("lead", leads.lead, add_lead, change_lead, see_lead, list_leads, count_leads, write_leads, {"name": "Ещё"}),
]  # fmt: skip


@pytest.fixture(params=KINDS, ids=[kind.card for kind in KINDS])
def kind(request: pytest.FixtureRequest, adam: Actor) -> Kind:
    leads.way(adam)
    found: Kind = request.param
    return found


def test_values_are_kept_found_filtered_and_sorted(kind: Kind, ann: Actor) -> None:
    field("number", card=kind.card), field("text", "Марка", card=kind.card)
    field("formula", "Вдвое", card=kind.card, formula="razmer * 2")
    one = kind.make(ann, "Лукин Пров", fields={"razmer": "7", "marka": "Москвич"})
    other = kind.make(ann, "Репин Лука", fields={"razmer": 9})
    assert kind.values(ann, one.id) == {"razmer": 7, "marka": "Москвич", "vdvoe": 14}
    assert [row.id for row in perform(ann, search_cards, words="москвич")] == [one.id]
    kind.give(ann, one.id, marka="Победа")
    assert [row.id for row in perform(ann, search_cards, words="победа")] == [one.id]
    assert [row.id for row in perform(ann, kind.listed, sort="-fields.razmer").rows] == [other.id, one.id]
    where = {"field": "fields.razmer", "op": "gt", "value": 7}
    assert [row.id for row in perform(ann, kind.listed, where=where).rows] == [other.id]
    latest = perform(ann, see_timeline, card=kind.card, card_id=one.id)[0]
    assert latest.details["changes"] == {"fields.marka": ["Москвич", "Победа"]}
    told = perform(ann, tell_more, card=kind.card, ids=[one.id], keys=["fields.razmer", "fields.vdvoe"])
    assert told == {one.id: {"fields.razmer": "7", "fields.vdvoe": "14"}}


def test_a_filter_is_served_by_the_index_of_the_field(kind: Kind, ann: Actor, adam: Actor) -> None:
    made = field("number", card=kind.card)
    kind.make(ann, fields={"razmer": 7})
    where = {"field": "fields.razmer", "op": "eq", "value": 7}
    base = database()
    plans = [
        plan_of(base, one)
        for one in statements_of(base, lambda: perform(adam, kind.count, where=where))
        if f"FROM {kind.card}" in one
    ]
    if base.is_sqlite:  # the other one reads a table of one row as it is
        assert f"ix_value_{made.id}" in "\n".join(plans), plans


def test_what_is_wrong_or_required_is_refused_by_name(kind: Kind, ann: Actor) -> None:
    field("number", card=kind.card, required="creation")
    for fields in ({}, {"razmer": "семь"}, {"razmer": 1, "net": 1}):
        with pytest.raises(BadInput) as refusal:
            perform(ann, kind.add, values={**kind.named, "fields": fields})
        assert refusal.value.reasons[0].field in ("fields.razmer", "fields.net")
    made = perform(ann, kind.add, values={**kind.named, "fields": {"razmer": 1}})
    with pytest.raises(BadInput, match="Размер"):
        kind.give(ann, made.id, razmer="")
    assert kind.values(ann, made.id) == {"razmer": 1}


def test_a_value_goes_by_the_version_of_its_card(kind: Kind, ann: Actor, olga: Actor) -> None:
    field(card=kind.card)
    made = kind.make(ann, fields={"razmer": "S"})
    seen = perform(ann, see_own_fields, card=kind.card, card_id=made.id).version
    named = {"card": kind.card, "card_id": made.id}
    perform(olga, write_fields, **named, fields={"razmer": "M"}, version=seen)
    with pytest.raises(RuleBroken, match="кто-то другой"):
        perform(ann, write_fields, **named, fields={"razmer": "L"}, version=seen)
    assert kind.values(ann, made.id) == {"razmer": "M"}
    perform(ann, write_fields, **named, fields={"razmer": "L"}, version=(seen or 0) + 1)
    perform(ann, write_fields, **named, fields={"razmer": "XL"})  # without one, the last one wins
    assert kind.values(ann, made.id) == {"razmer": "XL"}


def test_who_must_not_changes_and_sees_nothing(kind: Kind, adam: Actor, ann: Actor, bob: Actor, mary: Actor) -> None:
    size = field(card=kind.card)
    made = kind.make(ann, fields={"razmer": "S"})
    for somebody, refusal in ((bob, NotFound), (mary, Forbidden), (people.NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(somebody, write_fields, card=kind.card, card_id=made.id, fields={"razmer": "M"})
    role = next(role_id for role_id, key, _, _ in perform(adam, list_roles) if key == "manager")
    perform(adam, set_field_level, field_id=size.id, role_id=role, level="hidden")
    blind = people.actor("ann")
    assert kind.values(blind, made.id) == {}
    assert perform(blind, see_own_fields, card=kind.card, card_id=made.id).fields == []
    with pytest.raises(BadInput):
        perform(blind, kind.listed, where={"field": "fields.razmer", "op": "eq", "value": "S"})
    with pytest.raises(BadInput):
        kind.give(blind, made.id, razmer="M")
    perform(adam, write_fields, card=kind.card, card_id=made.id, fields={"razmer": "M"})
    assert kind.values(adam, made.id) == {"razmer": "M"}


def test_many_are_given_one_value_at_once(kind: Kind, ann: Actor) -> None:
    field("choice", "Цвет", card=kind.card)
    ids = [kind.make(ann, name).id for name in ("Лукин Пров", "Репин Лука")]
    given = {"field": "fields.tsvet", "value": "Синий"}
    perform(ann, start_bulk, card=kind.card, operation="set", arguments=given, ids=ids)
    assert [kind.values(ann, card_id) for card_id in ids] == [{"tsvet": "siniy"}] * 2


def test_they_are_columns_of_a_workbook(kind: Kind, ann: Actor, tmp_path: Path) -> None:
    field("number", "Площадь", card=kind.card), field("formula", "Вдвое", card=kind.card, formula="ploschad * 2")
    kind.make(ann, fields={"ploschad": 12.5})
    target = tmp_path / "out.xlsx"
    assert kind.write(ann, target, None, "", "ru") == 1
    head, row = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active.iter_rows(values_only=True)
    assert (head[-2:], row[-2:]) == (("Площадь", "Вдвое"), (12.5, 25))


def test_merged_contacts_keep_what_was_chosen(ann: Actor) -> None:
    field(card="contact"), field("choices", "Цвета", card="contact")
    kept = contacts.contact(ann, fields={"tsveta": ["Красный"]})
    absorbed = contacts.contact(ann, "Репин Лука", fields={"razmer": "XL", "tsveta": ["Синий"]})
    merge(ann, kept.id or 0, absorbed.id or 0, card="contact")
    assert KINDS[0].values(ann, kept.id) == {"razmer": "XL", "tsveta": ["krasnyy", "siniy"]}


# ---- in chosen pipelines, and on cards that nobody types -------------------------------------------------------------


def test_a_field_of_one_pipeline_is_not_on_leads_of_another(adam: Actor, ann: Actor) -> None:
    first, second = leads.way(adam), leads.way(adam)
    field(card="lead", required="creation", pipelines=[second.id])
    plain = leads.lead(ann, pipeline_id=first.id)
    with pytest.raises(BadInput, match="Размер"):
        leads.lead(ann, "Другой", pipeline_id=second.id)
    with pytest.raises(BadInput, match="razmer"):
        KINDS[1].give(ann, plain.id, razmer="S")
    whole = leads.lead(ann, "Другой", pipeline_id=second.id, fields={"razmer": "S"})
    seen = [perform(ann, see_own_fields, card="lead", card_id=each.id).fields for each in (plain, whole)]
    assert [len(fields) for fields in seen] == [0, 1]


def test_only_pipelines_of_its_kind_bind_a_field(adam: Actor, ann: Actor) -> None:
    way = leads.way(adam)
    for card, pipelines in (("lead", [way.id + 1]), ("client", [way.id]), ("contact", [way.id])):
        values = {"name_ru": "Размер", "pipelines": pipelines}
        with pytest.raises(BadInput) as refusal:
            perform(adam, add_field, card=card, kind="text", values=values)
        assert refusal.value.reasons[0].field == "pipelines"
    made = field(card="lead", pipelines=[way.id])
    assert perform(adam, change_field, field_id=made.id, values={"pipelines": []}).pipelines == []
    assert [each.id for each in perform(adam, list_ways, card="lead")] == [way.id]
    with pytest.raises(Forbidden):
        perform(ann, list_ways, card="lead")


def test_cards_that_are_made_of_others_are_not_asked(adam: Actor, ann: Actor) -> None:
    leads.way(adam)
    lead = leads.lead(ann, person="Лукин Пров", organisation="Вектор")
    for card in ("contact", "client"):
        field(card=card, required="creation")
        field("choice", "Цвет", card=card, default="Синий")
    made = perform(ann, convert_lead, lead_id=lead.id, contact={"name": "Лукин Пров"}, client={"name": "Вектор"})
    assert KINDS[0].values(ann, made.contact_id) == {"tsvet": "siniy"}
    with pytest.raises(BadInput, match="Размер"):  # whoever adds one by hand is asked again
        contacts.contact(ann, "Репин Лука")


@action("lead.create")
def _add_and_add(tx: Tx, values: dict[str, Any]) -> None:
    with of_what_is_known(tx):
        tx.do(add_lead, values)
    tx.do(add_lead, values, force=True)


def test_only_what_is_within_is_not_asked(adam: Actor, ann: Actor) -> None:
    leads.way(adam)
    field(card="lead", required="creation")
    with pytest.raises(BadInput, match="Размер"):
        perform(ann, _add_and_add, values={"name": "Ещё"})
    assert perform(ann, count_leads) == 0
