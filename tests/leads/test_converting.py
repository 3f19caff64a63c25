"""A lead becomes a contact, a client and a deal, and is a lead again."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from crm_app.access.actions.roles import change_role
from crm_app.access.queries import list_roles
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.following import follow_card
from crm_app.cards.actions.tags import set_tags
from crm_app.cards.hanging import hanging_on
from crm_app.cards.queries.every_card import list_comments, list_tags, see_timeline
from crm_app.clients.actions.cards import change_client
from crm_app.clients.queries import see_client
from crm_app.contacts.queries import list_places, see_contact
from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from crm_app.deals.actions.cards import delete_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.queries.cards import see_deal
from crm_app.leads.actions.cards import change_lead, remove_lead
from crm_app.leads.actions.converting import convert_lead
from crm_app.leads.actions.moves import disqualify_lead, move_lead, take_back_lead
from crm_app.leads.actions.unconverting import Unconverted, undo_conversion
from crm_app.leads.drafts import ClientPart, ContactPart, DealPart
from crm_app.leads.models import Lead, LeadConversion
from crm_app.leads.queries.cards import count_leads, list_moves, see_lead
from crm_app.leads.queries.converting import list_open_deals, list_origins, propose_conversion, see_conversion
from crm_app.pipelines.queries import PipelineRow
from crm_app.tasks.actions.editing import create_task
from crm_app.tasks.queries import count_open_tasks
from tests import make as cards
from tests import people
from tests.contacts.make import contact
from tests.deals import make as deals
from tests.duplicates import make as merging
from tests.duplicates.tables import different, last_fact, whole
from tests.leads import make

ALL = {"contact": ContactPart(), "client": ClientPart(), "deal": DealPart()}
SAID = {
    "person": "Лукин Пров Ильич", "organisation": "ООО «Вектор»", "position": "Директор", "city": "Орёл",
    "phones": ["+79120000001"], "emails": ["luk@vector.example"], "source": "site", "utm_campaign": "осень",
    "interest": "Двадцать насосов\nк лету",
}  # fmt: skip


@pytest.fixture
def way(adam: Actor) -> PipelineRow:
    return make.way(adam)


@pytest.fixture
def sales(way: PipelineRow) -> PipelineRow:
    return deals.pipeline()


@pytest.fixture
def full(ann: Actor, sales: PipelineRow) -> Lead:
    """A lead with something of everything that goes along."""
    lead = make.lead(ann, "Насосы для Вектора", **SAID)
    perform(ann, add_comment, card="lead", card_id=lead.id, body="Просил перезвонить")
    perform(ann, set_tags, card="lead", card_id=lead.id, names=["опт", "срочно"])
    perform(ann, follow_card, card="lead", card_id=lead.id, employee_id=ann.id)
    perform(ann, create_task, title="Позвонить", about=[{"card": "lead", "card_id": lead.id}])
    return lead


def convert(actor: Actor, lead: Lead, **parts: object) -> LeadConversion:
    return perform(actor, convert_lead, lead_id=lead.id, **(parts or ALL))


def undo(actor: Actor, lead: Lead) -> Unconverted:
    return perform(actor, undo_conversion, lead_id=lead.id)


def test_a_lead_becomes_a_contact_a_client_and_a_deal_with_all_that_it_has(ann: Actor, full: Lead) -> None:
    made = convert(ann, full)
    person = perform(ann, see_contact, contact_id=made.contact_id)
    client = perform(ann, see_client, client_id=made.client_id)
    deal = perform(ann, see_deal, deal_id=made.deal_id).deal
    assert (person.name, person.phones, person.city) == ("Лукин Пров Ильич", ["+79120000001"], "Орёл")
    assert (client.name, client.kind, client.phones) == ("ООО «Вектор»", "company", [])
    assert (deal.name, deal.client_id, deal.responsible_id) == ("Двадцать насосов", client.id, ann.id)
    (place,) = perform(ann, list_places, contact_id=person.id)
    assert (place.client_id, place.position, place.is_main) == (client.id, "Директор", True)
    for card, card_id in (("contact", person.id), ("client", client.id), ("deal", deal.id)):
        assert perform(ann, list_tags, card=card, card_id=card_id) == ["опт", "срочно"]
        assert perform(ann, count_open_tasks, card=card, card_id=card_id) == 1
        facts = [row.name for row in perform(ann, see_timeline, card=card, card_id=card_id)]
        assert {"LeadAdded", f"LeadBecame{card.capitalize()}"} <= set(facts)
        (origin,) = perform(ann, list_origins, card=card, card_id=card_id)
        assert (origin.source, origin.utm_campaign, origin.lead_id, origin.is_seen) == ("site", "осень", full.id, True)
    (comment,) = perform(ann, list_comments, card="deal", card_id=deal.id)
    assert comment.body == "Просил перезвонить" and perform(ann, list_comments, card="lead", card_id=full.id) == []
    lead = perform(ann, see_lead, lead_id=full.id)
    assert (lead.stage_kind, lead.converted_at is not None) == ("won", True)
    assert [each.name for each in perform(ann, see_conversion, lead_id=full.id)] == [
        person.name,
        client.name,
        deal.name,
    ]


def test_a_conversion_that_is_taken_back_leaves_all_as_it_was(database: Database, ann: Actor, full: Lead) -> None:
    chance = random.Random(5)
    known = cards.client(ann, "Вектор", "company", phones=["+79120000009"])
    person = contact(ann, "Лукин Пров", emails=["other@vector.example"])
    perform(ann, set_tags, card="client", card_id=known.id, names=["опт"])
    for _ in range(10):
        parts = {
            "contact": chance.choice([None, ContactPart(id=person.id)]),
            "client": chance.choice([None, ClientPart(id=known.id)]),
        }
        if parts == {"contact": None, "client": None}:
            parts["client"] = ClientPart(id=known.id)
        last, before = last_fact(database), whole(database)
        was = perform(ann, see_lead, lead_id=full.id)
        convert(ann, full, **parts)
        assert different(before, whole(database, last))
        assert undo(ann, full).left == []
        changed = different(before, whole(database, last))
        assert changed.keys() <= {"lead_conversion", "lead", "contact", "client"}  # their versions grow
        stands = perform(ann, see_lead, lead_id=full.id)
        assert replace(stands, version=was.version) == was and stands.version > was.version
    assert perform(ann, see_contact, contact_id=person.id).emails == ["other@vector.example"]


def test_what_a_conversion_has_added_goes_to_the_bin_when_it_is_taken_back(ann: Actor, full: Lead) -> None:
    made = convert(ann, full)
    assert undo(ann, full) == Unconverted(full.id or 0, ["deal", "client", "contact"], [], [])
    for ability, told in ((see_deal, "deal_id"), (see_client, "client_id"), (see_contact, "contact_id")):
        with pytest.raises(NotFound):
            perform(ann, ability, **{told: getattr(made, told)})
    lead = perform(ann, see_lead, lead_id=full.id)
    assert (lead.stage_kind, lead.version, lead.touch, lead.converted_at) == ("open", 4, "waiting", None)
    assert len(perform(ann, list_comments, card="lead", card_id=full.id)) == 1
    assert perform(ann, see_conversion, lead_id=full.id) == []
    assert perform(ann, see_timeline, card="lead", card_id=full.id)[0].name == "ConversionUndone"
    with pytest.raises(RuleBroken, match="не конвертирован"):
        undo(ann, full)
    assert convert(ann, full).deal_id != made.deal_id


def test_what_was_worked_on_since_stays_and_is_told(ann: Actor, full: Lead, sales: PipelineRow) -> None:
    made = convert(ann, full)
    perform(ann, move_deal, deal_id=made.deal_id, stage_id=deals.stage(sales, 1).id)
    perform(ann, add_comment, card="deal", card_id=made.deal_id, body="Уже в работе")
    outcome = undo(ann, full)
    assert (outcome.removed, outcome.kept) == (["contact"], ["deal", "client"])
    told = perform(ann, see_timeline, card="lead", card_id=full.id)[0]
    assert told.details["kept"] == ["deal", "client"]
    comments = perform(ann, list_comments, card="deal", card_id=made.deal_id)
    assert [comment.body for comment in comments] == ["Уже в работе"]


def test_cards_that_are_there_are_filled_in_and_never_written_over(ann: Actor, full: Lead) -> None:
    person = contact(ann, "Лукин Пров", phones=["+79120000002"], city="Тула")
    known = cards.client(ann, "Вектор", "company")
    found = perform(ann, propose_conversion, lead_id=full.id)
    assert [(each.id, each.by) for each in found.clients] == [(known.id, "name")]
    made = convert(ann, full, contact=ContactPart(id=person.id), client=ClientPart(id=known.id))
    seen = perform(ann, see_contact, contact_id=person.id)
    assert (seen.phones, seen.emails, seen.city) == (["+79120000002", "+79120000001"], ["luk@vector.example"], "Тула")
    assert perform(ann, see_client, client_id=known.id).city == "Орёл" and made.deal_id is None
    perform(ann, change_client, client_id=known.id, values={"city": "Курск"})
    assert undo(ann, full).left == ["client.city"]
    assert perform(ann, see_client, client_id=known.id).city == "Курск"
    assert perform(ann, see_contact, contact_id=person.id).phones == ["+79120000002"]
    assert perform(ann, list_places, contact_id=person.id) == []


def test_a_deal_that_is_there_goes_on_with_what_the_lead_brings(ann: Actor, full: Lead, sales: PipelineRow) -> None:
    known, other = cards.client(ann, "ООО Вектор", "company"), cards.client(ann, "Марс", "company")
    deal = deals.deal(ann, sales, client_id=known.id)
    assert [each.id for each in perform(ann, propose_conversion, lead_id=full.id).deals] == [deal.id]
    with pytest.raises(BadInput, match="другого клиента"):
        convert(ann, full, client=ClientPart(id=other.id), deal=DealPart(id=deal.id))
    free = deals.deal(ann, sales, client_id=None)
    convert(ann, full, client=ClientPart(id=known.id), deal=DealPart(id=free.id))
    assert perform(ann, see_deal, deal_id=free.id).deal.client_id == known.id
    assert len(perform(ann, list_comments, card="deal", card_id=free.id)) == 1
    undo(ann, full)
    assert perform(ann, see_deal, deal_id=free.id).deal.client_id == 0


def test_open_deals_of_any_client_are_offered(ann: Actor, greg: Actor, full: Lead, sales: PipelineRow) -> None:
    known = cards.client(ann, "Совсем другое имя", "company")
    deal = deals.deal(ann, sales, client_id=known.id)
    lost = deals.deal(ann, sales, client_id=known.id)
    perform(ann, delete_deal, deal_id=lost.id)
    assert [each.id for each in perform(ann, list_open_deals, client_id=known.id)] == [deal.id]
    with pytest.raises(Forbidden):
        perform(greg, list_open_deals, client_id=known.id)


def test_what_is_new_belongs_to_whom_the_person_names(ann: Actor, olga: Actor, full: Lead, sales: PipelineRow) -> None:
    with pytest.raises(Forbidden):
        convert(ann, full, **ALL, responsible_id=olga.id)
    made = convert(olga, full, **ALL, responsible_id=olga.id)
    found = (
        perform(olga, see_contact, contact_id=made.contact_id).responsible_id,
        perform(olga, see_client, client_id=made.client_id).responsible_id,
        perform(olga, see_deal, deal_id=made.deal_id).deal.responsible_id,
    )
    assert found == (olga.id, olga.id, olga.id)
    assert perform(olga, see_lead, lead_id=full.id).responsible_id == ann.id


def test_a_card_that_was_opened_before_a_conversion_was_taken_back_does_not_fit_again(
    ann: Actor, olga: Actor, full: Lead
) -> None:
    convert(ann, full)
    hers = perform(olga, see_lead, lead_id=full.id).version
    undo(ann, full)
    seen = perform(ann, see_lead, lead_id=full.id).version
    assert seen > hers
    perform(ann, change_lead, lead_id=full.id, values={"city": "Тула"}, version=seen)
    with pytest.raises(RuleBroken, match="изменил"):
        perform(olga, change_lead, lead_id=full.id, values={"city": "Омск"}, version=hers)
    assert perform(ann, see_lead, lead_id=full.id).city == "Тула"


def test_what_is_there_already_is_proposed_before_a_copy_is_added(ann: Actor, bob: Actor, full: Lead) -> None:
    contact(bob, "Кто-то Другой", phones=["+79120000001"])
    (found,) = perform(ann, propose_conversion, lead_id=full.id).contacts
    assert (found.id, found.name, found.responsible) == (0, "", "Боб")
    with pytest.raises(RuleBroken, match="Боб"):
        convert(ann, full)
    assert convert(ann, full, **ALL, force=True).contact_id


def test_workplaces_of_whom_one_knows_are_proposed(ann: Actor, full: Lead) -> None:
    works_at = cards.client(ann, "Иное имя", "company")
    contact(ann, "Лукин Пров", at=works_at, phones=["+79120000001"])
    found = perform(ann, propose_conversion, lead_id=full.id)
    assert [(each.id, each.by) for each in found.clients] == [(works_at.id, "contact")]


def test_a_converted_lead_stays_where_it_is(ann: Actor, full: Lead, way: PipelineRow) -> None:
    with pytest.raises(BadInput):
        perform(ann, convert_lead, lead_id=full.id)
    with pytest.raises(RuleBroken):
        perform(ann, convert_lead, lead_id=full.id, **ALL, version=7)
    convert(ann, full)
    for ability, told in ((take_back_lead, {}), (move_lead, {"stage_id": way.stages[0].id}), (convert_lead, ALL)):
        with pytest.raises(RuleBroken, match="конвертирован"):
            perform(ann, ability, lead_id=full.id, **told)
    assert {row.drop for row in perform(ann, list_moves, lead_id=full.id)} == {"no", "free"}
    where = {"all": [{"field": "converted", "op": "eq", "value": True}]}
    assert perform(ann, count_leads, where=where) == 1
    assert perform(ann, count_leads, where={"all": [{"field": "converted", "op": "ne", "value": True}]}) == 0


def test_a_disqualified_lead_is_taken_back_first(ann: Actor, full: Lead) -> None:
    perform(ann, disqualify_lead, lead_id=full.id, reason="Спам")
    with pytest.raises(RuleBroken):
        convert(ann, full)
    perform(ann, take_back_lead, lead_id=full.id)
    assert convert(ann, full).client_id


def test_a_lead_that_was_qualified_by_hand_is_converted_where_it_is(ann: Actor, full: Lead, way: PipelineRow) -> None:
    won = next(stage for stage in way.stages if stage.kind == "won")
    perform(ann, move_lead, lead_id=full.id, stage_id=won.id)
    convert(ann, full)
    undo(ann, full)
    assert perform(ann, see_lead, lead_id=full.id).stage_id == won.id


def test_who_may_not_change_a_lead_or_add_a_card_converts_nothing(
    ann: Actor, bob: Actor, mary: Actor, olga: Actor, full: Lead, sales: PipelineRow
) -> None:
    theirs = make.lead(olga, "Чужой", person="Иванов Иван")
    wrong = ((mary, full, Forbidden), (bob, full, NotFound), (ann, theirs, Forbidden), (NOBODY, full, NeedsLogin))
    for stranger, lead, refusal in wrong:
        with pytest.raises(refusal):
            convert(stranger, lead)
        with pytest.raises(refusal):
            undo(stranger, lead)
    unseen = cards.client(bob, "Запад", "company")
    with pytest.raises(NotFound):
        convert(ann, full, client=ClientPart(id=unseen.id))
    forbid("contact.create")
    plain = people.actor("ann")
    assert perform(plain, propose_conversion, lead_id=full.id).may_create == ["client", "deal"]
    with pytest.raises(Forbidden):
        convert(plain, full)
    assert perform(plain, see_lead, lead_id=full.id).stage_kind == "open"
    convert(plain, full, client=ClientPart(), deal=DealPart())


def test_who_may_not_delete_keeps_what_was_added(ann: Actor, full: Lead) -> None:
    convert(ann, full)
    forbid("client.delete")
    assert undo(people.actor("ann"), full).kept == ["client"]


def test_the_history_of_a_lead_is_read_on_the_deal_by_who_does_not_see_the_lead(
    ann: Actor, bob: Actor, adam: Actor, full: Lead
) -> None:
    known = cards.client(bob, "ООО Вектор", "company")
    perform(adam, convert_lead, lead_id=full.id, client=ClientPart(id=known.id))
    with pytest.raises(NotFound):
        perform(bob, see_lead, lead_id=full.id)
    names = [row.name for row in perform(bob, see_timeline, card="client", card_id=known.id)]
    assert {"LeadAdded", "LeadBecameClient"} <= set(names)
    (origin,) = perform(bob, list_origins, card="client", card_id=known.id)
    assert (origin.name, origin.is_seen) == ("Насосы для Вектора", False)
    perform(adam, undo_conversion, lead_id=full.id)
    assert "LeadAdded" not in [row.name for row in perform(bob, see_timeline, card="client", card_id=known.id)]
    assert perform(bob, list_origins, card="client", card_id=known.id) == []


def test_a_client_that_was_merged_since_stays(ann: Actor, full: Lead) -> None:
    known = cards.client(ann, "Марс", "company")
    made = convert(ann, full, client=ClientPart())
    merging.merge(ann, known.id or 0, made.client_id or 0)
    assert perform(ann, see_conversion, lead_id=full.id)[0].id == known.id
    assert undo(ann, full).kept == ["client"]
    assert len(perform(ann, list_comments, card="lead", card_id=full.id)) == 1


def forbid(permission: str) -> None:
    """Take a right from managers."""
    (manager,) = [role[0] for role in perform(people.actor("adam"), list_roles) if role[1] == "manager"]
    perform(people.actor("adam"), change_role, role_id=manager, permission=permission, scope="")


def test_what_was_removed_for_good_meanwhile_is_left_out(ann: Actor, full: Lead) -> None:
    made = convert(ann, full)
    perform(ann, delete_deal, deal_id=made.deal_id)
    perform(SYSTEM, cut_off, card="deal", ids=[made.deal_id])
    assert [each.card for each in perform(ann, see_conversion, lead_id=full.id)] == ["contact", "client"]
    assert undo(ann, full).removed == ["contact"]


def test_cards_tell_where_they_come_from_when_the_lead_is_removed_for_good(ann: Actor, full: Lead) -> None:
    made = convert(ann, full)
    perform(ann, remove_lead, lead_id=full.id)
    perform(SYSTEM, remove_for_good, lead_id=full.id)
    (origin,) = perform(ann, list_origins, card="deal", card_id=made.deal_id)
    assert (origin.source, origin.is_seen) == ("site", False)
    assert "LeadAdded" in [row.name for row in perform(ann, see_timeline, card="deal", card_id=made.deal_id)]


@action("test.remove_for_good")
def remove_for_good(tx: Tx, lead_id: int) -> None:
    """What emptying the bin does with a lead."""
    for each in hanging_on("lead"):
        each.cut_off(tx, "lead", [lead_id])
    with tx.with_bin():
        tx.remove(tx.need(Lead, lead_id))


@action("test.cut_off")
def cut_off(tx: Tx, card: str, ids: list[int]) -> None:
    """What emptying the bin does with all that hangs on cards."""
    for each in hanging_on(card):
        each.cut_off(tx, card, ids)
